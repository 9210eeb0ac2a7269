package between

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/cantil-py/cantil/internal/testpy"
)

// ask is one question, as JSON for Python; nil is no marker.
type ask struct {
	Text           string
	Prefix, Suffix *string
}

func literal(t *testing.T, text *string) *Marker {
	t.Helper()
	if text == nil {
		return nil
	}
	m, err := Literal(*text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// asks are all short texts of three letters with all short markers, and none, that
// fit into a test.
func asks() []ask {
	var markers []*string
	for _, m := range []string{"", "a", "b", "ab", "aa", "aab", "ba"} {
		markers = append(markers, &m)
	}
	markers = append(markers, nil)
	var list []ask
	texts := []string{""}
	for len(texts[0]) < 6 {
		var longer []string
		for _, text := range texts {
			for _, p := range markers {
				for _, s := range markers {
					list = append(list, ask{text, p, s})
				}
			}
			longer = append(longer, text+"a", text+"b")
		}
		texts = longer
	}
	return list
}

// TestAsPython compares with the definition: str.index for the prefix, and for the
// suffix from behind it.
func TestAsPython(t *testing.T) {
	const code = `
import json, sys
for p, s, text in ((a["Prefix"], a["Suffix"], a["Text"]) for a in json.load(open(sys.argv[1]))):
    try:
        start = 0 if p is None else text.index(p) + len(p)
        end = len(text) if s is None else text.index(s, start)
        print("%d %d %s" % (start, end, text[start:end]))
    except ValueError:
        print("missing")
`
	list := asks()
	data, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "asks.json")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	py := testpy.Newest(t)
	want := strings.Split(strings.ReplaceAll(testpy.Run(t, py, code, file), "\r\n", "\n"), "\n")
	for i, a := range list {
		if got := answer(t, a); got != want[i] {
			t.Fatalf("%q between %v and %v: %s, Python %s has %s", a.Text, literal(t, a.Prefix), literal(t, a.Suffix), got, py.Version, want[i])
		}
	}
	t.Logf("compared %d questions with CPython %s", len(list), py.Version)
}

// answer is our answer as the Python above prints it, a byte at a time.
func answer(t *testing.T, a ask) string {
	t.Helper()
	o := Options{Prefix: literal(t, a.Prefix), Suffix: literal(t, a.Suffix), Keep: 100}
	for span, err := range Spans(iotest.OneByteReader(strings.NewReader(a.Text)), o) {
		var missing *MissingError
		if errors.As(err, &missing) {
			return "missing"
		}
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("%d %d %s", span.Start, span.End, span.Kept)
	}
	t.Fatal("neither a span nor an error")
	return ""
}

// plainAll is the plain definition of All with both markers.
func plainAll(text, prefix, suffix string) (list []string, whole bool) {
	for {
		i := strings.Index(text, prefix)
		if i < 0 {
			return list, len(list) > 0
		}
		text = text[i+len(prefix):]
		i = strings.Index(text, suffix)
		if i < 0 {
			return list, false
		}
		list, text = append(list, text[:i]), text[i+len(suffix):]
	}
}

// TestAll compares all spans with the plain definition, over random texts in random
// pieces, markers that are alike or overlap, as literals and as regular expressions.
func TestAll(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for round := range 1500 {
		text := make([]byte, random.IntN(60))
		for i := range text {
			text[i] = "ab\n\xff"[random.IntN(4)]
		}
		pick := func() string {
			m := make([]byte, 1+random.IntN(3))
			for i := range m {
				m[i] = "ab\xff"[random.IntN(3)]
			}
			return string(m)
		}
		prefix, suffix := pick(), pick()
		want, whole := plainAll(string(text), prefix, suffix)
		for _, regex := range []bool{false, true} {
			if regex && strings.Contains(prefix+suffix, "\xff") {
				continue
			}
			o := Options{Prefix: made(t, prefix, regex), Suffix: made(t, suffix, regex), All: true, After: []byte("|")}
			var out bytes.Buffer
			found, err := Copy(&out, iotest.HalfReader(iotest.OneByteReader(bytes.NewReader(text))), o)
			var missing *MissingError
			if (err == nil) != whole || err != nil && !errors.As(err, &missing) {
				t.Fatalf("round %d: %q between %q and %q: %v", round, text, prefix, suffix, err)
			}
			joined := strings.Join(append(want, ""), "|")
			if found != len(want) || !strings.HasPrefix(out.String(), joined) || whole && out.String() != joined {
				t.Fatalf("round %d, regexp %v: %q between %q and %q: %q, want %q", round, regex, text, prefix, suffix, out.String(), joined)
			}
			if got := copiedFile(t, text, o); got != joined {
				t.Fatalf("round %d, regexp %v, as a file: %q, want %q", round, regex, got, joined)
			}
		}
	}
}

func made(t *testing.T, text string, regex bool) *Marker {
	t.Helper()
	if !regex {
		return literal(t, &text)
	}
	m, err := Regexp(regexp.QuoteMeta(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// copiedFile is what CopyFile writes of a file that begins with two bytes already read.
func copiedFile(t *testing.T, text []byte, o Options) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(path, append([]byte("ab"), text...), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.Seek(2, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	var missing *MissingError
	if _, err := CopyFile(&out, file, o); err != nil && !errors.As(err, &missing) {
		t.Fatal(err)
	}
	return out.String()
}

func TestOptions(t *testing.T) {
	const text = "start [one] [two] <three>\n[four\nfive] [six"
	for _, c := range []struct {
		prefix, suffix string // as regular expressions where they begin with ~; "-" is none
		o              Options
		want, err      string
	}{
		{"[", "]", Options{}, "one.", ""},
		{"[", "]", Options{Nth: 2}, "two.", ""},
		{"[", "]", Options{Nth: 3, Include: true}, "[four\nfive].", ""},
		{"[", "]", Options{Nth: 5}, "", `no suffix "]" from byte 39 on, after 3 found`},
		{"]", "", Options{Nth: 5}, "", `no prefix "]" from byte 37 on, after 3 found`},
		{"[", "]", Options{All: true}, "one.two.four\nfive.six", `no suffix "]" from byte 39 on, after 3 found`},
		{"<", ">", Options{All: true, Include: true}, "<three>.", ""},
		{"-", " ", Options{}, "start.", ""},
		{"-", " ", Options{Nth: 3}, "[two].", ""},
		{"-", "\n", Options{All: true, Include: true}, "start [one] [two] <three>\n.[four\n.five] [six", `no suffix "\n" from byte 32 on, after 2 found`},
		{"five] ", "-", Options{}, "[six.", ""},
		{"[", "-", Options{Nth: 3}, "four\nfive] [six.", ""},
		{"-", "-", Options{All: true}, text + ".", ""},
		{"q", "y", Options{}, "", `no prefix "q" from byte 0 on, after 0 found`},
		{`~^\[`, `~$`, Options{}, "four.", ""},
		{`~\bt\w+`, `~[>\]]`, Options{All: true, Include: true}, "two].three>.", ""},
		{`~\[`, `~\w\b`, Options{All: true}, "on.tw.fou.si.", ""},
		{`~e\n`, `~.`, Options{}, "", `no prefix "e\\n" from byte 0 on, after 0 found`},
		{`~>\n`, `~]`, Options{}, "[four\nfive.", ""},
	} {
		o := c.o
		o.Prefix, o.Suffix, o.After = marker(t, c.prefix), marker(t, c.suffix), []byte(".")
		for name, r := range map[string]io.Reader{"whole": strings.NewReader(text), "bytes": iotest.OneByteReader(strings.NewReader(text))} {
			var out strings.Builder
			_, err := Copy(&out, r, o)
			if told := fmt.Sprint(err); out.String() != c.want || told != c.err && (c.err != "" || err != nil) {
				t.Errorf("%s: from %s to %s, %+v: %q, %v\nwant %q, %s", name, c.prefix, c.suffix, c.o, out.String(), err, c.want, c.err)
			}
		}
	}
}

func marker(t *testing.T, text string) *Marker {
	t.Helper()
	if text == "-" {
		return nil
	}
	expr, regex := strings.CutPrefix(text, "~")
	if !regex {
		return literal(t, &text)
	}
	m, err := Regexp(expr)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestRefusals(t *testing.T) {
	if _, err := Regexp("(?P<a"); err == nil || strings.Contains(err.Error(), "?m") {
		t.Errorf("a bad expression: %v", err)
	}
	if _, err := Literal(strings.Repeat("x", MaxMarker+1)); err == nil {
		t.Error("a marker without bound")
	}
	empty := ""
	for _, o := range []Options{{All: true}, {Nth: 3}} {
		o.Prefix, o.Suffix = literal(t, &empty), literal(t, &empty)
		if _, err := Copy(io.Discard, strings.NewReader("abc"), o); !errors.Is(err, errStuck) {
			t.Errorf("%+v: %v", o, err)
		}
	}
	long := io.MultiReader(strings.NewReader("a\n"), strings.NewReader(strings.Repeat("x", 3*MaxLine)))
	if _, err := Copy(io.Discard, long, Options{Prefix: marker(t, "~y")}); err == nil || !strings.Contains(err.Error(), "byte 2 begins a line") {
		t.Errorf("a line without end: %v", err)
	}
}

// TestFailures: what the reader and the writer say is not lost.
func TestFailures(t *testing.T) {
	broken := errors.New("broken")
	for _, m := range []string{"b", "~b", "-"} {
		for _, text := range []string{"", "a", "ab"} {
			o := Options{Prefix: marker(t, m), Suffix: marker(t, "~q")}
			r := io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken))
			if _, err := Copy(io.Discard, r, o); !errors.Is(err, broken) {
				t.Errorf("%q from %s: %v", text, m, err)
			}
		}
		r, w := io.Pipe()
		r.Close()
		o := Options{Prefix: marker(t, m)}
		if _, err := Copy(w, strings.NewReader("abab"), o); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("writing from %s: %v", m, err)
		}
	}
}

// TestConstantMemory: 64 MiB pass through, and no more than a few windows are allocated.
func TestConstantMemory(t *testing.T) {
	const size = 64 << 20
	o := Options{Prefix: marker(t, "never\x01"), Suffix: marker(t, "-")}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Copy(io.Discard, io.LimitReader(endless{}, size), o)
	runtime.ReadMemStats(&after)
	var missing *MissingError
	if !errors.As(err, &missing) {
		t.Fatal(err)
	}
	if got := after.TotalAlloc - before.TotalAlloc; got > 4*windowSize {
		t.Errorf("%d bytes allocated for a text of %d", got, size)
	}
}

// endless reads lines forever, 64 bytes and more at a time.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	const line = "never a line that ends, though each of them has sixty-four bytes\n"
	n := copy(p, line)
	for n < len(p) {
		n += copy(p[n:], p[:n/len(line)*len(line)])
		if n < len(line) {
			break
		}
	}
	return n, nil
}

// FuzzCopy: however the text is cut, the answer is the same, and as a file too.
func FuzzCopy(f *testing.F) {
	f.Add([]byte("a[b]c"), "[", "]", false, uint8(1))
	f.Add([]byte("aXbXXc\n\xff"), "X", "X", true, uint8(0))
	f.Add([]byte("line\nline\n"), "^l", "e$", true, uint8(2))
	f.Fuzz(func(t *testing.T, text []byte, prefix, suffix string, regex bool, nth uint8) {
		newMarker := Literal
		if regex {
			newMarker = Regexp
		}
		p, err := newMarker(prefix)
		if err != nil {
			return
		}
		s, err := newMarker(suffix)
		if err != nil {
			return
		}
		o := Options{Prefix: p, Suffix: s, All: nth == 0, Nth: int(nth), After: []byte("|"), Keep: 1 << 20}
		var whole, bytewise bytes.Buffer
		n, err := Copy(&whole, bytes.NewReader(text), o)
		m, err2 := Copy(&bytewise, iotest.OneByteReader(bytes.NewReader(text)), o)
		if n != m || fmt.Sprint(err) != fmt.Sprint(err2) || !bytes.Equal(whole.Bytes(), bytewise.Bytes()) {
			t.Fatalf("whole: %d %v %q\nbyte by byte: %d %v %q", n, err, whole.Bytes(), m, err2, bytewise.Bytes())
		}
		for span, err := range Spans(bytes.NewReader(text), o) {
			if err == nil && !bytes.Equal(span.Kept, text[span.Start:span.End]) {
				t.Fatalf("%+v of %q", span, text)
			}
		}
	})
}

func BenchmarkCopy(b *testing.B) {
	const size = 64 << 20
	for _, expr := range []string{"never\x01", "~nev[x-z]"} {
		b.Run(expr, func(b *testing.B) {
			newMarker := Literal
			if expr[0] == '~' {
				newMarker = Regexp
			}
			m, err := newMarker(strings.TrimPrefix(expr, "~"))
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(size)
			for b.Loop() {
				if _, err := Copy(io.Discard, io.LimitReader(endless{}, size), Options{Prefix: m}); err == nil {
					b.Fatal("found")
				}
			}
		})
	}
}
