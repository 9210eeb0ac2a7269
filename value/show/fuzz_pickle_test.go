package show

import (
	"bytes"
	"io"
	"testing"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/npy"
	"github.com/cantil-py/cantil/value/pickle"
)

// Whatever a pickle holds is printed, and an array in it that is one is so again when it
// was pickled once more.
func FuzzPickled(f *testing.F) {
	dtypes := []*value.DType{
		{Text: "<f8", Size: 8}, {Text: ">c16", Size: 16}, {Text: "|O", Size: 8}, {Text: "<U2", Size: 8}, {Text: "<M8[25s]", Size: 8},
	}
	record := &value.DType{Text: "|V20", Size: 20, Fields: []value.Field{{Name: "a", DType: &value.DType{Text: "<i4", Size: 4}}, {Name: "b", DType: dtypes[2], Offset: 4},
		{Name: "c", DType: &value.DType{Text: "|V8", Size: 8, Base: &value.DType{Text: ">i2", Size: 2}, Shape: []int{2, 2}}, Offset: 12}}}
	four := value.NewList(value.NewList(value.Int(1), value.Int(2)), value.NewList(value.Int(3), value.Int(4)))
	arrays := []value.Value{&value.Array{DType: record, Shape: []int{1}, Objects: []value.Value{value.NewTuple(value.Int(7), value.NewList(value.None), four)}}}
	for _, d := range dtypes {
		a := &value.Array{DType: d, Shape: []int{2, 1}, Fortran: true, Data: bytes.Repeat([]byte{0x40}, 2*d.Size)}
		if d.IsObject() {
			a.Data, a.Objects = nil, []value.Value{value.Int(1), value.Str("x")}
		}
		arrays = append(arrays, a)
	}
	for _, a := range arrays {
		data, err := pickle.Dump(a)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<12 {
			return
		}
		v, err := pickle.Load(data)
		if err != nil {
			return
		}
		o := Defaults()
		o.nested = &nesting{left: 1 << 16}
		p := value.Pretty{Numpy: o.Numpy, Most: 100, Total: 1000, Text: 1000}
		if err := p.Write(io.Discard, v); err != nil {
			t.Fatal(err)
		}
		a, ok := v.(*value.Array)
		if !ok {
			return
		}
		x, err := npy.FromValue(a)
		if err != nil || x.Len() > 1000 {
			return
		}
		back, err := x.Value()
		if err != nil {
			t.Fatalf("%s: %v", a, err)
		}
		again, err := npy.FromValue(back)
		if err != nil || !bytes.Equal(again.Data, x.Data) && !x.DType.HasObjects() {
			t.Fatalf("%s became %s, %v", a, back, err)
		}
		_, _ = Repr(again, o)
	})
}
