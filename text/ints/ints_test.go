package ints

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/big"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/cantil-py/cantil/internal/testpy"
)

// scanned is all numbers of r, with spaces between, and the error.
func scanned(r io.Reader) (string, error) {
	var list []string
	s := NewScanner(r)
	for s.Scan() {
		list = append(list, s.Number().String())
	}
	return strings.Join(list, " "), s.Err()
}

// TestItemsAsPython compares what is a number with int() of each CPython, for all
// items of up to four of the characters that matter, and some others.
func TestItemsAsPython(t *testing.T) {
	const code = `
import itertools, sys
for n in range(1, 5):
    for item in map("".join, itertools.product("07_+-a", repeat=n)):
        try:
            print(int(item))
        except ValueError:
            print("no")
for item in sys.argv[1:]:
    try:
        print(int(item))
    except ValueError:
        print("no")
`
	items := []string{"9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
		"999999999999999999", "1000000000000000000", "-999999999999999999", "+12", "0x1f", "1e5", "1.0", "0b1", "00012", "1__2", "_1", "1_",
		"1_000_000", strings.Repeat("9", 4000), "1l"}
	var ours strings.Builder
	tell := func(item string) {
		got, err := scanned(strings.NewReader(item))
		if err != nil {
			got = "no"
		}
		ours.WriteString(got + "\n")
	}
	var each func(item string, left int)
	each = func(item string, left int) {
		if left == 0 {
			tell(item)
			return
		}
		for _, c := range "07_+-a" {
			each(item+string(c), left-1)
		}
	}
	for n := 1; n < 5; n++ {
		each("", n)
	}
	for _, item := range items {
		tell(item)
	}
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		theirs := strings.ReplaceAll(testpy.Run(t, py, code, items...), "\r\n", "\n")
		a, b := strings.Split(ours.String(), "\n"), strings.Split(theirs, "\n")
		for i := range a {
			if a[i] != b[i] {
				t.Fatalf("item %d: %s, CPython has %s", i, a[i], b[i])
			}
		}
	})
}

// TestNotes: what is written is what Python's ", ".join(str(i) for i in x) writes, and
// what Python reads again as its notes do.
func TestNotes(t *testing.T) {
	const code = `
import sys
with open(sys.argv[1]) as f:
    y = [int(s) for s in f.read().split(", ")]
with open(sys.argv[2], "w") as f:
    f.write(", ".join(str(i) for i in y))
print(y)
`
	dir := t.TempDir()
	ours, theirs := filepath.Join(dir, "new", "ours.txt"), filepath.Join(dir, "theirs.txt")
	x := []int64{1, 2, 3, 4, 5, -7, 0, 1 << 62}
	if err := WriteFile(ours, x); err != nil {
		t.Fatal(err)
	}
	said := strings.TrimSpace(testpy.Run(t, testpy.Newest(t), code, ours, theirs))
	if want := "[1, 2, 3, 4, 5, -7, 0, 4611686018427387904]"; said != want {
		t.Errorf("Python reads %s, want %s", said, want)
	}
	y, err := ReadFile(theirs)
	if err != nil || !slices.Equal(x, y) {
		t.Errorf("read %v, %v, want %v", y, err, x)
	}
	a, _ := os.ReadFile(ours)
	b, _ := os.ReadFile(theirs)
	if !bytes.Equal(a, b) || len(a) == 0 {
		t.Errorf("ours %q, Python's %q", a, b)
	}
}

