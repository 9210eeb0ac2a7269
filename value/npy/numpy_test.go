package npy

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
)

// corpus has numpy save arrays of every dtype, shape and order into the folder argv[1].
// Beside A.npy stand A.c, its bytes in C order, and A.f8, its elements as float64 where
// they can be.
const corpus = `
import sys, os
import numpy as np
os.chdir(sys.argv[1])
rng = np.random.default_rng(1)
dtypes = ['f2', 'f4', 'f8', 'g', 'F', 'D', 'G', 'i1', 'i2', 'i4', 'i8', 'u1', 'u2', 'u4', 'u8', '?', 'S3', 'S0', 'U2', 'U0', 'V3',
    'M8[D]', 'm8[25s]', 'M8', 'm8', 'M8[as]',
    [('a', 'i4'), ('b', 'f8', (2, 3)), ('c', [('d', 'U2'), ('e', '?')])],
    [(('title', 'name'), 'i2'), ('é', 'f4')], [('日本', 'f4')],
    np.dtype({'names': ['a', 'b'], 'formats': ['i1', 'f8'], 'offsets': [3, 12], 'itemsize': 24}),
    np.dtype('i1,f8', align=True), [('name%d' % i, 'f8') for i in range(6000)]]
n = 0
for d in dtypes:
    for order in '<>':
        dt = np.dtype(d).newbyteorder(order)
        for shape in [(), (0,), (1,), (5,), (2, 3), (3, 0, 2), (2, 3, 4)]:
            if dt.itemsize > 10000 and shape != (1,): continue
            size = int(np.prod(shape))
            raw = rng.integers(0, 2 if dt.kind in '?' else 128, size * dt.itemsize, dtype='u1')
            a = np.frombuffer(raw.tobytes(), dt).reshape(shape) if dt.itemsize else np.zeros(shape, dt)
            if dt.kind == 'U': a = np.full(shape, 'xy', dt)
            for b in (a, np.asfortranarray(a))[:max(1, a.ndim)]:
                name = '%04d' % n
                n += 1
                np.save(name + '.npy', b)
                open(name + '.c', 'wb').write(b.tobytes('C'))
                if shape == (1,): # a file keeps no alignment
                    read = np.load(name + '.npy', max_header_size=10**6).dtype
                    open(name + '.dtype', 'w', encoding='utf-8').write(repr(read) + str(read))
                if dt.kind in 'iufb':
                    with np.errstate(all='ignore'): b.astype('<f8').tofile(name + '.f8') if b.flags.c_contiguous else np.ascontiguousarray(b).astype('<f8').tofile(name + '.f8')
for v in (1, 0), (2, 0), (3, 0):
    with open('version%d.npy' % v[0], 'wb') as f: np.lib.format.write_array(f, np.arange(6.).reshape(2, 3), v)
    open('version%d.c' % v[0], 'wb').write(np.arange(6.).tobytes())
np.savez('stored.npz', np.arange(3), x=np.arange(6.).reshape(2, 3).T)
np.savez_compressed('deflated.npz', np.arange(3), x=np.arange(6.).reshape(2, 3).T)
np.save('objects.npy', np.array([None, [1]], dtype=object), allow_pickle=True)
`

func TestFilesOfNumPy(t *testing.T) {
	py, dir := testpy.NumPy(t)[0], t.TempDir()
	run(t, py, corpus, dir)
	t.Run("npy", func(t *testing.T) { testFiles(t, dir) })
	t.Run("npz", func(t *testing.T) { testZips(t, py, dir) })
	t.Run("objects", func(t *testing.T) { testObjects(t, dir) })
}

