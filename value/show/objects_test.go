package show

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/npy"
	"github.com/cantil-py/cantil/value/pickle"
)

// objectArrays saves arrays of Python objects into argv[1], and what numpy prints of them.
const objectArrays = `
import sys, os, datetime, decimal, numpy as np
os.chdir(sys.argv[1])
def array(*items):
    a = np.empty(len(items), object)
    a[:] = items
    return a
class Thing:
    pass
deep = array(1, array(2.5, array('three', None)))
arrays = [
    array(None, True, 7, 10**30, 1.5, float('nan'), 2j, 'text', b'bytes', (1, 2), {'a': 1}, {3}, frozenset()),
    array([1, [2]], 'a\nb', "it's"), array(np.arange(3), None), array(np.eye(2), 'x', np.zeros((2, 2), 'f4')), deep,
    array(np.float64(1.5), np.int32(2), np.datetime64('2020-01-01'), np.str_('s'), np.bool_(True)),
    array(datetime.date(2020, 1, 2), decimal.Decimal('1.50')), np.array(None), np.array('text', dtype=object),
    np.array([[1, 'b'], [None, [3]]], dtype=object), np.asfortranarray(np.array([[1, 'b', ()], [None, [3], {}]], dtype=object)),
    np.array([], dtype=object), np.arange(2000).astype(object)]
record = [('a', 'i4'), ('b', 'O'), ('c', '>f8', (2,)), ('d', [('e', 'S3'), ('f', 'O'), ('g', 'U2')]), ('h', 'M8[s]'), ('i', 'm8[D]'), ('j', 'c8'), ('k', '?'), ('l', 'u8'), ('m', 'f2'), ('n', 'V2'), ('o', 'M8[ns]'), ('p', 'g'), ('q', 'M8[M]')]
row = lambda n: (n, [n], (n, .5), (b'x', None, 'y'), np.datetime64('2020-01-01T00:00:0%d' % n), 7, 1 + 2j, True, 2**64 - 1, .1, b'ab', np.datetime64(n, 'ns'), np.longdouble(n) / 3, np.datetime64('1969-11'))
arrays += [np.array([row(1), row(2), row(3)], record), np.asfortranarray(np.array([[row(1), row(2)], [row(3), row(4)]], record)),
    np.array([(1, 'x'), (-2, {})], np.dtype([('a', 'i1'), ('b', 'O')], align=True)), np.array([(None,)], [('a', 'O')]), np.array([([None, 1],)], [('a', 'O', (2,))])]
for i, a in enumerate(arrays):
    np.save('%02d.npy' % i, a, allow_pickle=True)
    for how in str, repr:
        with open('%02d.%s' % (i, how.__name__), 'w', encoding='utf-8') as f: f.write(how(a))
`

func TestObjectsAsNumPy(t *testing.T) {
	for _, py := range testpy.NumPy(t) {
		dir := t.TempDir()
		if out, err := exec.Command(py.Path, "-c", objectArrays, dir).CombinedOutput(); err != nil {
			t.Fatalf("numpy %s: %v\n%s", py.NumPy, err, out)
		}
		files, _ := filepath.Glob(filepath.Join(dir, "*.npy"))
		if len(files) != 18 {
			t.Fatalf("%d files", len(files))
		}
		for _, file := range files {
			compareObjects(t, py, file)
		}
		writeObjects(t, py, files)
	}
}

// sameArrays says which files beside it differ from those named again.
const sameArrays = `
import sys, numpy as np
for path in sys.argv[1:]:
    a, b = (np.load(p, allow_pickle=True) for p in (path, path + '.again.npy'))
    if a.dtype != b.dtype or a.shape != b.shape or repr(a.tolist()) != repr(b.tolist()) or a.flags.fnc != b.flags.fnc: print(path, repr(a), repr(b))
`

// Arrays of objects that we write numpy reads as those that it has written.
func writeObjects(t *testing.T, py testpy.NumPyPython, files []string) {
	t.Helper()
	for _, file := range files {
		o := npy.Options{Objects: unpickle, Pickle: pickle.Dump}
		a, err := o.Load(file)
		if err == nil {
			err = o.Save(file+".again.npy", a)
		}
		if err != nil {
			t.Error(err)
		}
	}
	out, err := exec.Command(py.Path, append([]string{"-W", "ignore", "-c", sameArrays}, files...)...).CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("numpy %s, %v: %.2000s", py.NumPy, err, out)
	}
}

func compareObjects(t *testing.T, py testpy.NumPyPython, file string) {
	t.Helper()
	a, err := npy.Options{Objects: unpickle}.Load(file)
	if err != nil {
		t.Error(err)
		return
	}
	o := Defaults()
	o.NumPy = versionOf(py)
	for how, print := range map[string]func(*npy.Array, Options) (string, error){"str": Str, "repr": Repr} {
		want, err := os.ReadFile(strings.TrimSuffix(file, "npy") + how)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := print(a, o); got != string(want) || err != nil {
			t.Errorf("%s, %s of %s, %v:\n cantil %s\n numpy  %s", py.NumPy, how, filepath.Base(file), err, got, want)
		}
	}
}

func unpickle(data []byte) (*npy.Array, error) {
	v, err := pickle.Load(data)
	if err != nil {
		return nil, err
	}
	a, ok := v.(*value.Array)
	if !ok {
		return nil, fmt.Errorf("a %s", v.Type())
	}
	return npy.FromValue(a)
}

// An array may hold itself.
func TestKnot(t *testing.T) {
	knot := &value.Array{DType: &value.DType{Text: "|O", Size: 8}, Shape: []int{2}, Objects: []value.Value{value.Int(1), nil}}
	knot.Objects[1] = knot
	text := Defaults().Numpy(knot)
	if want := "array([1, array(..., dtype=object)], dtype=object)"; text != want {
		t.Errorf("got %s, want %s", text, want)
	}
}

// Arrays that share one another stand for a text that nobody could hold.
func TestSharedArraysHaveABound(t *testing.T) {
	object := &value.DType{Text: "|O", Size: 8}
	shared := &value.Array{DType: object, Shape: []int{1}, Objects: []value.Value{value.Int(7)}}
	for range 40 {
		items := make([]value.Value, 20)
		for i := range items {
			items[i] = shared
		}
		shared = &value.Array{DType: object, Shape: []int{20}, Objects: items}
	}
	a, err := npy.FromValue(shared)
	if err != nil {
		t.Fatal(err)
	}
	const most = 1 << 18
	o := Defaults()
	o.nested = &nesting{left: most}
	text, err := Str(a, o)
	if err != nil || len(text) > 4*most || len(text) < most/4 {
		t.Errorf("%d bytes, %v", len(text), err)
	}
	t.Logf("%d bytes", len(text))
}
