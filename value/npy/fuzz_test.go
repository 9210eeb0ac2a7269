package npy

import (
	"bytes"
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
)

// fixedCost is what reading allocates whatever the file: a decompressor and its tables.
const fixedCost = 8 << 20

// No .npz file panics, and none takes more memory than a thousand times its size, which
// is what deflate can make of it, and a fixed amount.
func FuzzZip(f *testing.F) {
	a, err := Of([]float64{1, 2, 3}, 3, 1)
	if err != nil {
		f.Fatal(err)
	}
	for _, compress := range []bool{false, true} {
		var file bytes.Buffer
		if err := WriteZip(&file, compress, Member{"a", a}, Member{"it's/b", a}); err != nil {
			f.Fatal(err)
		}
		f.Add(file.Bytes())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<13 {
			return
		}
		z, err := NewZip(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		for _, name := range z.Names[:min(len(z.Names), 4)] {
			var a *Array
			got := testpy.Allocated(func() { a, err = z.Read(name, Options{}) })
			if got > uint64(3000*len(data)+fixedCost+streamStep) {
				t.Errorf("%d bytes allocated for %d", got, len(data))
			}
			if err == nil && a.check() != nil {
				t.Errorf("%q is an array that is none: %v", name, a.check())
			}
		}
	})
}
