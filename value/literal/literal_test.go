package literal_test

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/literal"
)

// theirs answers with ast.literal_eval: a list of reprs, None where it is no literal.
const theirs = `
import ast, json, sys, warnings
warnings.simplefilter('ignore')
def one(text):
    try:
        return ascii(ast.literal_eval(text))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None
print(json.dumps([one(t) for t in json.load(sys.stdin)]))
`

var texts = []string{
	"None", "True", "False", "...", "0", "00", "0_0", "01", "1_000", "1__0", "1_", "-5", "--5", "+-+5", "0x_fF", "0b101", "0o17", "0b12", "0xg",
	"1.5", ".5", "5.", ".", "1e3", "1e", "1E-3", "1_0.0_1e1_0", "1e400", "-1e400", "2j", "1+2j", "-1-2.5j", "1 + 2", "1+2j+3j", "2j+1", "1-3j",
	"99999999999999999999999999", "'a'", `"a'b"`, `'''a
b'''`, "'a\nb'", `'\x41\u00e9\U0001F600\101\0\n\q'`, `'\ud800'`, `'\ud83d\ude00'`, `b'\xff\0\u1234'`, `b'é'`, `r'\n\''`, `rb'\xff'`, `Rb'a'`, `u'a'`, `ur'a'`,
	`'a' 'b'`, `'a' b'b'`, `b'a' b"b"`, `f'a'`, `'\x4'`, `'\N{DIGIT ONE}x'`, `'unclosed`, "()", "(1)", "(1,)", "1,", "1,2", "(1,2", "[1,2,]", "[,]", "[1 2]", "{}", "{1}", "{1,2,}", "{1:2}",
	"{1:2,}", "{1:2,3}", "{1:2, 3:4, 1.0:5}", "{[]:1}", "{[]}", "set()", "set(1)", "{**{}}", "[*[]]", "x", "print(1)", "1 2", "1;2", "", " 1", "\n1", "# c", "1 # c", "[1, # c\n 2]", "(1\n,2)", "1\n", "[\f1]",
	"{'a': (1, [2, {3: {4}}])}", "not True", "1 if 1 else 2", "lambda: 1", "-True", "-'a'", "1.real", "1.5.5", "1e5j", "0777", "0j", "1j2", "1if", "é", "'é'", `'\8'`, `'\400'`, `b'\400'`, `'\777'`, "'a\\\nb'", "1\\\n", "(-1,+2)", "- 1",
}

// TestAgainstPython: the same value, or no literal for both.
func TestAgainstPython(t *testing.T) {
	all := append([]string{}, texts...)
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 { // pieces of literals behind each other
		a, b := texts[r.IntN(len(texts))], texts[r.IntN(len(texts))]
		all = append(all, []string{"[" + a + "," + b + "]", a[:r.IntN(len(a)+1)] + b, "{" + a + ":" + b + "}", "(" + a + ")", a + b}[r.IntN(5)])
	}
	for i := range all {
		all[i] = strings.ToValidUTF8(all[i], "?")
	}
	py := testpy.Newest(t)
	in, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	var want []*string
	code := "import io, sys\nsys.stdin = io.StringIO(open(sys.argv[1]).read())\n" + theirs
	path := t.TempDir() + "/in"
	if err := os.WriteFile(path, in, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(testpy.Run(t, py, code, path)), &want); err != nil {
		t.Fatal(err)
	}
	good := 0
	for i, text := range all {
		v, err := literal.Parse(text)
		switch {
		case err != nil && want[i] != nil && !strings.Contains(text, `\N`):
			t.Errorf("%q: %v, Python has %s", text, err, *want[i])
		case err == nil && want[i] == nil:
			t.Errorf("%q: %s, Python has no value", text, v)
		case err == nil && ascii(v) != *want[i]:
			t.Errorf("%q: %s, Python has %s", text, ascii(v), *want[i])
		case err == nil:
			good++
		}
	}
	t.Logf("%d texts, %d of them literals", len(all), good)
}

// ascii is Python's ascii(v).
func ascii(v value.Value) string {
	var b strings.Builder
	for _, r := range value.Repr(v) {
		switch {
		case r < 0x80:
			b.WriteRune(r)
		case r < 0x100:
			b.WriteString(`\x` + hex(r, 2))
		case r < 0x10000:
			b.WriteString(`\u` + hex(r, 4))
		default:
			b.WriteString(`\U` + hex(r, 8))
		}
	}
	return b.String()
}

func hex(r rune, n int) string {
	s := ""
	for ; n > 0; n-- {
		s, r = string("0123456789abcdef"[r&15])+s, r>>4
	}
	return s
}

func TestDeep(t *testing.T) {
	var syntax *literal.SyntaxError
	if _, err := literal.Parse(strings.Repeat("[", 100_000)); !errors.As(err, &syntax) {
		t.Errorf("%v", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range texts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := literal.Parse(text)
		if err != nil {
			return
		}
		again, err := literal.Parse(value.Repr(v))
		if err == nil && value.Repr(again) != value.Repr(v) {
			t.Errorf("%q is %s and then %s", text, v, again)
		}
	})
}
