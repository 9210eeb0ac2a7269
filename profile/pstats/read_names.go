package pstats

import (
	"fmt"

	"github.com/cantil-py/cantil/value/marshal"
)

// function reads a key (file, line, name) and returns its occurrence: a number
// of its own, but for a reference that of what it stands for.
func (r *reader) function(d *marshal.Decoder, kind marshal.Kind) (int32, error) {
	ref := d.Ref()
	if kind == marshal.KindRef {
		if occurrence, ok := r.knownFunction(ref); ok {
			return occurrence, nil
		}
		return r.functionOf(d, ref)
	}
	if kind != marshal.KindTuple || d.Len() != 3 {
		return 0, d.Expected("a function (file, line, name)")
	}
	k, err := r.key(d)
	if err != nil {
		return 0, err
	}
	occurrence := int32(r.keys.len())
	r.keys.add(k)
	r.remember(ref, occurrence+1)
	return occurrence, nil
}

// functionOf reads a key that stood elsewhere in the data, within a code object.
func (r *reader) functionOf(d *marshal.Decoder, ref int) (int32, error) {
	shared := d.Replay(ref)
	kind := shared.Next()
	if kind == marshal.KindRef {
		return 0, shared.Expected("a function (file, line, name)")
	}
	return r.function(&shared, kind)
}

// key reads the three parts of a function's key.
func (r *reader) key(d *marshal.Decoder) (k key, err error) {
	if k.file, err = r.name(d); err != nil {
		return k, err
	}
	var ok bool
	if k.line, ok = d.NextInt(); !ok {
		if d.Next() != marshal.KindInt {
			return k, d.Expected("a line number below 2**63")
		}
		k.line = d.Int()
	}
	k.name, err = r.name(d)
	return k, err
}

// written returns the function of an occurrence.
func (r *reader) written(occurrence int32) Func {
	k := r.keys.at(int(occurrence))
	return Func{File: *r.names.texts.at(int(k.file)), Line: k.line, Name: *r.names.texts.at(int(k.name))}
}

// name reads a file or function name and returns its number.
func (r *reader) name(d *marshal.Decoder) (int32, error) {
	if ref, ok := d.NextRef(); ok {
		if n, ok := r.knownName(ref); ok {
			return n, nil
		}
		shared := d.Replay(ref)
		d = &shared
	}
	kind, ref := d.Next(), d.Ref()
	text, err := r.text(d, kind)
	if err != nil {
		return 0, err
	}
	if len(text) > maxName {
		return 0, d.Expected(fmt.Sprintf("a name of at most %d bytes", maxName))
	}
	n := r.names.number(text)
	r.remember(ref, ^n)
	return n, nil
}

// text returns a name as text. Python 2 wrote bytes; a code object stands for
// the text that Python prints of it.
func (r *reader) text(d *marshal.Decoder, kind marshal.Kind) (string, error) {
	switch kind {
	case marshal.KindString:
		return d.Text(), nil
	case marshal.KindBytes:
		return d.TextOfBytes(), nil
	case marshal.KindCode:
		c := d.Code()
		if r.odd -= len(c.Name) + len(c.File); r.odd < 0 {
			return "", d.Expected("fewer code objects")
		}
		return codeText(c), nil
	}
	return "", d.Expected("a name")
}

// codeText is Python's repr of a code object but for the address in it, which
// is another in every process that loads the file.
func codeText(c *marshal.Code) string {
	line := c.Line
	if line == 0 {
		line = -1 // as CPython has it
	}
	return fmt.Sprintf("<code object %s, file \"%s\", line %d>", c.Name, c.File, line)
}

// knownName returns the number of the name that a reference stands for, if one
// was seen there.
func (r *reader) knownName(ref int) (int32, bool) {
	if uint(ref) < uint(len(r.byRef)) && r.byRef[ref] < 0 {
		return ^r.byRef[ref], true
	}
	return 0, false
}

// knownFunction likewise returns the occurrence of a function.
func (r *reader) knownFunction(ref int) (int32, bool) {
	if uint(ref) < uint(len(r.byRef)) && r.byRef[ref] > 0 {
		return r.byRef[ref] - 1, true
	}
	return 0, false
}

// remember keeps what a reference stands for: ^number of a name, or occurrence + 1
// of a function.
func (r *reader) remember(ref int, n int32) {
	if ref < 0 {
		return
	}
	if more := ref + 1 - len(r.byRef); more > 0 {
		r.byRef = doubling(r.byRef, more)[:ref+1] // what is new there is 0
	}
	r.byRef[ref] = n
}
