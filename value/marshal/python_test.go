package marshal

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
)

// python runs a script of testdata.
func python(t *testing.T, py testpy.Python, stdin string, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), py.Path, args...)
	cmd.Dir = "testdata"
	cmd.Env = append(cmd.Environ(), "PYTHONDONTWRITEBYTECODE=1", "PYTHONIOENCODING=utf-8")
	cmd.Stdin = strings.NewReader(stdin)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", py.Version, args, err, stderr.Bytes())
	}
	return out
}

// example is a value that a real Python marshalled.
type example struct {
	version string
	data    []byte
	text    string
}

func examples(t *testing.T, out []byte) []example {
	t.Helper()
	var all []example
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<26)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) != 3 {
			t.Fatalf("bad line %.100q", lines.Text())
		}
		data, err := hex.DecodeString(fields[1])
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, example{fields[0], data, fields[2]})
	}
	return all
}

// TestReadsWhatPythonWrites: every value of every version of the format, code
// objects included, is what Python says it is, and ends where Python ended.
func TestReadsWhatPythonWrites(t *testing.T) {
	testpy.Each(t, func(t *testing.T, py testpy.Python) {
		all := examples(t, python(t, py, "", "values.py", "300"))
		for _, ex := range all {
			v, err := Unmarshal(ex.data)
			if err != nil {
				t.Fatalf("version %s: %v\n%x", ex.version, err, ex.data)
			}
			if got := canon(v); got != ex.text {
				t.Fatalf("version %s: read\n%.300s, want\n%.300s\n%.300x", ex.version, got, ex.text, ex.data)
			}
			checkSkip(t, ex.data)
			checkTruncated(t, ex.data)
		}
		t.Logf("%d values", len(all))
	})
}

func checkSkip(t *testing.T, data []byte) {
	t.Helper()
	d := NewDecoder(data)
	d.Next()
	if err := d.Skip(); err != nil || d.Pos() != len(data) {
		t.Fatalf("skipped to byte %d of %d, %v", d.Pos(), len(data), err)
	}
}

// checkTruncated cuts data short at some places: always an error, with its byte.
func checkTruncated(t *testing.T, data []byte) {
	t.Helper()
	for n := 0; n < len(data); n += 1 + n/8 + len(data)/64 {
		if v, err := Unmarshal(data[:n]); err == nil {
			t.Fatalf("%d bytes of %d gave %.200s\n%x", n, len(data), canon(v), data[:n])
		} else if !strings.Contains(err.Error(), "byte ") {
			t.Fatalf("error %q names no byte", err)
		}
	}
}

// TestPythonReadsWhatIsWritten: every CPython loads what Marshal writes.
func TestPythonReadsWhatIsWritten(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 9))
	var lines, want []string
	for _, v := range append(fixedValues(), randomValues(random, 300)...) {
		data, err := Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		back, err := Unmarshal(data)
		if err != nil {
			t.Fatal(err)
		}
		if got := canon(back); got != canon(v) {
			t.Fatalf("wrote %.200s, read %.200s", canon(v), got)
		}
		lines, want = append(lines, hex.EncodeToString(data)), append(want, canon(v))
	}
	testpy.Each(t, func(t *testing.T, py testpy.Python) {
		got := strings.Split(strings.TrimSpace(string(python(t, py, strings.Join(lines, "\n"), "load.py"))), "\n")
		if len(got) != len(want) {
			t.Fatalf("loaded %d values of %d", len(got), len(want))
		}
		for i := range got {
			if strings.TrimSpace(got[i]) != want[i] {
				t.Errorf("loaded\n%.300s, want\n%.300s\n%.300s", got[i], want[i], lines[i])
			}
		}
	})
}

func fixedValues() []Value {
	shared := &List{Items: []Value{int64(1)}}
	pair := Tuple{shared, "a"}
	values := []Value{
		nil, true, false, TheEllipsis, TheStopIteration, math.NaN(), math.Inf(-1), math.Copysign(0, -1), complex(1, math.Inf(1)),
		"", "a", "é", "€", "\U0001f40d", "\xed\xa0\x80", strings.Repeat("a", 255), strings.Repeat("a", 256), strings.Repeat("é", 300),
		Bytes(""), Bytes("\x00\xff"), Tuple{}, Tuple(make([]Value, 255)), Tuple(make([]Value, 256)), pair,
		Tuple{shared, shared, pair, pair, Tuple{}}, &Dict{Pairs: []Pair{{"a", shared}, {nil, pair}}},
		&Set{Items: []Value{int64(1), "a"}}, &FrozenSet{}, &FrozenSet{Items: []Value{2.5, Tuple{nil}}},
	}
	for _, bits := range []uint{0, 1, 14, 15, 16, 30, 31, 32, 33, 45, 60, 62, 63, 64, 65, 74, 75, 76, 500, 10000} {
		for _, near := range []int64{-1, 0, 1} {
			i := new(big.Int).Lsh(big.NewInt(1), bits)
			i.Add(i, big.NewInt(near))
			values = append(values, i, new(big.Int).Neg(i))
			if i.IsInt64() {
				values = append(values, i.Int64(), -i.Int64())
			}
		}
	}
	return values
}

func randomValues(random *rand.Rand, n int) []Value {
	var values []Value
	for range n {
		values = append(values, randomValue(random, 5))
	}
	return values
}

func randomValue(random *rand.Rand, depth int) Value {
	several := make([]Value, random.IntN(5))
	fill := func() []Value {
		for i := range several {
			several[i] = randomValue(random, depth-1)
		}
		return several
	}
	kinds := 4
	if depth > 0 {
		kinds = 8
	}
	switch random.IntN(kinds) {
	case 0:
		return random.Int64() >> random.IntN(64)
	case 1:
		return math.Float64frombits(random.Uint64())
	case 2:
		return new(big.Int).Lsh(big.NewInt(random.Int64()), uint(random.IntN(200)))
	case 3:
		return fmt.Sprint("été", random.IntN(10))
	case 4, 5:
		return Tuple(fill())
	case 6:
		return &List{Items: fill()}
	}
	d := &Dict{}
	for i, v := range fill() {
		d.Pairs = append(d.Pairs, Pair{int64(i), v})
	}
	return d
}
