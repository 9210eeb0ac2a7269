package pickle

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/cantil-py/cantil/value"
)

// numpyValues writes arrays, scalars and dtypes at each protocol ("dump"), or compares
// what it reads with its own ("same"). Out of band, each buffer follows its pickle.
const numpyValues = `
import sys, pickle, io
import numpy as np
sys.path.insert(0, "testdata")
from values import read
import struct
def all():
    for code in "? b B h H i I l L q Q e f d F D g G S3 U3 >f8 >i2 >U2 M8[ns] m8[25s] M8 V5".split():
        dt = np.dtype(code)
        size = dt.itemsize
        raw = bytes((7 * i) % 100 for i in range(24 * size)) if dt.kind not in "U?g" and dt.char not in "gG" else np.zeros(24, dt).tobytes()
        a = np.frombuffer(raw, dt)
        yield code, a
        yield code + " 2d", a.reshape(4, 6)
        yield code + " fortran", np.asfortranarray(a.reshape(4, 6))
        yield code + " empty", a[:0]
        yield code + " one", a[0].reshape(())
        yield code + " scalar", a[1]
        yield code + " dtype", dt
    rec = np.dtype([("a", "f8"), ("b", "S3"), ("c", ">i2", (2, 2)), (("title", "d"), [("e", "u1")])])
    yield "structured", np.zeros(3, rec)
    yield "structured dtype", rec
    yield "aligned", np.dtype([("a", "u1"), ("b", "f8")], align=True)
    yield "objects", np.array([1, "a", None, [2]], dtype=object)
    yield "structured objects", np.array([(1, None), (2, [3])], [("a", "i4"), ("b", "O")])
    yield "objects within", np.array([(1, [None, "x"], ("y",))], [("a", "u1"), ("b", "O", (2,)), ("c", [("d", "O")])])
    yield "objects, aligned", np.array([(1, None)], np.dtype([("a", "u1"), ("b", "O")], align=True))
    yield "nested", {"x": [np.arange(3), np.float64(2.5)], "same": np.dtype("f4")}
if sys.argv[1] == "dump":
    for protocol in range(6):
        for name, v in all():
            data = pickle.dumps(v, protocol)
            name = "%d %s" % (protocol, name)
            sys.stdout.buffer.write(struct.pack("<I", len(name)) + name.encode() + struct.pack("<I", len(data)) + data)
elif sys.argv[1] == "oob":
    buffers = []
    data = pickle.dumps(np.arange(6.).reshape(2, 3), 5, buffer_callback=buffers.append)
    for d in [data] + [b.raw() for b in buffers]:
        sys.stdout.buffer.write(struct.pack("<I", 1) + b"x" + struct.pack("<I", len(d)) + bytes(d))
else:
    mine = {k: pickle.loads(pickle.dumps(v, 4)) for k, v in all()} # a longlong comes back as an int64
    def same(a, b):
        if type(a) is not type(b): return False
        if isinstance(a, dict): return list(a) == list(b) and builtins_all(same(a[k], b[k]) for k in a)
        if isinstance(a, list): return len(a) == len(b) and builtins_all(map(same, a, b))
        if isinstance(a, np.dtype): return a == b and a.isalignedstruct == b.isalignedstruct
        if isinstance(a, np.ndarray):
            return a.dtype == b.dtype and a.shape == b.shape and a.flags.fnc == b.flags.fnc and (repr(a.tolist()) == repr(b.tolist()) if a.dtype.hasobject else a.tobytes() == b.tobytes())
        return a.dtype == b.dtype and a.tobytes() == b.tobytes() if isinstance(a, np.generic) else a == b
    import builtins
    builtins_all = builtins.all
    for name, data in read(sys.stdin.buffer):
        try:
            v = pickle.loads(data)
            if not same(mine[name.split(" ", 1)[1]], v): print(name, repr(v)[:200])
        except Exception as e: print(name, repr(e), data[:300])
`

func numpy(t *testing.T, input []byte, mode string) []byte {
	t.Helper()
	cmd := exec.Command(testpy.NumPy(t)[0].Path, "-W", "ignore", "-c", numpyValues, mode)
	cmd.Stdin = bytes.NewReader(input)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	return out
}

// What numpy pickles has a type of its own here, and what is made of it again numpy
// reads as the same, at each protocol.
func TestNumpyAndBack(t *testing.T) {
	all := split(t, numpy(t, nil, "dump"))
	var back []named
	for _, n := range all {
		v, err := Load(n.data)
		if err != nil {
			t.Errorf("%s: %v", n.name, err)
			continue
		}
		switch v := v.(type) {
		case *value.Array, *value.Scalar, *value.DType, *value.Dict:
		case value.Bytes, value.Str, value.Float: // a numpy.void or the like, as a Python value
		default:
			t.Errorf("%s is a %s: %.300s", n.name, v.Type(), v)
		}
		for protocol := range HighestProtocol + 1 {
			var out bytes.Buffer
			e := NewEncoder(&out)
			e.Protocol = protocol
			if err := e.Value(v); err != nil {
				t.Errorf("%s to %d: %v", n.name, protocol, err)
				continue
			}
			back = append(back, named{n.name, out.Bytes()})
		}
	}
	if len(all) < 1000 {
		t.Errorf("numpy wrote %d values", len(all))
	}
	if wrong := numpy(t, join(back), "same"); len(wrong) > 0 {
		t.Errorf("%.1500s", wrong)
	}
}

func TestOutOfBand(t *testing.T) {
	parts := split(t, numpy(t, nil, "oob"))
	d := NewDecoderBytes(parts[0].data)
	d.Buffers = [][]byte{parts[1].data}
	v, err := d.Value()
	if err != nil {
		t.Fatal(err)
	}
	a, ok := v.(*value.Array)
	if !ok || len(a.Data) != 48 || len(a.Shape) != 2 || &a.Data[0] != &parts[1].data[0] {
		t.Errorf("got %s", v)
	}
	var out bytes.Buffer
	var buffers [][]byte
	e := NewEncoder(&out)
	e.Protocol = 5
	e.Buffers = func(p []byte) error { buffers = append(buffers, p); return nil }
	if err := e.Value(v); err != nil || len(buffers) != 1 || out.Len() > 200 {
		t.Errorf("%d bytes and %d buffers, %v", out.Len(), len(buffers), err)
	}
	// Without its buffer the array is the call that would make it.
	v, err = Load(parts[0].data)
	if _, ok := v.(*value.Object); !ok || err != nil || !strings.Contains(v.String(), "<out-of-band buffer 0>") {
		t.Errorf("%s, %v", v, err)
	}
	d = NewDecoderBytes(parts[0].data)
	d.Buffers = [][]byte{}
	if _, err := d.Value(); err == nil {
		t.Error("a buffer that is missing was found")
	}
}
