package npy

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Bounds of what a header may declare. numpy's own are as large or smaller.
const (
	maxItemSize = math.MaxInt32 // numpy holds the size of an element in an int
	maxDims     = 64            // numpy 2 has 64 dimensions, numpy 1 has 32
	maxFields   = 1 << 16       // far beyond any table, and little memory
	maxEmpty    = 1 << 24       // elements without a byte: nothing else bounds their number
)

// ParseDType reads the text of a dtype as it stands in a file: a name such as "<f8",
// or the list of the fields of a structure.
func ParseDType(text string) (DType, error) {
	if d, err := parseSimple(text); err == nil {
		return d, nil
	}
	v, err := parseLiteral(text)
	if err != nil {
		return DType{}, fmt.Errorf("reading the dtype %.100q: %w", text, err)
	}
	return parseDescr(v)
}

// parseDescr turns the literal of a dtype into the dtype.
func parseDescr(v any) (DType, error) {
	switch v := v.(type) {
	case string:
		return parseSimple(v)
	case tuple:
		return parseSub(v)
	case list:
		return parseStruct(v)
	}
	return DType{}, fmt.Errorf("a dtype cannot be a %T", v)
}

// parseSub reads (dtype, shape).
func parseSub(v tuple) (DType, error) {
	if len(v) != 2 {
		return DType{}, errors.New("a dtype with a shape has two parts")
	}
	base, err := parseDescr(v[0])
	if err != nil {
		return DType{}, err
	}
	return withShape(base, v[1])
}

// withShape is base repeated; of a base that has a shape itself the two are joined.
func withShape(base DType, v any) (DType, error) {
	shape, err := parseShape(v)
	if err != nil {
		return DType{}, err
	}
	base.Shape = append(shape, base.Shape...)
	if len(base.Shape) > maxDims {
		return DType{}, errors.New("a field has too many dimensions")
	}
	if _, err := sizeOf(base.Shape, base.Size, maxItemSize); err != nil {
		return DType{}, err
	}
	return base, nil
}

func parseShape(v any) ([]int, error) {
	items, ok := v.(tuple)
	if n, one := v.(int); one {
		items, ok = tuple{n}, true
	}
	if !ok || len(items) > maxDims {
		return nil, fmt.Errorf("a shape must be a tuple of at most %d ints", maxDims)
	}
	shape := make([]int, len(items))
	for i, item := range items {
		n, ok := item.(int)
		if !ok || n < 0 {
			return nil, errors.New("a shape must be a tuple of ints of 0 and more")
		}
		shape[i] = n
	}
	return shape, nil
}

// sizeOf is the number of bytes of elements of the given size in a shape, at most limit.
// Where there are none, for a zero somewhere, the shape is bounded all the same: it is
// what loops go by.
func sizeOf(shape []int, itemSize, limit int) (int, error) {
	empty := itemSize == 0 || slices.Contains(shape, 0)
	size := itemSize
	if empty {
		size, limit = 1, maxEmpty
	}
	for _, n := range shape {
		if n == 0 {
			continue
		}
		if size > limit/n {
			return 0, fmt.Errorf("the shape %s is too large", Tuple(shape))
		}
		size *= n
	}
	if empty {
		return 0, nil
	}
	return size, nil
}

// parseStruct reads the fields of a structure. Nameless voids are padding.
func parseStruct(v list) (DType, error) {
	if len(v) > maxFields {
		return DType{}, fmt.Errorf("a structure of %d fields is too large", len(v))
	}
	if len(v) == 0 {
		return DType{}, errors.New("a structure must have a field")
	}
	d := DType{Kind: Void}
	for _, item := range v {
		f, err := parseField(item)
		if err != nil {
			return DType{}, err
		}
		f.Offset = d.Size
		if d.Size += f.DType.ItemSize(); d.Size > maxItemSize {
			return DType{}, errors.New("a structure is too large")
		}
		if f.Name == "" && f.DType.Kind == Void && f.DType.Fields == nil {
			continue
		}
		if slices.ContainsFunc(d.Fields, func(g Field) bool { return g.Name == f.Name }) {
			return DType{}, fmt.Errorf("two fields are named %q", f.Name)
		}
		d.Fields = append(d.Fields, f)
	}
	return d, nil
}

// parseField reads (name, dtype) or (name, dtype, shape); a name may be (title, name).
func parseField(v any) (Field, error) {
	parts, ok := v.(tuple)
	if !ok || len(parts) < 2 || len(parts) > 3 {
		return Field{}, errors.New("a field must be a tuple of two or three")
	}
	f, err := parseLabel(parts[0])
	if err != nil {
		return Field{}, err
	}
	if f.DType, err = parseDescr(parts[1]); err == nil && len(parts) == 3 {
		f.DType, err = withShape(f.DType, parts[2])
	}
	if err != nil {
		return Field{}, fmt.Errorf("reading the field %.100q: %w", f.Name, err)
	}
	return f, nil
}

