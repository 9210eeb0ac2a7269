package npy

import (
	"strconv"
	"strings"

	"github.com/cantil-py/cantil/value"
)

// Kind is what the elements of an array are: numpy's own letter for it.
type Kind byte

// The kinds of numpy's dtypes.
const (
	Bool      Kind = 'b'
	Int       Kind = 'i'
	Uint      Kind = 'u'
	Float     Kind = 'f'
	Complex   Kind = 'c'
	Timedelta Kind = 'm'
	Datetime  Kind = 'M'
	Bytes     Kind = 'S' // fixed width, padded with NULs
	Str       Kind = 'U' // fixed width, four bytes a character
	Void      Kind = 'V' // raw bytes, or a structure when there are fields
	Object    Kind = 'O' // Python objects
)

// DType describes one element: numpy's dtype.
type DType struct {
	Kind   Kind
	Size   int     // bytes of an element; of the base, without the Shape
	Big    bool    // big-endian
	Unit   Unit    // of Datetime and Timedelta
	Fields []Field // of a structure, in order
	Shape  []int   // of a field that is an array itself; nil elsewhere
	Align  bool    // of a structure: laid out as C would, and told so; files cannot say it
}

// Unit is the resolution of a time: 25 s is {25, "s"}. The zero Unit is numpy's
// generic one.
type Unit struct {
	Count int
	Base  string // Y M W D h m s ms us ns ps fs as
}

// Field is one member of a structure.
type Field struct {
	Name, Title string // a Title is a second name, mostly ""
	DType       DType
	Offset      int // bytes from the start of the element
}

// ItemSize is the number of bytes of one element, a field's own shape included.
func (d DType) ItemSize() int { return d.Size * product(d.Shape) }

// base is d without its shape.
func (d DType) base() DType {
	d.Shape = nil
	return d
}

// HasObjects says whether a Python object is anywhere in the element.
func (d DType) HasObjects() bool {
	for _, f := range d.Fields {
		if f.DType.HasObjects() {
			return true
		}
	}
	return d.Kind == Object
}

// flexible says whether the kind has no size of its own.
func (d DType) flexible() bool { return d.Kind == Bytes || d.Kind == Str || d.Kind == Void }

// Native says whether the elements lie as a little-endian machine has them.
func (d DType) Native() bool { return !d.Big || d.orderless() }

// orderless says whether byte order means nothing to d.
func (d DType) orderless() bool {
	return d.Kind == Bool || d.Kind == Bytes || d.Kind == Void || d.Kind == Object || d.Size == 1 && d.Kind != Str
}

// Text is numpy's dtype.str: "<f8", "|S5", "<M8[25s]".
func (d DType) Text() string {
	size := d.Size
	switch d.Kind {
	case Object:
		return "|O"
	case Str:
		size /= 4
	}
	return d.order("|") + string(d.Kind) + strconv.Itoa(size) + d.Unit.text()
}

func (d DType) order(none string) string {
	switch {
	case d.orderless():
		return none
	case d.Big:
		return ">"
	}
	return "<"
}

func (u Unit) text() string {
	switch {
	case u.Base == "":
		return ""
	case u.Count == 1:
		return "[" + u.Base + "]"
	}
	return "[" + strconv.Itoa(u.Count) + u.Base + "]"
}

// names of the kinds, as numpy's dtype.name begins.
func (k Kind) name() string {
	switch k {
	case Bool:
		return "bool"
	case Int:
		return "int"
	case Uint:
		return "uint"
	case Float:
		return "float"
	case Complex:
		return "complex"
	case Timedelta:
		return "timedelta"
	case Datetime:
		return "datetime"
	case Bytes:
		return "bytes"
	case Str:
		return "str"
	case Void:
		return "void"
	case Object:
		return "object"
	}
	return "unknown"
}

// Name is numpy's dtype.name: "float64", "bool", "datetime64[D]".
func (d DType) Name() string {
	if d.Kind == Bool || d.Kind == Object || d.flexible() && d.Size == 0 {
		return d.Kind.name()
	}
	return d.Kind.name() + strconv.Itoa(8*d.ItemSize()) + d.Unit.text()
}

// String is Python's str(dtype).
func (d DType) String() string { return d.text(false) }

// text is str(dtype), or dense as numpy had it up to 1.21: a structure's long text
// without the spaces within its lists.
func (d DType) text(dense bool) string {
	switch {
	case len(d.Shape) > 0:
		return "(" + d.base().construction(dense) + ", " + Tuple(d.Shape) + ")"
	case len(d.Fields) > 0 && d.Align:
		return d.structDict(true, dense)
	case len(d.Fields) > 0:
		return d.structText(dense)
	case d.flexible() || !d.Native():
		return d.Text()
	}
	return d.Name()
}

