package show

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/cantil-py/cantil/value/npy"
)

// printer is a numpy that prints: it reads options and an array, and answers with the
// text. It reads each header once, since numpy takes its time for that.
const printer = `
import io, json, struct, sys
import numpy as np
take, put = sys.stdin.buffer, sys.stdout.buffer
known = {}
def load(data):
    head = data[:10 + data[8] + 256 * data[9]] if data[6] == 1 else data
    if head not in known:
        a = known[head] = np.lib.format.read_array(io.BytesIO(data))
        return a
    a = known[head]
    if not a.nbytes: return a
    return np.frombuffer(data, a.dtype, offset=len(head)).reshape(a.shape, order='F' if a.flags.fnc else 'C')
while True:
    head = take.read(8)
    if not head: break
    n, m = struct.unpack('<II', head)
    o = json.loads(take.read(n))
    a = load(take.read(m))
    how = o.pop('how')
    np.set_printoptions(**o)
    try:
        text = str(a) if how == 'str' else repr(a) if how == 'repr' else repr(a[()])
    except Exception as e:
        text = 'ERROR ' + repr(e)
    text = text.encode('utf-8', 'surrogatepass')
    put.write(struct.pack('<I', len(text)) + text)
`

// numpyOptions are o as numpy.printoptions takes them.
func numpyOptions(o Options, how string) []byte {
	var legacy any = o.Legacy
	if o.Legacy == "" {
		legacy = false
	}
	data, err := json.Marshal(map[string]any{
		"how": how, "precision": o.Precision, "threshold": o.Threshold, "edgeitems": o.EdgeItems, "linewidth": o.LineWidth,
		"suppress": o.Suppress, "nanstr": o.NaN, "infstr": o.Inf, "sign": string(o.Sign), "floatmode": o.FloatMode, "legacy": legacy,
	})
	if err != nil {
		panic(err)
	}
	return data
}

// job is an array to print and how.
type job struct {
	array *npy.Array
	o     Options
	how   string // "str", "repr" or "scalar"
}

// print prints the array. Where numpy has no digits, with exponents in the mode 1.13 but
// without a precision, we have those of the mode unique.
func (j job) print() (string, error) {
	switch j.how {
	case "str":
		return Str(j.array, j.o)
	case "repr":
		return Repr(j.array, j.o)
	}
	return ScalarRepr(j.array, j.o)
}

