package npy

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
)

func ExampleOf() {
	a, err := Of([]float64{1, 2, 3, 4, 5, 6}, 2, 3)
	if err != nil {
		panic(err)
	}
	var file bytes.Buffer
	if err := Write(&file, a); err != nil {
		panic(err)
	}
	b, err := Read(&file)
	if err != nil {
		panic(err)
	}
	s, err := As[float64](b)
	fmt.Println(b.DType, b.Shape, s, err)
	// Output: float64 [2 3] [1 2 3 4 5 6] <nil>
}

type celsius float32

func TestAsGivesBackWhatOfTook(t *testing.T) {
	check(t, []bool{true, false}, "bool")
	check(t, []int8{-1, 2}, "int8")
	check(t, []uint16{1, 65535}, "uint16")
	check(t, []int64{math.MinInt64, 7}, "int64")
	check(t, []int{-1, 5}, fmt.Sprint("int", strconv.IntSize))
	check(t, []uint{1, 5}, fmt.Sprint("uint", strconv.IntSize))
	check(t, []celsius{1.5, -3}, "float32")
	check(t, []complex128{1i, 2}, "complex128")
	check(t, []float64{}, "float64")
}

// check turns the elements around as well: As must turn them back.
func check[T Number](t *testing.T, s []T, name string) {
	t.Helper()
	a, err := Of(s)
	if err != nil || a.DType.Name() != name {
		t.Errorf("%v: %s, %v", s, a.DType, err)
	}
	if got, err := As[T](a); err != nil || len(s) > 0 && !reflect.DeepEqual(got, s) {
		t.Errorf("%v came back as %v, %v", s, got, err)
	}
	turned := *a
	turned.Data = bytes.Clone(a.Data)
	turned.DType.Big = !a.DType.orderless() && !a.DType.Big
	if !a.DType.orderless() {
		swap(turned.Data, a.DType)
	}
	if got, err := As[T](&turned); err != nil || len(s) > 0 && !reflect.DeepEqual(got, s) {
		t.Errorf("%v came back turned as %v, %v", s, got, err)
	}
	if _, err := As[uint32](a); err == nil {
		t.Errorf("%s can be had as uint32", name)
	}
}

func TestEveryHalfThereAndBack(t *testing.T) {
	for b := range 1 << 16 {
		f := Float16(uint16(b))
		if f != f {
			continue
		}
		if got := ToFloat16(f); got != uint16(b) {
			t.Fatalf("%#04x is %v, which is %#04x", b, f, got)
		}
	}
	for _, c := range []struct {
		f    float64
		want uint16
	}{{65519, 0x7BFF}, {65520, 0x7C00}, {math.Ldexp(1, -25), 0}, {math.Ldexp(1.5, -25), 1}, {2049, 0x6800}, {2051, 0x6802}, {math.Inf(-1), 0xFC00}} {
		if got := ToFloat16(c.f); got != c.want {
			t.Errorf("%v: %#04x, want %#04x", c.f, got, c.want)
		}
	}
}

func header10(dict string) string {
	return "\x93NUMPY\x01\x00" + string([]byte{byte(len(dict)), byte(len(dict) >> 8)}) + dict
}

