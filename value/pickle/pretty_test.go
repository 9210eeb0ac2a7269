package pickle

import (
	"bytes"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/cantil-py/cantil/value"
)

// prettyValues makes a stream of values of many shapes and sizes, and then what pprint
// makes of each.
const prettyValues = `
import sys, random, pickle, pprint, struct, collections, datetime
sys.path.insert(0, "testdata")
import values
random.seed(7)
words = ["alpha", "beta", "it's", "x" * 30, "é", "日本", "a\nb", "\t", "", "long " * 10, "c\x85d\x1ce", "tail\n", "\ud800"]
def make(depth):
    kind = random.randrange(16 if depth else 8)
    n = random.choice((0, 1, 2, 3, 8))
    if kind < 2: return random.choice((0, 1, -5, 10**30, 1.5, True, None, 1j))
    if kind < 4: return " ".join(random.choice(words) for _ in range(n * 2))
    if kind == 4: return bytes(random.randrange(256) for _ in range(n * 9))
    if kind == 5: return bytearray(n * 10)
    if kind == 6: return datetime.date(2020, 1, 1 + n)
    if kind == 7: return frozenset(range(n * 7))
    if kind < 10: return [make(depth - 1) for _ in range(n)]
    if kind == 10: return tuple(make(depth - 1) for _ in range(n))
    if kind < 13: return {random.choice((i, str(i), (i, "k"), float(i), b"k", None)): make(depth - 1) for i in range(n)}
    if kind == 13: return collections.OrderedDict((i, make(depth - 1)) for i in range(n))
    if kind == 14: return random.choice((collections.defaultdict(list, {i: make(depth - 1) for i in range(n)}), collections.deque([make(depth - 1) for _ in range(n)], random.choice((None, 9)))))
    return collections.Counter({i: n * 10**random.randrange(20) for i in range(n * 3)})
all = [(name, v) for name, v in values.plain() if name not in ("cycle", "loop", "knot", "knot inside", "ring", "self", "order", "deep", "large dict", "long bytes")]
all += [(str(i), make(4)) for i in range(int(sys.argv[2]))]
with open(sys.argv[1], "wb") as f:
    for name, v in all:
        data = pickle.dumps(v, 4)
        f.write(struct.pack("<I", len(name)) + name.encode() + struct.pack("<I", len(data)) + data)
for name, v in all:
    sys.stdout.buffer.write(("== " + name + "\n" + pprint.pformat(v) + "\n").encode("utf-8", "surrogatepass"))
`

func TestPrettyAgainstPprint(t *testing.T) {
	py := testpy.Newest(t)
	file := writeFile(t, nil)
	want := testpy.Run(t, py, prettyValues, file, "1500")
	var got bytes.Buffer
	for _, n := range split(t, readFile(t, file)) {
		v, err := Load(n.data)
		if err != nil {
			t.Fatal(err)
		}
		got.WriteString("== " + n.name + "\n")
		if err := (value.Pretty{}).Write(&got, v); err != nil {
			t.Fatal(err)
		}
	}
	sameLines(t, "pprint of "+py.Version, got.String(), want)
}

func TestPrettyHidesAndTellsCycles(t *testing.T) {
	l := value.NewList()
	for i := range 200 {
		l.Items = append(l.Items, value.Int(i))
	}
	l.Items[0] = l
	var b strings.Builder
	if err := (value.Pretty{Most: 3}).Write(&b, l); err != nil {
		t.Fatal(err)
	}
	if want := "[<Recursion on list>,\n 1,\n 2,\n ... 197 more]\n"; b.String() != want {
		t.Errorf("got %q", b.String())
	}
}

func TestPaths(t *testing.T) {
	d, err := value.NewDict(value.Pair{Key: value.Str("a b"), Value: value.NewList(value.Int(1), value.Int(2))}, value.Pair{Key: value.Int(7), Value: value.None})
	if err != nil {
		t.Fatal(err)
	}
	v := value.NewTuple(d, &value.Object{Class: value.Global{Module: "m", Name: "C"}, Steps: []value.Step{{Kind: value.SetState, Values: []value.Value{d}}}})
	for path, want := range map[string]string{
		"": v.String(), "[0]['a b'][-1]": "2", `[0]["a b"]`: "[1, 2]", "[0][7]": "None", "[1].a b[0]": "1",
		"[2]": "the value is a tuple of 2 items, and has no [2]", "[0].x": "[0] is a dict without the key x", "[0]['a b'].y": "[0]['a b'] is a list and has no y",
		"[1].z": "[1] is a m.C without the attribute z", "[": "no closing bracket", "['a": "no end of its quotes", "[0]..": "no name",
	} {
		x, err := value.At(v, path)
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = x.String()
		}
		if !strings.Contains(got, want) {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}
