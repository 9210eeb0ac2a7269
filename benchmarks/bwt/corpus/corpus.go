// Package corpus makes bytes to transform: [Make] gives any number of them, always the same
// for the same number.
//
// They are prose, program text, binary records and repeated passages in turns, so that no
// algorithm can live on one kind.
package corpus

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"strings"
)

const (
	words = 30_000 // different words of the prose
	names = 8_000  // different names in the program text
	piece = 32 << 10
	// near and far bound how far back a repeated passage was seen first.
	near, far = 4 << 10, 32 << 20
)

// maker writes pieces to out.
type maker struct {
	*rand.Rand
	out          []byte
	words, names []string
}

// Make returns size bytes.
func Make(size int) []byte {
	m := &maker{Rand: rand.New(rand.NewPCG(6, 64)), out: make([]byte, 0, size+2*piece)}
	m.words = m.vocabulary(words, "")
	m.names = m.vocabulary(names, "_")
	// Of 20 pieces: 7 prose, 8 program text, 2 binary, 3 repeated.
	for len(m.out) < size {
		end := len(m.out) + piece
		switch kind := m.IntN(20); {
		case kind < 7:
			m.prose(end)
		case kind < 15:
			m.program(end)
		case kind < 17:
			m.records(end)
		default:
			m.repeated(end)
		}
	}
	return m.out[:size]
}

// vocabulary makes n pronounceable words, joined of several with joint if there is one.
func (m *maker) vocabulary(n int, joint string) []string {
	heads := strings.Fields("b c d f g h l m n p r s t v w br ch cl cr dr fl gr pl pr sh sp st str th tr wh")
	vowels := strings.Fields("a e i o u ea ai ou io ee")
	tails := append(strings.Fields("n r s t l d m nd st ng ck ss ll rs"), "", "", "")
	list := make([]string, n)
	for i := range list {
		var b strings.Builder
		for part := range 1 + m.IntN(3) {
			if part > 0 && m.IntN(2) > 0 {
				b.WriteString(joint)
			}
			b.WriteString(heads[m.IntN(len(heads))] + vowels[m.IntN(len(vowels))] + tails[m.IntN(len(tails))])
		}
		list[i] = b.String()
	}
	return list
}

// common picks from list, the n-th about as often as 1/n, as words are used (Zipf).
func (m *maker) common(list []string) string {
	return list[int(math.Exp(m.Float64()*math.Log(float64(len(list)))))-1]
}

func (m *maker) add(parts ...string) {
	for _, part := range parts {
		m.out = append(m.out, part...)
	}
}

// prose is sentences. One word suggests the next: half of the time they follow each other.
func (m *maker) prose(end int) {
	last := 0
	for len(m.out) < end {
		length := 4 + m.IntN(18)
		for i := range length {
			word := m.common(m.words)
			if m.IntN(2) > 0 {
				word = m.words[(last*31+m.IntN(3))%200]
			}
			last = len(word) + last*7%1009
			switch {
			case i == 0:
				word = strings.ToUpper(word[:1]) + word[1:]
			case m.IntN(12) == 0:
				m.add(",")
			}
			if i > 0 {
				m.add(" ")
			}
			m.add(word)
		}
		m.add([]string{". ", ". ", ".\n", "? ", ".\n\n"}[m.IntN(5)])
	}
}

// program is functions with loops, calls, literals and comments.
func (m *maker) program(end int) {
	for len(m.out) < end {
		m.add("def ", m.common(m.names), "(self, ", m.common(m.names), ", ", m.common(m.names), "=None):\n")
		if m.IntN(3) == 0 {
			m.add("    \"\"\"")
			m.prose(len(m.out) + 60)
			m.add("\"\"\"\n")
		}
		depth := 1
		for range 3 + m.IntN(20) {
			m.add(strings.Repeat("    ", depth))
			depth = max(1, min(5, depth+m.statement()))
		}
		m.add("\n")
	}
}

// statement writes one and returns by how much the next is deeper.
func (m *maker) statement() int {
	name := func() string { return m.common(m.names) }
	switch m.IntN(9) {
	case 0:
		m.add("if ", name(), " is not None and self.", name(), ":\n")
		return 1
	case 1:
		m.add("for ", name(), " in range(len(self.", name(), ")):\n")
		return 1
	case 2:
		m.add("return ", name(), "[", name(), "]\n")
		return -1
	case 3:
		m.add("# ", m.common(m.words), " ", m.common(m.words), " the ", name(), "\n")
	case 4:
		m.add("raise ValueError(\"", m.common(m.words), " ", m.common(m.words), ": %s\" % ", name(), ")\n")
		return -1
	case 5:
		m.add("self.", name(), ".append(", name(), "(", name(), ", ", number(m.IntN(1000)), "))\n")
	default:
		m.add("self.", name(), " = ", name(), ".", name(), "(", name(), ")\n")
	}
	return 0
}

func number(n int) string {
	if n >= 10 {
		return number(n/10) + string(rune('0'+n%10))
	}
	return string(rune('0' + n))
}

// records are a counter, a time, flags that seldom change, a measurement and a padded name.
func (m *maker) records(end int) {
	id, at, flags := m.Uint32(), uint64(m.Uint32())<<20, byte(0)
	for len(m.out) < end {
		id++
		at += uint64(m.IntN(5000))
		if m.IntN(10) == 0 {
			flags = byte(m.IntN(256))
		}
		m.out = binary.LittleEndian.AppendUint32(m.out, id)
		m.out = binary.LittleEndian.AppendUint64(m.out, at)
		m.out = append(m.out, flags, 0, 0, 0)
		m.out = binary.LittleEndian.AppendUint64(m.out, math.Float64bits(math.Round(m.NormFloat64()*1000)/10))
		m.out = append(m.out, (m.common(m.names) + strings.Repeat("\x00", 24))[:24]...)
	}
}

// repeated copies passages from before, with a byte changed now and then.
func (m *maker) repeated(end int) {
	for len(m.out) < end {
		length := 100 + int(math.Exp(m.Float64()*math.Log(20_000)))
		back := near + m.IntN(far)
		if begin := len(m.out) - back; begin >= 0 {
			m.out = append(m.out, m.out[begin:min(begin+length, len(m.out))]...)
			m.out[len(m.out)-1-m.IntN(100)] = 'x'
		} else {
			m.add(strings.Repeat(m.common(m.words)+" ", 1+length/40))
		}
	}
}
