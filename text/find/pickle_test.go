package find

import (
	"encoding/base64"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
)

// TestOldPickles: what CPython writes with protocol 0 and 1 is a pickle, and nothing that is cut
// short or goes on is.
func TestOldPickles(t *testing.T) {
	const code = `
import base64, collections, datetime, decimal, fractions, pickle
class C:
    def __init__(self): self.x, self.y = 1, [self]
values = [None, True, 5, -70000, 10**30, 1.5, float("inf"), "text", u"\u00e9\n\\", b"bytes\xff", [], {}, (), set(), [1, 2, 3, 5], {"loss": [0.5, 0.25]}, (1, "a", None),
    list(range(500)), tuple(range(500)), tuple(str(i) * 3 for i in range(300)), {i: str(i) for i in range(300)}, ["x" * 700], [b"y" * 700], {"k": 10**600}, C(), [C(), C()],
    datetime.datetime(2022, 9, 6), decimal.Decimal("1.5"), fractions.Fraction(1, 3), collections.OrderedDict(a=1), len, C, 1j, frozenset([1]), bytearray(b"z"), range(3), ((((),),),)]
for protocol in 0, 1:
    for value in values:
        print(base64.b64encode(pickle.dumps(value, protocol)).decode())
    print(base64.b64encode(pickle.dumps([1], protocol) + pickle.dumps("two", protocol)).decode())
`
	path := filepath.Join(t.TempDir(), "file")
	isPickle := func(t *testing.T, data []byte) bool {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		kinds, err := KindsOf(path)
		if err != nil {
			t.Fatal(err)
		}
		return slices.Contains(kinds, Pickle)
	}
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		lines := strings.Fields(testpy.Run(t, py, code))
		for _, line := range lines {
			data, err := base64.StdEncoding.DecodeString(line)
			if err != nil {
				t.Fatal(err)
			}
			if !isPickle(t, data) {
				t.Errorf("not told: %.80q", data)
			}
			if isPickle(t, data[:len(data)-1]) || isPickle(t, append(slices.Clone(data), "x"...)) {
				t.Errorf("told without its end, or with more behind it: %.80q", data)
			}
		}
		t.Logf("%d pickles", len(lines))
	})
}

// TestTextsAreNoPickles: nothing in this repository is one by chance, its programs, pages and
// pictures, nor are texts that begin as one does.
func TestTextsAreNoPickles(t *testing.T) {
	files := 0
	err := filepath.WalkDir(testpy.Root(t), func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "build" || entry.Name() == ".git"):
			return fs.SkipDir // there files come and go
		}
		switch filepath.Ext(path) {
		case ".go", ".md", ".py", ".txt", ".txtar", ".svg", ".sum", ".mod", ".json", ".yml":
		default:
			return nil
		}
		files++
		data, err := os.ReadFile(path)
		if err == nil && (isOldPickle(data[:min(len(data), headSize)], len(data) < headSize) || isOldPickle(append(data[:min(len(data), 100)], '.'), true)) {
			t.Errorf("%s is told to be a pickle", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 100 {
		t.Errorf("only %d files looked at", files)
	}
	for _, text := range []string{"", ".", "..", "No.", "I am.", "(see below).", "I1.", "ten.", "p0\n.", "(.", "0.", "K", "X\xff\xff\xff\xff.", "N.N", "]a.", "(1.", "F1.5e\n.", strings.Repeat("ha", 400) + ".", strings.Repeat("(", 600) + ".", strings.Repeat("N", 600) + "."} {
		if isOldPickle([]byte(text)[:min(len(text), headSize)], len(text) < headSize) {
			t.Errorf("%.20q is told to be a pickle", text)
		}
	}
}
