package cpython

import "sort"

// lineTable tells the line of every instruction: starts ascending, in bytes of code;
// an instruction belongs to the last start that is not above it.
type lineTable struct {
	starts []int32
	lines  []int32 // 0: no line
}

// at is the line of the instruction at offset, in bytes; 0 where it has none.
func (t *lineTable) at(offset int) int {
	i := sort.Search(len(t.starts), func(i int) bool { return int(t.starts[i]) > offset }) - 1
	if i < 0 {
		return 0
	}
	return int(t.lines[i])
}

func (t *lineTable) add(start, line int) {
	if n := len(t.lines); n > 0 && t.starts[n-1] == int32(start) {
		t.lines[n-1] = int32(line)
		return
	} else if n > 0 && t.lines[n-1] == int32(line) {
		return
	}
	t.starts, t.lines = append(t.starts, int32(start)), append(t.lines, int32(line))
}

// parseLines decodes a code object's table of lines.
func parseLines(minor int, table []byte, firstLine int) lineTable {
	switch {
	case minor >= 11:
		return parseLocations(table, firstLine)
	case minor == 10:
		return parseRanges(table, firstLine)
	}
	return parseLnotab(table, firstLine)
}

// parseLnotab decodes co_lnotab (before 3.10): pairs of an unsigned step in the code
// and a signed step in lines. The line after a step holds from the address it reaches.
func parseLnotab(table []byte, line int) lineTable {
	t := lineTable{starts: []int32{0}, lines: []int32{int32(line)}}
	addr := 0
	for ; len(table) >= 2; table = table[2:] {
		addr += int(table[0])
		line += int(int8(table[1]))
		t.add(addr, line)
	}
	return t
}

// parseRanges decodes co_linetable of 3.10 (PEP 626): pairs of a range's length and a
// signed step in lines made before it; -128 is a range without a line.
func parseRanges(table []byte, line int) lineTable {
	const none = -128
	var t lineTable
	addr := 0
	for ; len(table) >= 2; table = table[2:] {
		length, step := int(table[0]), int(int8(table[1]))
		shown := 0
		if step != none {
			line += step
			shown = line
		}
		if length > 0 {
			t.add(addr, shown)
		}
		addr += length
	}
	return t
}

// parseLocations decodes co_linetable from 3.11 on (Objects/locations.md): entries of
// a byte 1CCCCLLL, C a kind and L a length in code units less one, then the kind's own.
func parseLocations(table []byte, line int) lineTable {
	var t lineTable
	addr := 0
	for len(table) > 0 {
		kind, units := table[0]>>3&15, int(table[0]&7)+1
		table = table[1:]
		shown := 0
		if kind != 15 { // 15: no location; the running line stays
			var step int
			step, table = lineStep(kind, table)
			line += step
			shown = line
		}
		t.add(addr, shown)
		addr += units * 2
	}
	return t
}

// lineStep reads an entry's payload and returns its step in lines and what follows.
func lineStep(kind byte, table []byte) (int, []byte) {
	switch {
	case kind == 14: // long: line, end line, column, end column
		step, rest := signedVarint(table)
		for range 3 {
			_, rest = varint(rest)
		}
		return step, rest
	case kind == 13: // no columns
		return signedVarint(table)
	case kind >= 10: // this line or one of the next two, two bytes of columns
		return int(kind) - 10, skip(table, 2)
	}
	return 0, skip(table, 1) // short: the same line, a byte of columns
}

func skip(b []byte, n int) []byte { return b[min(n, len(b)):] }

// varint reads six bits a byte, the least significant first, bit 6 set while more follow.
func varint(b []byte) (uint, []byte) {
	var v uint
	for shift := 0; len(b) > 0 && shift < 32; shift += 6 {
		v |= uint(b[0]&63) << shift
		more := b[0]&64 != 0
		b = b[1:]
		if !more {
			break
		}
	}
	return v, b
}

// signedVarint has the sign in the lowest bit.
func signedVarint(b []byte) (int, []byte) {
	v, rest := varint(b)
	if v&1 != 0 {
		return -int(v >> 1), rest
	}
	return int(v >> 1), rest
}
