package bwt

import (
	"bytes"
	"errors"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"
)

// plain is the definition: all rotations, sorted.
func plain(text []byte) (last []byte, row int) {
	n := len(text)
	twice := append(bytes.Clone(text), text...)
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	slices.SortStableFunc(rows, func(p, q int) int { return bytes.Compare(twice[p:p+n], twice[q:q+n]) })
	row = -1
	for i, p := range rows {
		last = append(last, twice[p+n-1])
		if row < 0 && bytes.Equal(twice[p:p+n], text) {
			row = i
		}
	}
	return last, max(row, 0)
}

func check(t *testing.T, text []byte) {
	t.Helper()
	last, row, err := Transform(text)
	if err != nil {
		t.Fatal(err)
	}
	want, wantRow := plain(text)
	if !bytes.Equal(last, want) || row != wantRow {
		t.Fatalf("Transform(%.100q) = %.100q, %d; by the definition %.100q, %d", text, last, row, want, wantRow)
	}
	back, err := Inverse(last, row)
	if err != nil || !bytes.Equal(back, text) {
		t.Fatalf("Inverse(%.100q, %d) = %.100q, %v; want %.100q", last, row, back, err, text)
	}
}

// checkLong is check by the algorithms for long texts, with anchors, and by a team of so many: each of
// its members works on a byte or two.
func checkLong(t *testing.T, text []byte, step, members int) {
	t.Helper()
	want, _ := plain(text)
	allWords := func(r *ring, rows []int32) error { return r.sortByWords(rows, r.peaks) }
	for by, sort := range map[string]func(*ring, []int32) error{"words": allWords, "windows": (*ring).sortByWindows} {
		b := newBlock(len(text), step)
		b.last = make([]byte, len(text))
		if err := b.fill(text, team{members, 1}, sort); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(b.last, want) {
			t.Fatalf("by %s and %d, %.100q gives %.100q; by the definition %.100q", by, members, text, b.last, want)
		}
		if back, err := b.inverse(); err != nil || !bytes.Equal(back, text) {
			t.Fatalf("by %s and %d, from the anchors %d, %d apart, of %.100q: %.100q, %v", by, members, b.anchors, step, text, back, err)
		}
	}
}

func TestExamples(t *testing.T) {
	last, row, err := Transform([]byte("^BANANA|"))
	if string(last) != "BNN^AA|A" || row != 6 || err != nil {
		t.Errorf("got %q, %d, %v", last, row, err)
	}
	text, err := Inverse([]byte("BNN^AA|A"), 6)
	if string(text) != "^BANANA|" || err != nil {
		t.Errorf("got %q, %v", text, err)
	}
	check(t, nil)
}

// TestAllShort is the definition for every text of up to 9 of 3 letters, and the long
// texts' algorithm, with its large tables, for those of up to 6, and of up to 5 by a team.
func TestAllShort(t *testing.T) {
	for length := range 10 {
		eachString(length, "abc", func(s []byte) { check(t, s) })
		eachString(min(length, 6), "\x00\x01\xff", func(s []byte) { check(t, s) })
	}
	for length := 2; length < 7; length++ {
		eachString(length, "abc", func(s []byte) {
			if !allAlike(s) {
				checkLong(t, s, 2, 1)
				if length < 6 {
					checkLong(t, s, 2, 3)
				}
			}
		})
	}
}

func allAlike(s []byte) bool { return len(s) == bytes.Count(s, s[:1]) }

func eachString(length int, letters string, visit func([]byte)) {
	s := make([]byte, length)
	var fill func(int)
	fill = func(i int) {
		if i == length {
			visit(s)
			return
		}
		for _, c := range []byte(letters) {
			s[i] = c
			fill(i + 1)
		}
	}
	fill(0)
}

func TestRandom(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 900 {
		text := randomText(random, 700)
		check(t, text)
		if !allAlike(text) {
			checkLong(t, text, 2<<random.IntN(5), 1+random.IntN(3))
		}
	}
}

// randomText is at most size bytes, often of few letters, of runs, or repeating.
func randomText(random *rand.Rand, size int) []byte {
	text := make([]byte, 1+random.IntN(size))
	letters := 1 + random.IntN(4)
	for i := range text {
		text[i] = byte(random.IntN(letters) * 255 / letters)
		if i > 20 && random.IntN(3) > 0 {
			text[i] = text[i-1-random.IntN(3)]
		}
	}
	if random.IntN(2) > 0 {
		unit := text[:1+random.IntN(min(60, len(text)))]
		copy(text[len(unit):], bytes.Repeat(unit, 1+len(text)/len(unit)))
		text[random.IntN(len(text))] ^= byte(random.IntN(2))
	}
	return text
}