func TestBadFiles(t *testing.T) {
	good := "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }\n"
	for file, want := range map[string]string{
		"":                                  "cut off: 0 of 8",
		"PK\x03\x04aaaaaaaa":                "not a .npy file",
		"\x93NUMPY\x04\x00\x00":             "version 4.0",
		"\x93NUMPY\x02\x00\xff\xff\xff\xff": "too large",
		"\x93NUMPY\x01\x00\xff\x00{":        "header is cut off: 1 of 255",
		header10(good) + "12345678":         "elements are cut off: 8 of 16",
		header10("{'descr': '<f8'}"):        "must have descr",
		header10("{'descr': '<f8', 'fortran_order': 1, 'shape': (2,)}"):                            "must have descr",
		header10("__import__('os')"):                                                               "not a Python literal",
		header10("{'descr': '<f8', 'fortran_order': False, 'shape': (-2,)}"):                       "0 and more",
		header10("{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296, 0)}"): "too large",
		header10("{'descr': '<f8', 'fortran_order': False, 'shape': (9223372036854775807,)}"):      "too large",
		header10("{'descr': '<f8', 'fortran_order': False, 'shape': (1099511627776,)}"):            "cut off",
		header10("{'descr': '<f9', 'fortran_order': False, 'shape': ()}"):                          "no type of kind",
		header10("{'descr': '<q8', 'fortran_order': False, 'shape': ()}"):                          "no type of kind",
		header10("{'descr': '<M8[y]', 'fortran_order': False, 'shape': ()}"):                       "unit",
		header10("{'descr': ('<f8', (2,)), 'fortran_order': False, 'shape': ()}"):                  "no shape of their own",
		header10("{'descr': [('a', '<f8'), ('a', '<f8')], 'fortran_order': False, 'shape': ()}"):   "two fields",
		header10("{'descr': [('a', '<f8', (99999, 99999))], 'fortran_order': False, 'shape': ()}"): "too large",
		header10("{'descr': [], 'fortran_order': False, 'shape': ()}"):                             "must have a field",
		header10(strings.Repeat("(", 100)):                                                         "too many brackets",
		header10("{'descr': '|O', 'fortran_order': False, 'shape': ()}"):                           ErrObjects.Error(),
		header10("{'descr': [('a', [('b', 'O')])], 'fortran_order': False, 'shape': ()}"):          ErrObjects.Error(),
	} {
		path := filepath.Join(t.TempDir(), "bad.npy")
		if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
		_, fromStream := Read(strings.NewReader(file))
		_, loaded := Load(path)
		_, mapped := Open(path)
		for _, err := range []error{fromStream, loaded, mapped} {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%.80q: %v, want %q", file, err, want)
			}
		}
	}
}

// A header that promises much more than there is must not take memory for it.
func TestPromisesTakeNoMemory(t *testing.T) {
	file := header10("{'descr': '<f8', 'fortran_order': False, 'shape': (1099511627776,)}") + "few"
	allocated := testpy.Allocated(func() {
		if _, err := Read(strings.NewReader(file)); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Error(err)
		}
	})
	if allocated > 1<<20 {
		t.Errorf("%d bytes for a file of %d", allocated, len(file))
	}
}

func TestSaveLeavesTheOldFileWhenItFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.npy")
	a, _ := Of([]int32{1, 2})
	if err := Save(path, a); err != nil {
		t.Fatal(err)
	}
	bad := *a
	bad.Shape = []int{3}
	if err := Save(path, &bad); err == nil {
		t.Error("an array with the wrong shape was written")
	}
	if b, err := Load(path); err != nil || b.Len() != 2 {
		t.Errorf("%v, %v", b, err)
	}
	if left, _ := filepath.Glob(path + ".*"); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

// FuzzRead: no panic; what is read can be written and read again, to the same array.
func FuzzRead(f *testing.F) {
	for _, descr := range []string{"'<f8'", "'>M8[25s]'", "'|S3'", "[('a', '<i4'), ('', '|V4'), (('t', 'b'), '?', (2, 2))]"} {
		f.Add([]byte(header10("{'descr': "+descr+", 'fortran_order': True, 'shape': (1, 2), }\n") + strings.Repeat("\x01", 48)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := Read(bytes.NewReader(data))
		if err != nil {
			return
		}
		var again bytes.Buffer
		if err := Write(&again, a); err != nil {
			t.Fatal(err)
		}
		b, err := Read(&again)
		if err != nil || !reflect.DeepEqual(a, b) {
			t.Fatalf("%v became %v, %v", a, b, err)
		}
	})
}
