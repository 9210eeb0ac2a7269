package pickle

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
)

// disassemble prints each pickle of a stream as testdata/values.py writes it, a line of
// the name before.
const disassemble = `
import sys, pickletools
sys.path.insert(0, "testdata")
import values
sys.stdout.reconfigure(encoding="utf-8", errors="surrogatepass") if hasattr(sys.stdout, "reconfigure") else None
import io
for name, data in values.read(open(sys.argv[1], "rb")):
    out = io.StringIO()
    try:
        pickletools.dis(io.BytesIO(data), out, annotate=int(sys.argv[2]))
    except Exception as e:
        out.write("STOPPED\n")
    sys.stdout.buffer.write(("== " + name + "\n" + out.getvalue()).encode("utf-8", "surrogatepass"))
`

// ours is the same with Dis.
func ours(all []named, annotate int) string {
	var b bytes.Buffer
	for _, n := range all {
		fmt.Fprintf(&b, "== %s\n", n.name)
		if err := Dis(&b, bytes.NewReader(n.data), DisOptions{Annotate: annotate}); err != nil {
			b.WriteString("STOPPED\n")
		}
	}
	return b.String()
}

// What Dis prints is byte for byte what pickletools prints. Before 3.9 one description
// had a misprint, which is ours to mend; before 3.11 or so there was no bound on digits.
func TestDisAgainstPickletools(t *testing.T) {
	eachDump(t, func(t *testing.T, py testpy.Python, protocol int, all []named) {
		file := writeFile(t, join(all))
		for _, annotate := range []int{0, 30} {
			if os.Getenv("CANTIL_SLOW") != "1" && protocol%2 != annotate%4/2 {
				continue // each half of the protocols in one of the two forms
			}
			want := testpy.Run(t, py, disassemble, file, fmt.Sprint(annotate))
			want = strings.ReplaceAll(want, "Long integer using found-byte length.", "Long integer using four-byte length.")
			sameLines(t, fmt.Sprintf("protocol %d, -a %d", protocol, annotate), ours(all, annotate), want)
		}
	})
}

// sameLines tells the first line that differs.
func sameLines(t *testing.T, what, got, want string) {
	t.Helper()
	if got == want {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			t.Errorf("%s, line %d:\n    us %.300s\nPython %.300s", what, i+1, g[i], w[i])
			return
		}
	}
	t.Errorf("%s: %d lines, Python has %d", what, len(g), len(w))
}

// Opcodes that Python 3 no longer writes, and pickles that are wrong: the newest Python
// prints as much of them as we do.
func TestDisOfOddPickles(t *testing.T) {
	newest := testpy.Newest(t)
	if newest.Minor < 14 {
		t.Skip("NOT TESTED: pickletools prints what is wrong otherwise before 3.14: run `make python3.14`")
	}
	var all []named
	for i, data := range oddPickles() {
		all = append(all, named{fmt.Sprint(i), []byte(data)})
	}
	file := writeFile(t, join(all))
	for _, annotate := range []int{0, 30} {
		want := testpy.Run(t, newest, disassemble, file, fmt.Sprint(annotate))
		sameLines(t, fmt.Sprintf("-a %d", annotate), ours(all, annotate), want)
	}
}

func oddPickles() []string {
	return []string{
		"", ".", "N", "N.", "NN.", "0.", "(0N.", "(1N.", "1N.", "(((NNN.", "N0N.", "N2.", "h\x00.", "p0\nN.", "(p0\n.", "Np0\np0\n.", "Np0\ng0\n0.",
		"S'a\\n\\x41\\101b'\n.", "S\"it's\"\n.", "Sabc\n.", "S'abc\n.", "S'caf\xe9'\n.", "T\x03\x00\x00\x00a\xe9b.", "U\x02\xff'.", "T\xff\xff\xff\xff.",
		"cos\nsystem\n(S'ls'\ntR.", "(S'x'\nios\nsystem\n.", "(cos\nsystem\nS'x'\no.", "\x82\x01.", "\x83\x01\x02.", "\x84\x01\x02\x03\x04.", "\x84\xff\xff\xff\xff.",
		"Pabc\n.", "U\x01aQ.", "I00\n.", "I01\n.", "I5\n.", "Ix\n.", "L5L\n.", "L-5\n.", "F1.5\n.", "Fnan\n.", "F1e400\n.", "Fx\n.",
		"\x80\x04\x95\x02\x00\x00\x00\x00\x00\x00\x00N.", "\x80\x04\x95\xff\x00\x00\x00\x00\x00\x00\x00N.", "\xff.", "V\\u00e9\\U0001f600\\ud800\xe9\n.", "V\\u12\n.",
		"\x8c\x01a\x8c\x01b\x93.", "\x97\x98.", "\x98.", "(lp0\n(dp1\nsa.", "]N\x85\x94]h\x00a.", "\x8a\x00.", "\x8a\x01\xff.", "\x8b\x01\x00\x00\x00\x80.",
		"\x8b\xff\xff\xff\xff.", "X\x05\x00\x00\x00abc", "X\x01\x00\x00\x00\xff.", "X\x03\x00\x00\x00\xed\xa0\x80.", "C\x02\x00'.", "\x8e\x01\x00\x00\x00\x00\x00\x00\x00a.",
		"\x96\x01\x00\x00\x00\x00\x00\x00\x00a.", "(N\x90.", "\x8f(K\x01\x90.", "(K\x01\x91.", "}(K\x01K\x02u.", "}K\x01K\x02s.", "N}\x92.", "J\xff\xff\xff\xff.",
		"M\xff\xff.", "j\x00\x00\x00\x00.", "Nr\x01\x00\x00\x00j\x01\x00\x00\x000.", "cth\xc3\xa9\nb\n.", "c\\x41\nb\n.", "N\x94\x94h\x01\x85\x86.", "\x81.",
	}
}