// Repr is Python's repr(dtype).
func (d DType) Repr() string {
	text := d.construction(false)
	plain := len(d.Fields) == 0 && len(d.Shape) == 0 && d.Unit.Base == "" && d.Native()
	switch {
	case d.Align:
		return "dtype(" + text + ", align=True)"
	case plain && (d.Kind == Bool || d.Kind == Int || d.Kind == Uint || d.Kind == Float || d.Kind == Complex):
		text = "'" + d.Name() + "'"
	}
	return "dtype(" + text + ")"
}

// ReprStyle is in what versions of numpy differ about the repr of a dtype.
type ReprStyle struct {
	Orders bool // another byte order than the machine's is told as such: numpy 2
	Dense  bool // no spaces within the long text of a structure: numpy 1.21 and before
}

// ShortRepr is what numpy's repr of an array says after "dtype=".
func (d DType) ShortRepr(style ReprStyle) string {
	switch {
	case len(d.Fields) > 0:
		return d.text(style.Dense)
	case d.flexible(), style.Orders && !d.Native():
		return "'" + d.Text() + "'"
	case d.Unit.Base != "":
		return "'" + d.Name() + "'"
	}
	return d.Name()
}

// construction is the text of d inside the text of a structure.
func (d DType) construction(dense bool) string {
	switch {
	case len(d.Shape) > 0:
		return d.text(dense)
	case len(d.Fields) > 0:
		return d.structText(dense)
	case d.Kind == Bool:
		return "'?'"
	case d.Kind == Object:
		return "'O'"
	case d.flexible() && d.Size == 0:
		return "'" + d.order("") + string(d.Kind) + "'"
	}
	return "'" + strings.TrimPrefix(d.Text(), "|") + "'"
}

// packed says whether the fields lie in order and without gaps, or only with those
// that C would leave.
func (d DType) packed() bool {
	end, widest := 0, 1
	for _, f := range d.Fields {
		if d.Align {
			end = roundUp(end, f.DType.alignment())
			widest = max(widest, f.DType.alignment())
		}
		if f.Offset != end {
			return false
		}
		end += f.DType.ItemSize()
	}
	return roundUp(end, widest) == d.Size
}

// roundUp is the first multiple of step from n on.
func roundUp(n, step int) int { return (n + step - 1) / step * step }

// alignment is the multiple of bytes at which C would put d.
func (d DType) alignment() int {
	switch {
	case len(d.Fields) > 0 && d.Align:
		widest := 1
		for _, f := range d.Fields {
			widest = max(widest, f.DType.alignment())
		}
		return widest
	case d.Kind == Bytes || d.Kind == Void:
		return 1
	case d.Kind == Str:
		return 4
	case d.Kind == Complex:
		return d.Size / 2
	}
	return d.Size
}

func (d DType) structText(dense bool) string {
	if !d.packed() {
		return d.structDict(false, dense)
	}
	items := make([]string, len(d.Fields))
	for i, f := range d.Fields {
		items[i] = "(" + f.label() + ", " + f.DType.base().construction(dense)
		if len(f.DType.Shape) > 0 {
			items[i] += ", " + Tuple(f.DType.Shape)
		}
		items[i] += ")"
	}
	return "[" + strings.Join(items, ", ") + "]"
}

// label is the repr of a field's name, or of title and name.
func (f Field) label() string {
	if f.Title == "" {
		return value.ReprStr(f.Name)
	}
	return "(" + value.ReprStr(f.Title) + ", " + value.ReprStr(f.Name) + ")"
}

// structDict is the long text of a structure, which tells where each field lies and,
// if asked for, that they lie as in C.
func (d DType) structDict(aligned, dense bool) string {
	var names, formats, offsets, titles []string
	titled := false
	for _, f := range d.Fields {
		names = append(names, value.ReprStr(f.Name))
		formats = append(formats, f.DType.construction(dense))
		offsets = append(offsets, strconv.Itoa(f.Offset))
		title := "None"
		if f.Title != "" {
			title, titled = value.ReprStr(f.Title), true
		}
		titles = append(titles, title)
	}
	colon, comma := ": ", ", "
	if dense {
		colon, comma = ":", ","
	}
	list := func(name string, items []string) string {
		return "'" + name + "'" + colon + "[" + strings.Join(items, comma) + "], "
	}
	text := "{" + list("names", names) + list("formats", formats) + list("offsets", offsets)
	if titled {
		text += list("titles", titles)
	}
	text += "'itemsize'" + colon + strconv.Itoa(d.Size)
	if aligned {
		text += ", 'aligned'" + colon + "True"
	}
	return text + "}"
}

// Tuple is Python's repr of a tuple of ints, which is how shapes are written.
func Tuple(shape []int) string {
	items := make([]string, len(shape))
	for i, n := range shape {
		items[i] = strconv.Itoa(n)
	}
	if len(items) == 1 {
		return "(" + items[0] + ",)"
	}
	return "(" + strings.Join(items, ", ") + ")"
}

// product of a shape whose size has been checked.
func product(shape []int) int {
	n := 1
	for _, m := range shape {
		n *= m
	}
	return n
}