func parseLabel(v any) (Field, error) {
	if pair, ok := v.(tuple); ok && len(pair) == 2 {
		title, ok1 := pair[0].(string)
		name, ok2 := pair[1].(string)
		if ok1 && ok2 {
			return Field{Name: name, Title: title}, nil
		}
	}
	name, ok := v.(string)
	if !ok {
		return Field{}, errors.New("the name of a field must be a string")
	}
	return Field{Name: name}, nil
}

// parseSimple reads a dtype without fields, such as ">i4", "|S5" or "<M8[25s]".
func parseSimple(text string) (DType, error) {
	var d DType
	rest := strings.TrimLeft(text, "<>|=")
	switch order := text[:len(text)-len(rest)]; order {
	case "", "|", "<", "=":
	case ">":
		d.Big = true
	default:
		return d, fmt.Errorf("dtype %.100q: byte order %q is unknown", text, order)
	}
	if rest == "?" {
		rest = "b1"
	}
	if rest == "" {
		return d, fmt.Errorf("dtype %.100q has no kind", text)
	}
	d.Kind = Kind(rest[0])
	digits, unit, timed := strings.Cut(rest[1:], "[")
	if timed && (d.Kind != Datetime && d.Kind != Timedelta || !strings.HasSuffix(unit, "]")) {
		return d, fmt.Errorf("dtype %.100q has a unit that cannot be", text)
	}
	size, err := parseSize(digits)
	if err != nil {
		return d, fmt.Errorf("dtype %.100q: %w", text, err)
	}
	if err := d.setSize(size); err != nil {
		return d, fmt.Errorf("dtype %.100q: %w", text, err)
	}
	if timed {
		if d.Unit, err = parseUnit(strings.TrimSuffix(unit, "]")); err != nil {
			return d, fmt.Errorf("dtype %.100q: %w", text, err)
		}
	}
	d.Big = d.Big && !d.orderless()
	return d, nil
}

func parseSize(digits string) (int, error) {
	if digits == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(digits, 10, 31)
	if err != nil {
		return 0, errors.New("the size must be a number below 2 GiB")
	}
	return int(n), nil
}

// setSize checks that there is a type of this kind and size.
func (d *DType) setSize(size int) error {
	d.Size = size
	var sizes []int
	switch d.Kind {
	case Bytes, Void:
		return nil
	case Str:
		if size > maxItemSize/4 {
			return errors.New("the size must be below 2 GiB")
		}
		d.Size = 4 * size
		return nil
	case Object:
		d.Size = objectSize
		return nil
	case Bool:
		sizes = []int{1}
	case Int, Uint:
		sizes = []int{1, 2, 4, 8}
	case Float:
		sizes = []int{2, 4, 8, 12, 16}
	case Complex:
		sizes = []int{8, 16, 24, 32}
	case Datetime, Timedelta:
		sizes = []int{8}
	}
	if !slices.Contains(sizes, size) {
		return fmt.Errorf("no type of kind %q has %d bytes", d.Kind, size)
	}
	return nil
}

// units of time, longest first.
var units = []string{"Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as"}

func parseUnit(text string) (Unit, error) {
	base := strings.TrimLeft(text, "0123456789")
	u := Unit{Count: 1, Base: base}
	if digits := text[:len(text)-len(base)]; digits != "" {
		n, err := strconv.ParseUint(digits, 10, 31)
		if err != nil || n == 0 {
			return u, fmt.Errorf("unit %q: the count is none", text)
		}
		u.Count = int(n)
	}
	if base == "generic" {
		return Unit{}, nil
	}
	if !slices.Contains(units, base) {
		return u, fmt.Errorf("unit %q is unknown", text)
	}
	return u, nil
}

// descr is the text of d in a header, as numpy's own writer has it.
func (d DType) descr() (string, error) {
	if len(d.Fields) == 0 {
		return "'" + d.Text() + "'", nil
	}
	var items []string
	end := 0
	pad := func(to int) {
		if to > end {
			items = append(items, fmt.Sprintf("('', '|V%d')", to-end))
		}
	}
	for _, f := range d.Fields {
		if f.Offset < end {
			return "", fmt.Errorf("the field %q overlaps the one before: a file cannot have that", f.Name)
		}
		pad(f.Offset)
		text, err := f.DType.base().descr()
		if err != nil {
			return "", err
		}
		if len(f.DType.Shape) > 0 {
			text += ", " + Tuple(f.DType.Shape)
		}
		items = append(items, "("+f.label()+", "+text+")")
		end = f.Offset + f.DType.ItemSize()
	}
	pad(d.Size)
	return "[" + strings.Join(items, ", ") + "]", nil
}