// TestLarge sorts texts that no window fits, and checks the order by its own property: the
// inverse visits every row.
func TestLarge(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	texts := map[string][]byte{
		"ab":        bytes.Repeat([]byte("ab"), 200_000),
		"runs":      append(bytes.Repeat([]byte("a"), 300_000), bytes.Repeat([]byte("b"), 100_000)...),
		"falling":   append(bytes.Repeat([]byte("b"), 300_000), bytes.Repeat([]byte("a"), 100_001)...),
		"fibonacci": fibonacci(400_000),
		"steps":     steps(300_000),
		"thue":      thueMorse(1 << 18),
		"de bruijn": deBruijn(18),
		"sorted":    sorted(300_000),
		"falls":     falls(300_000),
		"ramps":     bytes.Repeat(sorted(256), 1000),
		"copies":    bytes.Repeat(randomText(random, 70_000), 6),
		"random":    randomBytes(random, 400_000),
	}
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			last, row, err := Transform(text)
			if err != nil {
				t.Fatal(err)
			}
			if back, err := Inverse(last, row); err != nil || !bytes.Equal(back, text) {
				t.Fatalf("not inverted: %v", err)
			}
			b, err := forward(text, 4096, team{3, 1 << 10})
			if err != nil || !bytes.Equal(b.last, last) {
				t.Fatalf("with anchors another column: %v", err)
			}
			if back, err := b.inverse(); err != nil || !bytes.Equal(back, text) {
				t.Fatalf("not inverted from anchors: %v", err)
			}
		})
	}
}

func fibonacci(n int) []byte {
	a, b := []byte("a"), []byte("ab")
	for len(b) < n {
		a, b = b, append(bytes.Clone(b), a...)
	}
	return b[:n]
}

// steps are runs that end in a rise or a fall far away.
func steps(n int) (text []byte) {
	for run := 1; len(text) < n; run += 7 {
		text = append(text, bytes.Repeat([]byte("b"), run)...)
		text = append(text, "ac"[run%2], 'b')
	}
	return text
}

func randomBytes(random *rand.Rand, n int) []byte {
	text := make([]byte, n)
	for i := range text {
		text[i] = byte(random.IntN(256))
	}
	return text
}

func thueMorse(n int) []byte {
	text := make([]byte, n)
	for i := range text {
		text[i] = 'a' + byte(bits.OnesCount(uint(i))%2)
	}
	return text
}

// deBruijn has every text of so many letters out of two once: it puts the greater letter
// wherever that gives one that was not there (M. H. Martin, 1934).
func deBruijn(letters int) []byte {
	seen := make([]bool, 1<<letters)
	text := bytes.Repeat([]byte("a"), letters)
	for at := 0; ; {
		next := at<<1&(1<<letters-1) | 1
		if seen[next] {
			if next--; seen[next] {
				return text
			}
		}
		seen[next] = true
		text = append(text, 'a'+byte(next&1))
		at = next
	}
}

// sorted has all bytes in ascending order.
func sorted(n int) []byte {
	text := make([]byte, n)
	for i := range text {
		text[i] = byte(i * 256 / n)
	}
	return text
}

func falls(n int) []byte {
	text := sorted(n)
	slices.Reverse(text)
	return text
}

// TestWordsOfOneHash looks words up that a hash does not tell apart.
func TestWordsOfOneHash(t *testing.T) {
	w := &words{ring: &ring{text: []byte("one long word and another word")}, slots: make([]slot, 4), most: 2, left: 9}
	for range 2 {
		if a, b := w.look(255, word{0, 13}), w.look(255, word{18, 12}); a != 0 || b != 1 {
			t.Errorf("their names are %d and %d", a, b)
		}
	}
	if third := w.look(255, word{1, 12}); third >= 0 {
		t.Errorf("a third word is %d", third)
	}
}

func TestInverseRefuses(t *testing.T) {
	refused := func(last string, row int) {
		t.Helper()
		if text, err := Inverse([]byte(last), row); !errors.Is(err, ErrNoTransform) {
			t.Errorf("Inverse(%q, %d) = %q, %v", last, row, text, err)
		}
	}
	refused("abc", 3)
	refused("abc", -1)
	refused("", 1)
	// Of all columns of up to 6 letters those are refused that no text has.
	for length := 1; length < 7; length++ {
		columns := map[string]bool{}
		eachString(length, "abc", func(s []byte) {
			last, _ := plain(s)
			columns[string(last)] = true
		})
		eachString(length, "abc", func(s []byte) {
			if !columns[string(s)] {
				for row := range s {
					refused(string(s), row)
				}
			}
		})
	}
}

func FuzzTransform(f *testing.F) {
	f.Add([]byte("^BANANA|"), uint8(1))
	f.Add([]byte("abababab"), uint8(3))
	f.Fuzz(func(t *testing.T, text []byte, shift uint8) {
		if len(text) == 0 || len(text) > 5000 || allAlike(text) {
			return
		}
		check(t, text)
		checkLong(t, text, 2<<(shift%12), 1+int(shift%3))
	})
}

func FuzzInverse(f *testing.F) {
	f.Add([]byte("BNN^AA|A"), 6)
	f.Fuzz(func(t *testing.T, last []byte, row int) {
		text, err := Inverse(last, row)
		if err != nil {
			return
		}
		if again, _, err := Transform(text); err != nil || !bytes.Equal(again, last) {
			t.Fatalf("Inverse(%q, %d) = %q, which transforms to %q, %v", last, row, text, again, err)
		}
	})
}
