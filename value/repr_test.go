package value

import (
	"bufio"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/cantil-py/cantil/internal/testpy"
)

// runes that repr treats each in its own way.
var interesting = []rune{0, '\t', '\n', '\r', 0x1B, ' ', '\'', '"', '\\', 'a', '~', 0x7F, 0x80, 0xA0, 0xAD, 'é',
	0x378, 0x200B, 0x2028, 0x3000, '日', 0xD7FF, 0xD800, 0xDBFF, 0xDC00, 0xDC80, 0xDFFF, 0xE000, 0xFEFF, 0xFFFD, 0xFFFF, 0x1F600, 0xE0001, 0x10FFFF}

// wtf8 encodes runes as Python's "surrogatepass" does.
func wtf8(runes []rune) string {
	var b strings.Builder
	for _, r := range runes {
		if r >= 0xD800 && r <= 0xDFFF {
			b.Write([]byte{0xED, byte(0x80 | r>>6&0x3F), byte(0x80 | r&0x3F)})
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// pythonLines runs code, which reads the lines of the file argv[1], one repr a line.
func pythonLines(t *testing.T, py testpy.Python, code string, lines []string) []string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "lines")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	got := strings.Split(strings.TrimSuffix(testpy.Run(t, py, code, path), "\n"), "\n")
	if len(got) != len(lines) {
		t.Fatalf("Python answered %d lines of %d", len(got), len(lines))
	}
	return got
}

func TestReprStrAndBytesAgainstPython(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var texts, hexes []string
	for range 4000 {
		var runes []rune
		for range random.IntN(8) {
			runes = append(runes, interesting[random.IntN(len(interesting))])
		}
		texts = append(texts, wtf8(runes))
		hexes = append(hexes, fmt.Sprintf("%x", wtf8(runes)))
	}
	testpy.Each(t, func(t *testing.T, py testpy.Python) {
		got := pythonLines(t, py, `
import sys
for line in open(sys.argv[1]).read().split("\n"):
    data = bytes.fromhex(line)
    out = "%r %r\n" % (data.decode("utf-8", "surrogatepass"), data)
    sys.stdout.buffer.write(out.encode("utf-8"))
`, hexes)
		for i, text := range texts {
			if want := ReprStr(text) + " " + ReprBytes([]byte(text)); want != got[i] {
				t.Errorf("of %+q:\n   us %s\nPython %s", text, want, got[i])
			}
		}
	})
}

// A character that a Python escapes and we print must be unknown to that Python's Unicode tables,
// and the other way round to ours; 3.13, whose tables we follow, must agree on all.
func TestPrintableAgainstPython(t *testing.T) {
	testpy.Each(t, func(t *testing.T, py testpy.Python) {
		table := testpy.Run(t, py, `
import sys, unicodedata
print("".join("u" if unicodedata.category(c) == "Cn" else "p" if c.isprintable() else "-"
    for c in map(chr, range(0x110000))))`)
		newer := 0
		for r := rune(0); r <= unicode.MaxRune; r++ {
			theirs := table[r]
			if isPrintable(r) == (theirs == 'p') {
				continue
			}
			newer++
			unknownToUs := unicode.Is(unicode.Cn, r)
			if py.Minor == 13 || theirs != 'u' && !unknownToUs {
				t.Fatalf("%U: printable %v, Python's table says %c", r, isPrintable(r), theirs)
			}
		}
		t.Logf("%d characters are newer than one of the tables", newer)
	})
}

func TestReprFloatAgainstPython(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	floats := []float64{0, math.Copysign(0, -1), 1, -1, 0.1, 1e15, 1e16, 9999999999999998, 1e17, 1e22, 1e23, 1e-4, 1e-5, 0.00012345,
		123456.789, math.MaxFloat64, math.SmallestNonzeroFloat64, math.Inf(1), math.Inf(-1), math.NaN(), -math.NaN(), 1e100, 5e-324}
	for range 20000 {
		floats = append(floats, math.Float64frombits(random.Uint64()), random.NormFloat64(), float64(random.IntN(1e9))/1000,
			math.Ldexp(random.Float64(), random.IntN(120)-60))
	}
	var lines []string
	for _, f := range floats {
		lines = append(lines, fmt.Sprintf("%016x", math.Float64bits(f)))
	}
	testpy.Each(t, func(t *testing.T, py testpy.Python) {
		got := pythonLines(t, py, `
import struct, sys
for line in open(sys.argv[1]): print(repr(struct.unpack(">d", bytes.fromhex(line.strip()))[0]))
`, lines)
		for i, f := range floats {
			if want := ReprFloat(f); want != got[i] {
				t.Errorf("of bits %s: us %s, Python %s", lines[i], want, got[i])
			}
		}
	})
}

func TestReprInt(t *testing.T) {
	for i, want := range map[int64]string{0: "0", -7: "-7", math.MinInt64: "-9223372036854775808"} {
		if got := ReprInt(i); got != want {
			t.Errorf("ReprInt(%d) = %s", i, got)
		}
	}
}

func TestDecodeRuneOfInvalidText(t *testing.T) {
	for text, want := range map[string]rune{"\xff": 0xDCFF, "\xed\xa0\x80": 0xD800, "\xed\xbf\xbf": 0xDFFF, "\xed\xa0": 0xDCED, "\xc3": 0xDCC3, "\xef\xbf\xbd": 0xFFFD} {
		if got, _ := DecodeRune(text); got != want {
			t.Errorf("DecodeRune(%+q) = %U, want %U", text, got, want)
		}
	}
	if r, size := DecodeRune(""); r != 0 || size != 0 {
		t.Errorf("DecodeRune of nothing = %U, %d", r, size)
	}
}

// What ReprFloat prints must read back as the same number, and ReprStr must be one line of printable text.
func FuzzRepr(f *testing.F) {
	f.Add(1e16, "it's \xed\xa0\x80\n")
	f.Fuzz(func(t *testing.T, x float64, s string) {
		back, err := strconv.ParseFloat(ReprFloat(x), 64)
		if err != nil || (back != x && !math.IsNaN(x)) || math.Signbit(back) != math.Signbit(x) && !math.IsNaN(x) {
			t.Errorf("ReprFloat(%v) = %s", x, ReprFloat(x))
		}
		lines := bufio.NewScanner(strings.NewReader(ReprStr(s)))
		lines.Buffer(nil, 1<<30)
		lines.Scan()
		for _, r := range lines.Text() {
			if !isPrintable(r) {
				t.Errorf("ReprStr(%+q) holds %U", s, r)
			}
		}
		if lines.Scan() {
			t.Errorf("ReprStr(%+q) is of several lines", s)
		}
	})
}

func ExampleReprStr() {
	fmt.Println(ReprStr("it's\n"), ReprStr("\\d+"), ReprFloat(1e-5), ReprBytes([]byte{0xFF}))
	// Output: "it's\n" '\\d+' 1e-05 b'\xff'
}
