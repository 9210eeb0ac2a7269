package pstats

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// String returns the name as pstats prints it: "file:line(name)", for a built-in
// its name alone, with braces in place of a pair of angle brackets.
func (f Func) String() string { return string(appendName(nil, f)) }

// quotedBytes bounds how much of a name errors show: a name may have a million bytes.
const quotedBytes = 200

// short returns the printed name for an error, cut if it is very long.
func (f Func) short() string {
	name := f.String()
	if len(name) <= quotedBytes {
		return name
	}
	return strings.ToValidUTF8(name[:quotedBytes], "") + "..."
}

// appendName appends the printed name of f.
func appendName(dst []byte, f Func) []byte {
	if f.File == "~" && f.Line == 0 {
		return appendBuiltin(dst, f.Name)
	}
	dst = append(dst, f.File...)
	dst = append(dst, ':')
	dst = strconv.AppendInt(dst, f.Line, 10)
	dst = append(dst, '(')
	dst = append(dst, f.Name...)
	return append(dst, ')')
}

func appendBuiltin(dst []byte, name string) []byte {
	if !strings.HasPrefix(name, "<") || !strings.HasSuffix(name, ">") {
		return append(dst, name...)
	}
	dst = append(dst, '{')
	dst = append(dst, name[1:len(name)-1]...)
	return append(dst, '}')
}

// width counts code points, as Python's len does: a lone surrogate's three bytes are one.
// Bytes that continue a code point are those of the form 10xxxxxx.
func width(s []byte) int {
	n := len(s)
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf && s[i]&0xC0 == 0x80 {
			n--
		}
	}
	return n
}

// printedNames holds the printed name of every function, one after the other in one string.
type printedNames struct {
	text string
	end  []int // by FuncID: where the name ends
}

func (s *Stats) printNames() printedNames {
	var text strings.Builder
	text.Grow(s.nameBytes())
	table := printedNames{end: make([]int, len(s.Rows))}
	var buf []byte
	for id := range s.Rows {
		buf = appendName(buf[:0], s.Rows[id].Func)
		text.Write(buf)
		table.end[id] = text.Len()
	}
	table.text = text.String()
	return table
}

// nameBytes is a little more than the printed names need together.
func (s *Stats) nameBytes() int {
	const punctuation = len(":123456()")
	n := 0
	for id := range s.Rows {
		n += len(s.Rows[id].Func.File) + len(s.Rows[id].Func.Name) + punctuation
	}
	return n
}

func (t printedNames) name(id FuncID) string {
	start := 0
	if id > 0 {
		start = t.end[id-1]
	}
	return t.text[start:t.end[id]]
}

// widest returns the greatest width of the printed names of ids, 0 for none.
func (s *Stats) widest(ids []FuncID) int {
	const atMost = len(":-9223372036854775808()")
	var buf []byte
	most := 0
	for _, id := range ids {
		f := s.Rows[id].Func
		if len(f.File)+len(f.Name)+atMost > most { // a name is never wider than its bytes
			buf = appendName(buf[:0], f)
			most = max(most, width(buf))
		}
	}
	return most
}