// batch compares the prints of many jobs with one process of numpy.
func batch(t *testing.T, py testpy.NumPyPython, count int, limit time.Duration, next func() job) {
	t.Helper()
	cmd := exec.Command(py.Path, "-W", "ignore", "-c", printer)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	jobs := make(chan job, 1000)
	deadline := time.Now().Add(limit)
	go func() {
		defer in.Close()
		defer close(jobs)
		w := bufio.NewWriter(in)
		defer w.Flush()
		for range count {
			j := next()
			if err := j.send(w); err != nil || time.Now().After(deadline) {
				return
			}
			jobs <- j
		}
	}()
	done, wrong := 0, 0
	r := bufio.NewReader(out)
	for j := range jobs {
		want, err := receive(r)
		if err != nil {
			t.Fatal(err)
		}
		got, err := j.print()
		if err != nil {
			got = "ERROR " + err.Error()
		}
		done++
		if got == want || strings.HasPrefix(want, "ERROR") && (err != nil || j.o.Legacy == Legacy113 && j.o.FloatMode == Unique) {
			continue
		}
		if wrong++; wrong <= 10 {
			t.Errorf("%s of dtype %v, shape %v, fortran %v, %+v\n cantil %q\n numpy  %q\n data % x", j.how, j.array.DType, j.array.Shape, j.array.Fortran, j.o, got, want, head(j.array.Data))
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d of %d prints compared with numpy %s, %d differ", done, count, py.NumPy, wrong)
}

func head(p []byte) []byte { return p[:min(len(p), 128)] }

func (j job) send(w io.Writer) error {
	var file bytes.Buffer
	if err := npy.Write(&file, j.array); err != nil {
		panic(err)
	}
	options := numpyOptions(j.o, j.how)
	head := binary.LittleEndian.AppendUint32(nil, uint32(len(options)))
	head = binary.LittleEndian.AppendUint32(head, uint32(file.Len()))
	for _, part := range [][]byte{head, options, file.Bytes()} {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return nil
}

func receive(r io.Reader) (string, error) {
	var n uint32
	if err := binary.Read(r, binary.LittleEndian, &n); err != nil {
		return "", err
	}
	text := make([]byte, n)
	_, err := io.ReadFull(r, text)
	return string(text), err
}

// versionOf is the option for a numpy.
func versionOf(py testpy.NumPyPython) NumPy { return NumPy(100*py.Major + py.Minor) }

func TestPrintsAsNumPy(t *testing.T) {
	count, limit := 5000, 30*time.Second
	if os.Getenv("CANTIL_SLOW") == "1" {
		count, limit = 200_000, 150*time.Second // some 40 s where nothing else runs
	} else {
		t.Log("5,000 arrays; CANTIL_SLOW=1 prints 200,000")
	}
	for _, py := range testpy.NumPy(t) {
		t.Run("numpy"+py.NumPy, func(t *testing.T) {
			g := maker{rand.New(rand.NewPCG(uint64(count), seed())), versionOf(py)}
			batch(t, py, count, limit, g.job)
		})
	}
}

// seed is CANTIL_SEED, so that other arrays can be tried.
func seed() (n uint64) {
	fmt.Sscan(os.Getenv("CANTIL_SEED"), &n)
	return n
}

// maker makes arrays and options at random.
type maker struct {
	*rand.Rand
	numpy NumPy
}

func (g maker) job() job {
	d := g.dtype(0)
	a := g.array(d)
	how := pick(g, "str", "repr")
	if len(a.Shape) == 0 && g.chance(3) {
		how = "scalar"
	}
	return job{a, g.options(), how}
}

func (g maker) chance(n int) bool { return g.IntN(n) == 0 }

func pick[T any](g maker, from ...T) T { return from[g.IntN(len(from))] }

func (g maker) options() Options {
	o := Defaults()
	o.NumPy = g.numpy
	if g.chance(6) {
		return o
	}
	o.Precision = pick(g, 0, 1, 2, 3, 5, 8, 8, 12, 16, 17, 20, 30)
	o.LineWidth = pick(g, 0, 1, 10, 20, 40, 75, 75, 75, 120, 10000)
	o.Threshold = pick(g, 0, 5, 10, 20, 1000, 1000)
	o.EdgeItems = pick(g, 0, 1, 2, 3, 3, 3, 5)
	o.Suppress = g.chance(2)
	o.Sign = pick[byte](g, '-', '-', '+', ' ')
	o.FloatMode = pick(g, Fixed, Unique, MaxPrec, MaxPrec, MaxPrecEqual)
	o.NaN = pick(g, "nan", "nan", "", "NotANumber", "–")
	o.Inf = pick(g, "inf", "inf", "∞", "Infinity")
	if g.chance(3) {
		o.Legacy = g.legacy()
	}
	return o
}

// legacy is one of the modes that numpy has.
func (g maker) legacy() Legacy {
	for {
		if m := legacyModes()[g.IntN(len(legacyModes()))]; m.mode.within(g.numpy) {
			return m.mode
		}
	}
}

func (g maker) dtype(depth int) npy.DType {
	simple := []string{"<f8", "<f8", "<f8", "<f8", "<f4", "<f4", "<f4", "<f2", "<f2", "<f16", ">f8", ">f4", ">f2", ">f16", "<c8", "<c16", "<c16", "<c32", ">c16", ">c32",
		"|i1", "<i2", "<i4", "<i8", ">i8", ">i2", "|u1", "<u2", "<u4", "<u8", ">u4", "|b1", "|S1", "|S5", "<U1", "<U4", ">U3", "|V1", "|V5", "|S0", "<U0",
		"<m8", "<m8[D]", "<m8[25s]", "<m8[Y]", ">m8[ms]", "<M8[Y]", "<M8[M]", "<M8[W]", "<M8[D]", "<M8[h]", "<M8[m]", "<M8[s]", "<M8[ms]", "<M8[us]", "<M8[ns]", "<M8[ps]", "<M8[fs]", "<M8[as]", ">M8[7D]", "<M8[10ms]", "<M8"}
	if depth > 2 || !g.chance(12) {
		d, err := npy.ParseDType(pick(g, simple...))
		if err != nil {
			panic(err)
		}
		return d
	}
	d := npy.DType{Kind: npy.Void}
	for i := range 1 + g.IntN(4) {
		f := npy.Field{Name: pick(g, "a", "x y", "it's", "é") + fmt.Sprint(i), DType: g.dtype(depth + 1), Offset: d.Size}
		if g.chance(4) && f.DType.Size > 0 {
			f.DType.Shape = pick(g, []int{2}, []int{2, 3}, []int{1}, []int{0}, []int{7}, []int{2, 8})
		}
		if g.chance(10) {
			f.Title = fmt.Sprint("title", i)
		}
		if g.chance(10) {
			f.Offset += 3
		}
		d.Size = f.Offset + f.DType.ItemSize()
		d.Fields = append(d.Fields, f)
	}
	if g.chance(8) {
		d.Size += 5
	}
	return d
}

func (g maker) array(d npy.DType) *npy.Array {
	shape := pick(g, nil, []int{0}, []int{1}, []int{2}, []int{3}, []int{g.IntN(30)}, []int{g.IntN(8), g.IntN(8)}, []int{g.IntN(4), g.IntN(8)}, []int{g.IntN(4), g.IntN(4), g.IntN(9)}, []int{1, 1, 1, 2})
	n := 1
	for _, m := range shape {
		n *= m
	}
	data := make([]byte, n*d.Size)
	mood := g.IntN(8)
	for i := range n {
		g.fill(data[i*d.Size:(i+1)*d.Size], d, mood)
	}
	a, err := npy.New(d, shape, g.chance(4) && len(shape) > 1, data)
	if err != nil {
		panic(err)
	}
	return a
}

// fill makes one element. A mood makes the elements of an array alike.
func (g maker) fill(p []byte, d npy.DType, mood int) {
	for _, f := range d.Fields {
		size := f.DType.Size
		for i := range f.DType.ItemSize() / max(size, 1) {
			sub := f.DType
			sub.Shape = nil
			g.fill(p[f.Offset+i*size:f.Offset+(i+1)*size], sub, mood)
		}
	}
	if len(d.Fields) > 0 {
		return
	}
	var order binary.ByteOrder = binary.LittleEndian
	if d.Big {
		order = binary.BigEndian
	}
	switch d.Kind {
	case npy.Float:
		g.float(p, d.Size, order, mood)
	case npy.Complex:
		g.float(p[:d.Size/2], d.Size/2, order, mood)
		g.float(p[d.Size/2:], d.Size/2, order, g.IntN(8))
	case npy.Str:
		for i := 0; i < len(p); i += 4 {
			order.PutUint32(p[i:], pick[uint32](g, 0, 'a', 'b', '\'', '"', '\n', 0xE9, 0x65E5, 0x1F600, 0xD800, 0x7F, 0xAD))
		}
	case npy.Bytes, npy.Void:
		for i := range p {
			p[i] = pick[byte](g, 0, 'a', '\'', '"', '\\', 0xFF, '\n', 1)
		}
	case npy.Bool:
		p[0] = byte(g.IntN(2))
	case npy.Datetime:
		// Beyond some limits numpy's own dates go wrong.
		v := pick(g, int64(g.IntN(100000))-50000, int64(g.IntN(1<<20))*1e9, math.MinInt64, 0, -1, int64(g.Uint64()>>2), -int64(g.Uint64()>>2))
		if (strings.Contains("YMWDhm", d.Unit.Base) || d.Unit.Count > 1) && v != math.MinInt64 {
			v %= 1 << 40
		}
		order.PutUint64(p, uint64(v))
	default:
		v := g.Uint64() >> g.IntN(64)
		if g.chance(3) {
			v = uint64(g.IntN(20) - 10)
		}
		if d.Kind == npy.Timedelta && g.chance(5) {
			v = 1 << 63
		}
		switch len(p) {
		case 1:
			p[0] = byte(v)
		case 2:
			order.PutUint16(p, uint16(v))
		case 4:
			order.PutUint32(p, uint32(v))
		case 8:
			order.PutUint64(p, v)
		}
	}
}

// float makes a number that is awkward in one way or another.
func (g maker) float(p []byte, size int, order binary.ByteOrder, mood int) {
	if g.chance(12) {
		mood = g.IntN(9)
	}
	var f float64
	switch mood {
	case 0:
		f = g.NormFloat64()
	case 1: // a few decimals
		f = float64(g.IntN(20000)-10000) / math.Pow10(g.IntN(6))
	case 2: // ties of rounding
		f = float64(g.IntN(4000)-2000) / float64(int(1)<<g.IntN(12))
	case 3: // powers of two, and their neighbours
		f = math.Ldexp(1, g.IntN(160)-80)
		if g.chance(2) {
			f = math.Nextafter(f, float64(g.IntN(2))*1e300)
		}
	case 4: // powers of ten
		f = math.Pow10(g.IntN(40)-20) * float64(1+g.IntN(2)*g.IntN(9))
	case 5: // any bits
		f = math.Float64frombits(g.Uint64())
	case 6:
		f = math.Ldexp(g.NormFloat64(), g.IntN(60)-30)
	case 7:
		f = float64(g.IntN(300) - 100)
	default:
		f = pick(g, math.NaN(), math.Inf(1), math.Inf(-1), 0, math.Copysign(0, -1), 1e8, 99999999.5, 1e-4, 0.00099995, 1e16, 1e6, 1e3, 999.5, 65504, 6e-8)
	}
	if g.chance(5) {
		f = -f
	}
	switch size {
	case 2:
		order.PutUint16(p, npy.ToFloat16(f))
	case 4:
		order.PutUint32(p, math.Float32bits(float32(f)))
	case 8:
		order.PutUint64(p, math.Float64bits(f))
	default:
		g.extended(p, f, order == binary.BigEndian)
	}
}

// extended makes a long double near f.
func (g maker) extended(p []byte, f float64, bigEndian bool) {
	frac, exponent := math.Frexp(math.Abs(f))
	head, mantissa := uint16(exponent+16382), uint64(math.Ldexp(frac, 64))
	switch {
	case f == 0:
		head, mantissa = 0, 0
	case f-f != 0:
		head, mantissa = 0x7FFF, 1<<63
		if f != f {
			mantissa |= 1 << 62
		}
	case g.chance(3):
		mantissa |= uint64(g.IntN(2048))
	}
	if math.Signbit(f) {
		head |= 0x8000
	}
	var le [16]byte
	binary.LittleEndian.PutUint64(le[:], mantissa)
	binary.LittleEndian.PutUint16(le[8:], head)
	for i := range p {
		p[i] = le[i]
		if bigEndian {
			p[i] = le[len(p)-1-i]
		}
	}
}
