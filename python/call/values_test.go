package call_test

import (
	"math"
	"math/big"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/cantil-py/cantil/python/call"
	"github.com/cantil-py/cantil/value"
)

// functions is the file of the functions that the tests call.
func functions(name string) string { return filepath.Join("testdata", "functions.py") + ":" + name }

// poolOf is a pool of one Python, which shows no one what is printed.
func poolOf(t *testing.T, py testpy.Python) *call.Pool {
	t.Helper()
	pool := call.NewPool(call.Python{Path: py.Path}, call.PoolOptions{Size: 1})
	t.Cleanup(func() { _ = pool.Close() })
	return pool
}

func must(t *testing.T, pool *call.Pool, r call.Request) call.Result {
	t.Helper()
	result, err := pool.Call(t.Context(), r)
	if err != nil {
		t.Fatalf("calling %s: %v", r.Target, err)
	}
	return result
}

// plain are Python expressions of plain data.
var plain = []string{
	"None", "True", "False", "...", "0", "-1", "2**31-1", "-2**31", "2**31", "2**63-1", "-2**63", "2**63", "-2**64", "7**3000",
	"0.0", "-0.0", "1e308", "5e-324", "float('inf')", "float('-inf')", "0.1+0.2", "1j", "complex(-0.0, 2.5)",
	"''", "'a'", `"it's"`, `'\n\t\x00'`, `'\xe9\u20ac\U0001f40d'`, `'\ud800'`, "'x' * 300", "'\\u20ac' * 300", "b''", `b'\x00\xff'`, "b'x' * 70000",
	"()", "(1,)", "(1, 'a', None)", "tuple(range(300))", "[]", "[1, [2, [3, []]]]", "list(range(1000))", "{}", "{'a': 1, 2: [3], (4, 5): {6: 7}}",
	"set()", "{1}", "frozenset()", "frozenset({'a'})", "{frozenset({1})}", "{(2, (3,))}", "{1: True, 1.5: False, None: None}",
	"[(lambda x: [x, x])([1])]", "[{} for _ in range(3000)]", "dict.fromkeys(range(3000))", "[float(i) for i in range(1000)]",
	"eval('[' * 80 + ']' * 80)",
}

// TestValues has Python and us print the same values, sent one way and both ways.
func TestValues(t *testing.T) {
	testpy.Each(t, func(t *testing.T, py testpy.Python) {
		pool := poolOf(t, py)
		for _, text := range plain {
			got := must(t, pool, call.Request{Target: functions("evaluate"), Args: []value.Value{value.Str(text)}, Want: call.Data | call.Repr | call.Str})
			if got.Value == nil || got.Value.String() != got.Repr {
				t.Errorf("%s is %.100v, its repr in Python %.100s", text, got.Value, got.Repr)
				continue
			}
			back := must(t, pool, call.Request{Target: "builtins:repr", Args: []value.Value{got.Value}, Want: call.Str})
			if back.Str != got.Repr {
				t.Errorf("%s, sent back, is %.100s, was %.100s", text, back.Str, got.Repr)
			}
		}
	})
}

// TestSharedValues: what is one object there is one object here, itself within itself too.
func TestSharedValues(t *testing.T) {
	pool := poolOf(t, testpy.Newest(t))
	got := must(t, pool, call.Request{Target: functions("evaluate"), Args: []value.Value{value.Str("(lambda x: (x.append(x), [x, x])[1])([1])")}})
	outer := got.Value.(*value.List)
	inner := outer.Items[0].(*value.List)
	if outer.Items[1] != value.Value(inner) || inner.Items[1] != value.Value(inner) {
		t.Errorf("got %v", got.Value)
	}
	back := must(t, pool, call.Request{Target: functions("evaluate"), Args: []value.Value{value.Str("lambda x: 1")}, Want: call.Repr})
	if back.Value != nil || !strings.HasPrefix(back.Repr, "<function") {
		t.Errorf("a function came as %v, %s", back.Value, back.Repr)
	}
	if got := must(t, pool, call.Request{Target: "builtins:repr", Args: []value.Value{outer}, Want: call.Str}); got.Str != "[[1, [...]], [1, [...]]]" {
		t.Errorf("sent back: %s", got.Str)
	}
}

// TestOtherValues are no plain data, though marshal itself takes some of them for it.
func TestOtherValues(t *testing.T) {
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		pool := poolOf(t, py)
		for text, want := range map[string][3]string{ // type, repr in Python, and of what we have
			"Point(1, 2)":                              {"functions.Point", "Point(x=1, y=2)", "functions.Point(1, 2)"},
			"[Point(1, 2)]":                            {"list", "[Point(x=1, y=2)]", "[functions.Point(1, 2)]"},
			"collections.OrderedDict([(1, 2)])":        {"collections.OrderedDict", "", "OrderedDict({1: 2})"},
			"bytearray(b'x')":                          {"bytearray", "bytearray(b'x')", "bytearray(b'x')"},
			"{'a': memoryview(b'x')}":                  {"dict", "", ""},
			"range(3)":                                 {"range", "range(0, 3)", "range(0, 3)"},
			"__import__('datetime').date(2024, 2, 29)": {"datetime.date", "datetime.date(2024, 2, 29)", "datetime.date(2024, 2, 29)"},
			"lambda: 1":                                {"function", "", ""},
		} {
			got := must(t, pool, call.Request{Target: functions("evaluate"), Args: []value.Value{value.Str(text)}})
			ours := ""
			if got.Value != nil {
				ours = got.Value.String()
			}
			if ours != want[2] || got.Type != want[0] || want[1] != "" && got.Repr != want[1] || got.Str == "" {
				t.Errorf("%s: value %s, type %s, repr %s, str %s", text, ours, got.Type, got.Repr, got.Str)
			}
		}
	})
}

