package marshal

import "encoding/binary"

// Code is what is kept of a code object. Line is its first line.
type Code struct {
	Name, File string
	Line       int

	end, next int // where the decoder goes on
}

// codeLayout is how one range of CPython versions writes a code object, told by
// Python/marshal.c: some ints of four bytes, eight values, the first line in
// four bytes, and further values. Values are given by kind: b bytes, t tuple,
// s str; F and N are the str that is the file and the name.
// Nothing says which layout is used, so each is tried: they differ in what
// kinds stand where.
type codeLayout struct {
	ints   int
	values string
	after  string
}

var codeLayouts = [...]codeLayout{
	{5, "btttbFNs", "bb"}, // 3.11 to 3.14: localsplusnames, their kinds, qualname; exceptiontable
	{6, "btttttFN", "b"},  // 3.8 to 3.10: posonlyargcount
	{5, "btttttFN", "b"},  // 3.0 to 3.7
	{4, "stttttFN", "s"},  // 2.7, where bytes may be an interned str
}

// codeObject skips a code object. The first one fixes the layout of all: one
// interpreter wrote them. So no input can make every layout be tried often.
func (d *Decoder) codeObject() Kind {
	start, ref := d.offset, d.ref
	code := d.codes[start]
	if code == nil {
		code = d.readCode(start)
	}
	if code == nil {
		return KindInvalid
	}
	d.pos, d.next = code.end, code.next
	d.offset, d.ref, d.code = start, ref, code
	return KindCode
}

func (d *Decoder) readCode(start int) *Code {
	if d.codeState.fixed || d.codeState.trying {
		return d.codeAs(start, codeLayouts[d.codeState.layout])
	}
	d.codeState.trying = true
	defer func() { d.codeState.trying = false }()
	mark := *d
	var farthest *Error
	for i, layout := range codeLayouts {
		d.codeState.layout = i
		if code := d.codeAs(start, layout); code != nil {
			d.codeState.fixed = true
			return code
		}
		if farthest == nil || d.err.Offset > farthest.Offset {
			farthest = d.err
		}
		refs := d.refs
		*d = mark
		d.refs, d.codes = refs[:len(mark.refs)], nil
	}
	d.err = farthest
	return nil
}

// codeAs reads a code object in one layout; nil if it does not fit.
func (d *Decoder) codeAs(start int, layout codeLayout) *Code {
	code := new(Code)
	if !d.skipInts(layout.ints) || !d.codeValues(layout.values, code) {
		return nil
	}
	if !d.skipInts(1) {
		return nil
	}
	code.Line = int(int32(binary.LittleEndian.Uint32(d.data[d.pos-4:])))
	if !d.codeValues(layout.after, code) {
		return nil
	}
	code.end, code.next = d.pos, d.next
	if d.codes == nil {
		d.codes = map[int]*Code{}
	}
	d.codes[start] = code
	return code
}

func (d *Decoder) skipInts(n int) bool {
	if len(d.data)-d.pos < 4*n {
		d.short(4 * n)
		return false
	}
	d.pos += 4 * n
	return true
}

// codeValues skips the values of a code object, keeping its names.
func (d *Decoder) codeValues(kinds string, code *Code) bool {
	depth := d.depth
	defer func() { d.depth = depth }()
	for _, want := range []byte(kinds) {
		d.depth = depth + 1
		kind := d.Next()
		if kind == KindInvalid {
			return false
		}
		if !d.fits(kind, want) {
			d.fail(d.offset, "a value of a code object", d.describe())
			return false
		}
		switch want {
		case 'F':
			code.File = d.TextOfBytes()
		case 'N':
			code.Name = d.TextOfBytes()
		}
		if !d.skipContent(kind, depth+1) {
			return false
		}
	}
	return true
}

// fits reports whether a value read is of the kind wanted. Python 2's str is
// both bytes and text.
func (d *Decoder) fits(kind Kind, want byte) bool {
	if kind == KindRef {
		kind = d.target()
	}
	switch want {
	case 'b':
		return kind == KindBytes
	case 't':
		return kind == KindTuple
	}
	return kind == KindString || kind == KindBytes
}
