package pickle

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/cantil-py/cantil/value"
)

func multiarray(name string) value.Global {
	return value.Global{Module: "numpy.core.multiarray", Name: name}
}

// numpy writes arrays as numpy 1 does, which numpy 2 reads too.
func (w *writer) numpy(v value.Value) error {
	switch v := v.(type) {
	case *value.DType:
		return w.dtype(v)
	case *value.Scalar:
		if v.DType.IsObject() {
			return w.reduce(v, multiarray("scalar"), v.DType, v.Object)
		}
		return w.reduce(v, multiarray("scalar"), v.DType, value.Bytes(v.Data))
	case *value.Array:
		if w.Buffers != nil && w.Protocol >= 5 && !hasObjects(v.DType, 0) {
			return w.outOfBand(v)
		}
		return w.array(v)
	}
	return fmt.Errorf("%T is not of numpy", v)
}

func (w *writer) array(a *value.Array) error {
	ndarray := value.Global{Module: "numpy", Name: "ndarray"}
	if err := w.named(multiarray("_reconstruct")); err != nil {
		return err
	}
	w.op(opMark)
	if err := w.named(ndarray); err != nil {
		return err
	}
	if err := w.save(value.NewTuple(value.Int(0))); err != nil {
		return err
	}
	if err := w.save(value.Bytes("b")); err != nil {
		return err
	}
	w.out = append(w.out, opTuple, opReduce)
	w.remember(a)
	var content value.Value
	if hasObjects(a.DType, 0) {
		content = value.NewList(a.Objects...)
	} else {
		content = value.Bytes(a.Data)
	}
	return w.state(value.NewTuple(value.Int(1), shapeTuple(a.Shape), a.DType, value.Bool(a.Fortran), content))
}

// outOfBand writes an array whose data travels beside the pickle.
func (w *writer) outOfBand(a *value.Array) error {
	order := value.Str("C")
	if a.Fortran {
		order = "F"
	}
	f := value.Global{Module: "numpy.core.numeric", Name: "_frombuffer"}
	return w.reduce(a, f, &value.Buffer{Data: a.Data}, a.DType, shapeTuple(a.Shape), order)
}

func shapeTuple(shape []int) *value.Tuple {
	items := make([]value.Value, len(shape))
	for i, n := range shape {
		items[i] = value.Int(n)
	}
	return value.NewTuple(items...)
}

// dtype writes dtype("f8", False, True) and its state: see setDTypeState.
func (w *writer) dtype(d *value.DType) error {
	code, unit, _ := strings.Cut(strings.TrimSuffix(d.Text, "]"), "[")
	if len(code) < 2 {
		return fmt.Errorf("%q is no dtype", d.Text)
	}
	order, code := code[:1], code[1:]
	if code == "O" {
		code = "O8"
	}
	if err := w.reduce(d, value.Global{Module: "numpy", Name: "dtype"}, value.Str(code), value.Bool(false), value.Bool(true)); err != nil {
		return err
	}
	none := value.Value(value.None)
	size, align, flags := value.Int(-1), value.Int(-1), value.Int(0)
	sub, names, fields := none, none, none
	switch {
	case d.Base != nil:
		if hasObjects(d, 0) {
			flags = 63
		}
		sub = value.NewTuple(d.Base, shapeTuple(d.Shape))
	case d.Fields != nil:
		var err error
		if names, fields, err = fieldsOf(d); err != nil {
			return err
		}
		flags = 16 // as numpy sets it for structured types
		if hasObjects(d, 0) {
			flags = 27 // and so that it never takes their bytes for those of objects
		}
		if d.Align {
			flags -= 0x80 // the highest bit of a signed byte
		}
	case code == "O8":
		flags = 63
	}
	switch code[0] {
	case 'S', 'U', 'V':
		size, align = value.Int(d.Size), value.Int(alignmentOf(d))
		if code[0] != 'V' && flags == 0 {
			flags = 8
		}
	}
	items := []value.Value{value.Int(3), value.Str(order), sub, names, fields, size, align, flags}
	if code[0] == 'M' || code[0] == 'm' {
		items[0] = value.Int(4)
		items = append(items, unitOf(unit))
	}
	return w.state(value.NewTuple(items...))
}

// alignmentOf is where in C an item of d may lie: at multiples of this.
func alignmentOf(d *value.DType) int {
	switch {
	case d.Base != nil:
		return alignmentOf(d.Base)
	case d.Align:
		most := 1
		for _, f := range d.Fields {
			most = max(most, alignmentOf(f.DType))
		}
		return most
	case len(d.Text) < 2 || strings.IndexByte("SV", d.Text[1]) >= 0:
		return 1
	case d.Text[1] == 'U':
		return 4
	case d.Text[1] == 'c':
		return d.Size / 2
	}
	return d.Size
}

func fieldsOf(d *value.DType) (names, fields value.Value, err error) {
	var list []value.Value
	dict := new(value.Dict)
	for _, f := range d.Fields {
		list = append(list, value.Str(f.Name))
		items := []value.Value{f.DType, value.Int(f.Offset)}
		if f.Title != "" {
			items = append(items, value.Str(f.Title))
		}
		if err := dict.Set(value.Str(f.Name), value.NewTuple(items...)); err != nil {
			return nil, nil, err
		}
	}
	return value.NewTuple(list...), dict, nil
}

// unitOf is the metadata of datetime64: "ns", "25s" or "".
func unitOf(unit string) value.Value {
	name := strings.TrimLeft(unit, "0123456789")
	n, err := strconv.Atoi(unit[:len(unit)-len(name)])
	if err != nil {
		n = 1
	}
	if name == "" {
		name = "generic"
	}
	return value.NewTuple(new(value.Dict), value.NewTuple(value.Bytes(name), value.Int(n), value.Int(1), value.Int(1)))
}