func TestErrors(t *testing.T) {
	for text, want := range map[string]string{
		"1, 2, x, 4":                           `line 1, column 7: "x" is no whole number`,
		"1\n2\n 3.5 4":                         `line 3, column 2: "3.5" is no whole number`,
		"1,,2":                                 `line 1, column 3: "" is no number: nothing stands beside a comma`,
		", 2":                                  `line 1, column 1: "" is no number: nothing stands beside a comma`,
		"1, 2,\n":                              `line 2, column 1: "" is no number: nothing stands beside a comma`,
		"1\r\n2\r\n\xff":                       "line 3, column 1: \"\\xff\" is no whole number",
		"11111111111, 22222, 3;4":              `line 1, column 21: "3;4" is no whole number`,
		strings.Repeat("1\n", 200_000) + "  a": `line 200001, column 3: "a" is no whole number`,
		"[1, 2]":                               `line 1, column 1: "[1" is no whole number`,
		"1 " + strings.Repeat("7", MaxItem+1):  `line 1, column 3: "7777777777777777777777777777777777777777..." is too long for a number`,
	} {
		for _, r := range []io.Reader{strings.NewReader(text), iotest.HalfReader(strings.NewReader(text))} {
			_, err := scanned(r)
			if fmt.Sprint(err) != want {
				t.Errorf("%.40q: %v, want %s", text, err, want)
			}
		}
	}
	_, err := Read(strings.NewReader("1,\n 99999999999999999999"))
	if want := `line 2, column 2: "99999999999999999999" is beyond 64 bits`; fmt.Sprint(err) != want {
		t.Errorf("%v, want %s", err, want)
	}
	broken := errors.New("broken")
	if _, err := scanned(io.MultiReader(strings.NewReader("1, 2"), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Errorf("a broken reader: %v", err)
	}
	if _, err := ReadFile(filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

// TestWriteFile: an old file keeps its mode, a link stays one, a failure leaves the old text.
func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "list.txt")
	if err := os.WriteFile(path, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink(path, link); err != nil {
		t.Logf("links are not tested here: %v", err)
		link = path
	}
	if err := WriteFile(link, []int64{7}); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o640 {
		t.Errorf("the file is now %v, %v", info, err)
	}
	if list, err := ReadFile(path); err != nil || !slices.Equal(list, []int64{7}) {
		t.Errorf("behind the link: %v, %v", list, err)
	}
	if err := WriteFile(dir, []int64{1}); err == nil {
		t.Error("a folder was written to")
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) > 2 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// TestSummary compares with Python's statistics, which is exact from 3.11 on.
func TestSummary(t *testing.T) {
	const code = `
import random, statistics, sys
random.seed(7)
for most in [0, 3, 1000, 2**31, 2**63 - 1, 2**70, 10**40]:
    for n in [1, 2, 3, 10, 500]:
        x = [random.randint(-most, most) for _ in range(n)]
        print(*x)
        print(len(x), sum(x), min(x), max(x), repr(float(statistics.mean(x))), repr(float(statistics.stdev(x)) if n > 1 else float("nan")))
`
	py := testpy.Newest(t)
	if py.Minor < 11 {
		t.Skip("statistics is exact from CPython 3.11 on: run `make python3.14`")
	}
	lines := strings.Split(strings.TrimSpace(testpy.Run(t, py, code)), "\n")
	for i := 0; i < len(lines); i += 2 {
		var sum Summary
		s := NewScanner(strings.NewReader(lines[i]))
		for s.Scan() {
			sum.Add(s.Number())
		}
		if s.Err() != nil {
			t.Fatal(s.Err())
		}
		var mean, stdev float64
		fields := strings.Fields(lines[i+1])
		if _, err := fmt.Sscan(fields[4]+" "+fields[5], &mean, &stdev); err != nil {
			t.Fatal(err)
		}
		got := fmt.Sprint(sum.Count(), sum.Sum(), sum.Min(), sum.Max(), sum.Mean(), sum.Stdev())
		want := strings.Join(fields[:4], " ") + " " + fmt.Sprint(mean, stdev)
		if got != want {
			t.Errorf("%.60s...: %s, Python has %s", lines[i], got, want)
		}
	}
	var none Summary
	if none.Min() != nil || none.Sum().Sign() != 0 || none.Mean() == none.Mean() {
		t.Errorf("of nothing: %v %v %v", none.Min(), none.Sum(), none.Mean())
	}
}

// definition is the syntax, slow and simple.
func definition(text string) (string, bool) {
	isSpace := func(r rune) bool { return r < 0x80 && separates(byte(r)) && r != ',' }
	if strings.TrimFunc(text, isSpace) == "" {
		return "", true
	}
	var list []string
	for _, part := range strings.Split(text, ",") {
		items := strings.FieldsFunc(part, isSpace)
		if len(items) == 0 {
			return "", false
		}
		for _, item := range items {
			n, ok := new(big.Int).SetString(strings.ReplaceAll(item, "_", ""), 10)
			if !ok || !plain(strings.TrimPrefix(strings.TrimPrefix(item, "-"), "+")) || len(item) > MaxItem {
				return "", false
			}
			list = append(list, n.String())
		}
	}
	return strings.Join(list, " "), true
}

// FuzzScan: however the text is cut, it is read as the plain definition has it.
func FuzzScan(f *testing.F) {
	f.Add([]byte("1, 2, 3, 4, 5"))
	f.Add([]byte("1234567890123456789, -1_0 +3\n\t4,5 ,6\r\n777777777777777777777777777777,8 9 10 11 12 13 14 15"))
	f.Fuzz(func(t *testing.T, text []byte) {
		want, ok := definition(string(text))
		for _, r := range []io.Reader{bytes.NewReader(text), iotest.OneByteReader(bytes.NewReader(text))} {
			got, err := scanned(r)
			if (err == nil) != ok || ok && got != want {
				t.Fatalf("%q: %q %v, want %q %v", text, got, err, want, ok)
			}
		}
	})
}

// TestScan is FuzzScan for random lists, long enough for every window.
func TestScan(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 9))
	separators := []string{", ", ",", " ", "\n", ",\n", "\t", " , ", "\r\n", "  "}
	for range 50 {
		var text strings.Builder
		for i := range random.IntN(3000) {
			if i > 0 {
				text.WriteString(separators[random.IntN(len(separators))])
			}
			fmt.Fprint(&text, (random.Int64()-1<<62)>>random.IntN(62))
		}
		want, ok := definition(text.String())
		got, err := scanned(iotest.HalfReader(strings.NewReader(text.String())))
		if !ok || err != nil || got != want {
			t.Fatalf("%.200s: %v %v", text.String(), ok, err)
		}
		list, err := Read(strings.NewReader(text.String()))
		if err != nil || strings.Trim(fmt.Sprint(list), "[]") != want {
			t.Fatalf("Read: %v", err)
		}
	}
}