// TestForms makes what is asked for, and nothing else.
func TestForms(t *testing.T) {
	pool := poolOf(t, testpy.Newest(t))
	args := []value.Value{value.NewList(value.Str("é"), value.Float(1), value.None)}
	for want, expected := range map[call.Form]call.Result{
		0:                     {Type: "list", Value: args[0]},
		call.Str:              {Type: "list", Str: "['é', 1.0, None]"},
		call.JSON:             {Type: "list", JSON: `["\u00e9", 1.0, null]`},
		call.JSON | call.Repr: {Type: "list", JSON: `["\u00e9", 1.0, null]`, Repr: "['é', 1.0, None]"},
	} {
		got := must(t, pool, call.Request{Args: args, Want: want})
		if (got.Value == nil) != (expected.Value == nil) || got.Value != nil && got.Value.String() != expected.Value.String() {
			t.Errorf("form %d: value %v", want, got.Value)
		}
		got.Value, expected.Value = nil, nil
		if got != expected {
			t.Errorf("form %d: %+v", want, got)
		}
	}
	for _, text := range []string{"{1}", "float('nan')", "b''", "(lambda x: x.append(x) or x)([])"} {
		_, err := pool.Call(t.Context(), call.Request{Target: functions("evaluate"), Args: []value.Value{value.Str(text)}, Want: call.JSON})
		if _, ok := err.(*call.Unsent); !ok {
			t.Errorf("%s as JSON: error %v", text, err)
		}
	}
}

// TestLiterals reads arguments as ast.literal_eval does, and what it refuses as text.
func TestLiterals(t *testing.T) {
	texts := []string{"3", "-3", "3.5", "1e3", "abc", "", " ", "3 ", " 3", "None", "True", "none", "[1, 2]", "[1, x]", "'3'", `"3"`, "b'x'", "(1,)", "1,2",
		"{1: 2}", "{1, 2}", "{[]: 1}", "1+2j", "0x10", "010", "1_000", "2024", "x.py", "--flag", "-x", "a=b", "'", "[", "1 +", "__import__('os')",
		"...", "'a' 'b'", `'\d'`, "5 is 5", "é", "'é'", "\x00", "1\n", "9" + strings.Repeat("0", 5000), strings.Repeat("(", 150), "#", "f'x'", "u'x'", "lambda: 1"}
	const oracle = `
import ast, sys, warnings
warnings.simplefilter("ignore")
for text in sys.stdin.buffer.read().decode().split("\x01"):
    try:
        result = ast.literal_eval(text)
    except Exception:
        result = text
    sys.stdout.buffer.write(ascii(repr(result)).encode() + b"\n")`
	testpy.Each(t, func(t *testing.T, py testpy.Python) {
		cmd := exec.CommandContext(t.Context(), py.Path, "-c", oracle)
		cmd.Stdin = strings.NewReader(strings.Join(texts, "\x01"))
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		want := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
		pool := poolOf(t, py)
		for i, text := range texts {
			got := must(t, pool, call.Request{Target: "builtins:repr", Args: []value.Value{call.Literal(text)}})
			ascii := must(t, pool, call.Request{Target: "builtins:ascii", Args: []value.Value{got.Value}, Want: call.Str})
			if ascii.Str != want[i] {
				t.Errorf("%.50q is %.100s, by literal_eval %.100s", text, ascii.Str, want[i])
			}
		}
		if got := must(t, pool, call.Request{Args: []value.Value{call.Literal("2024-10-11")}}); got.Value != value.Value(value.Str("2024-10-11")) {
			t.Errorf("a date is %v", got.Value) // Python 3.6 itself takes it for a difference
		}
	})
}

// TestUnsendable: arguments that are no plain data are refused before anything is called.
func TestUnsendable(t *testing.T) {
	pool := poolOf(t, testpy.Newest(t))
	deep := value.Value(value.None)
	for range 2001 {
		deep = value.NewList(deep)
	}
	for want, arg := range map[string]value.Value{
		"NotImplemented is no plain data": value.NotImplemented,
		"type datetime.date":              value.Date{Year: 2024, Month: 1, Day: 1},
		"2000 values within each other":   deep,
	} {
		_, err := pool.Call(t.Context(), call.Request{Target: functions("echo"), Args: []value.Value{arg}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	bytes := []value.Value{value.Str("a\xffé\xed\xb2\x80"), call.Literal("\xfe")}
	if got := must(t, pool, call.Request{Target: functions("echo"), Args: bytes, Want: call.Repr}); got.Repr != `(('a\udcffé\udc80', '\udcfe'), {})` {
		t.Errorf("bytes that are not UTF-8 are %s", got.Repr)
	}
	all := []value.Value{value.Int(math.MinInt64), value.BigInt{X: new(big.Int).Lsh(big.NewInt(1), 64)}, nil}
	if got := must(t, pool, call.Request{Target: functions("echo"), Args: all, Want: call.Repr}); got.Repr != "((-9223372036854775808, 18446744073709551616, None), {})" {
		t.Errorf("got %s", got.Repr)
	}
}