func run(t *testing.T, py testpy.NumPyPython, code string, args ...string) string {
	t.Helper()
	out, err := exec.Command(py.Path, append([]string{"-W", "ignore", "-c", code}, args...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("numpy %s: %v\n%s", py.NumPy, err, out)
	}
	return string(out)
}

func content(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Every file of numpy's must hold the bytes that numpy says, and be written by us as
// numpy wrote it.
func testFiles(t *testing.T, dir string) {
	files, _ := filepath.Glob(filepath.Join(dir, "*.npy"))
	count := 0
	for _, path := range files {
		if strings.HasSuffix(path, "objects.npy") {
			continue
		}
		count++
		a, err := Load(path)
		if err != nil {
			t.Error(err)
			continue
		}
		stem := strings.TrimSuffix(path, ".npy")
		if want := content(t, stem+".c"); !bytes.Equal(a.contiguous(), want) {
			t.Errorf("%s, %v of shape %v: the elements differ", path, a.DType, a.Shape)
		}
		if want, err := os.ReadFile(stem + ".dtype"); err == nil && a.DType.Repr()+a.DType.String() != string(want) {
			t.Errorf("%s: the dtype is %s, numpy says %s", path, a.DType.Repr()+a.DType.String(), want)
		}
		checkFloats(t, a, stem+".f8")
		checkMapped(t, a, path)
		var again bytes.Buffer
		if err := Write(&again, a); err != nil {
			t.Error(err)
		}
		if want := content(t, path); !bytes.Equal(again.Bytes(), want) && !strings.Contains(path, "version") {
			t.Errorf("%s, %v: written otherwise:\n cantil %.200q\n numpy  %.200q", path, a.DType, again.Bytes(), want)
		}
	}
	t.Logf("%d files", count)
	if count < 600 {
		t.Errorf("only %d files", count)
	}
}

func checkFloats(t *testing.T, a *Array, path string) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		return // not of numbers
	}
	floats, err := Floats(a)
	if err != nil {
		t.Error(err)
		return
	}
	for i, f := range floats {
		want := math.Float64frombits(binary.LittleEndian.Uint64(raw[8*i:]))
		if f != want && (f == f || want == want) {
			t.Errorf("%s: element %d of %v is %v, numpy says %v", path, i, a.DType, f, want)
			return
		}
	}
	if len(floats)*8 != len(raw) {
		t.Errorf("%s: %d floats", path, len(floats))
	}
}

func checkMapped(t *testing.T, a *Array, path string) {
	t.Helper()
	m, err := Open(path)
	if err != nil {
		t.Error(err)
		return
	}
	if !bytes.Equal(m.Data, a.Data) || fmt.Sprint(m.Shape, m.DType) != fmt.Sprint(a.Shape, a.DType) {
		t.Errorf("%s is otherwise when mapped", path)
	}
	if err := m.Close(); err != nil {
		t.Error(err)
	}
}

func testZips(t *testing.T, py testpy.NumPyPython, dir string) {
	for _, name := range []string{"stored.npz", "deflated.npz"} {
		z, err := OpenZip(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(z.Names) != "[x arr_0]" && fmt.Sprint(z.Names) != "[arr_0 x]" {
			t.Errorf("%s has %q", name, z.Names)
		}
		x, err := z.Read("x", Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := As[float64](x); err != nil || fmt.Sprint(got, x.Shape, x.Fortran) != "[0 3 1 4 2 5] [3 2] true" {
			t.Errorf("%s: x is %v of shape %v, %v", name, got, x.Shape, err)
		}
		if err := z.Close(); err != nil {
			t.Error(err)
		}
	}
	a, _ := Of([]float32{1, 2, 3, 4}, 2, 2)
	b, _ := Of([]bool{true, false})
	for _, compress := range []bool{false, true} {
		path := filepath.Join(dir, "ours.npz")
		if err := SaveZip(path, compress, Member{"a", a}, Member{"b", b}); err != nil {
			t.Fatal(err)
		}
		got := run(t, py, "import sys, numpy; z = numpy.load(sys.argv[1]); print(z.files, repr(z['a']), z['b'])", path)
		if want := "['a', 'b'] array([[1., 2.],\n       [3., 4.]], dtype=float32) [ True False]\n"; got != want {
			t.Errorf("numpy reads ours as %q", got)
		}
	}
}

// Objects are left to a decoder, and without one refused.
func testObjects(t *testing.T, dir string) {
	path := filepath.Join(dir, "objects.npy")
	if _, err := Load(path); err == nil || !strings.Contains(err.Error(), ErrObjects.Error()) {
		t.Errorf("the error is %v", err)
	}
	o := Options{Objects: func(pickle []byte) (*Array, error) {
		if pickle[0] != 0x80 || pickle[len(pickle)-1] != '.' {
			t.Errorf("this is no pickle: %q", pickle)
		}
		return New(DType{Kind: Object, Size: 8}, []int{2}, false, make([]byte, 16))
	}}
	if a, err := o.Load(path); err != nil || a.Len() != 2 {
		t.Errorf("%v, %v", a, err)
	}
}
