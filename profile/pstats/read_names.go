package pstats

import (
	"fmt"

	"github.com/cantil-py/cantil/value/marshal"
)

// function reads a key (file, line, name) and returns its number, making a row
// for it where it is new.
func (r *reader) function(d *marshal.Decoder, kind marshal.Kind) (FuncID, error) {
	ref := d.Ref()
	if kind == marshal.KindRef {
		id, ok := r.known(ref)
		if ok {
			return FuncID(id), nil
		}
		id, err := r.functionOf(d, ref)
		return FuncID(id), err
	}
	if kind != marshal.KindTuple || d.Len() != 3 {
		return 0, d.Expected("a function (file, line, name)")
	}
	k, err := r.key(d)
	if err != nil {
		return 0, err
	}
	id, added := r.keys.number(k)
	if added {
		r.add(k)
	}
	r.remember(ref, id)
	return FuncID(id), nil
}

// functionOf reads a key that stood elsewhere in the data, within a code object.
func (r *reader) functionOf(d *marshal.Decoder, ref int) (int32, error) {
	shared := d.Replay(ref)
	kind := shared.Next()
	if kind == marshal.KindRef {
		return 0, shared.Expected("a function (file, line, name)")
	}
	id, err := r.function(&shared, kind)
	return int32(id), err
}

// key reads the three parts of a function's key.
func (r *reader) key(d *marshal.Decoder) (k key, err error) {
	if k.file, err = r.name(d); err != nil {
		return k, err
	}
	if d.Next() != marshal.KindInt {
		return k, d.Expected("a line number below 2**63")
	}
	k.line = d.Int()
	k.name, err = r.name(d)
	return k, err
}

// add makes the row of a function not seen before.
func (r *reader) add(k key) {
	if len(r.rows) == cap(r.rows) {
		r.moreRows()
	}
	r.rows = append(r.rows, Row{Func: Func{File: r.names.texts[k.file], Line: k.line, Name: r.names.texts[k.name]}})
	r.place = append(r.place, 0)
}

// name reads a file or function name and returns its number.
func (r *reader) name(d *marshal.Decoder) (int32, error) {
	if ref, ok := d.NextRef(); ok {
		if n, ok := r.known(ref); ok {
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
	r.remember(ref, n)
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

// known returns the number remembered for a reference.
func (r *reader) known(ref int) (int32, bool) {
	if uint(ref) < uint(len(r.byRef)) {
		n := r.byRef[ref]
		return n - 1, n != 0
	}
	return 0, false
}

// remember keeps the number of a referable name or function.
func (r *reader) remember(ref int, n int32) {
	if ref < 0 {
		return
	}
	for len(r.byRef) <= ref {
		r.byRef = append(r.byRef, 0)
	}
	r.byRef[ref] = n + 1
}

// edgeChunk is how many callers get space at once: 2.5 MiB, small beside the
// files that have so many.
const edgeChunk = 1 << 16

// moreEdges moves a list of callers that has outgrown its space.
func (r *reader) moreEdges(list []Edge) []Edge {
	n := min(edgeChunk, (r.size-r.d.Pos())/minEdge+1)
	moved := make([]Edge, len(list), len(list)+max(n, len(list)))
	copy(moved, list)
	return moved
}

// moreRows makes space for rows: as many as the whole file will have if it goes
// on as it began, so that a large one is not copied often.
func (r *reader) moreRows() {
	const first, slack = 64, 16
	n := len(r.rows)
	want := n + n/4 + first
	if n >= first {
		likely := int(float64(n) * float64(r.size) / float64(r.d.Pos()))
		want = max(want, min(likely+likely/slack, 4*n))
	}
	rows := make([]Row, n, want)
	copy(rows, r.rows)
	r.rows = rows
}
