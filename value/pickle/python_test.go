package pickle

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/cantil-py/cantil/value"
)

// named is one pickle of testdata/values.py.
type named struct {
	name string
	data []byte
}

// python runs testdata/values.py.
func python(t *testing.T, py testpy.Python, input []byte, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(py.Path, append([]string{"testdata/values.py"}, args...)...)
	cmd.Stdin = bytes.NewReader(input)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("Python %s: %v\n%s", py.Version, err, stderr.String())
	}
	return out
}

func split(t *testing.T, stream []byte) []named {
	t.Helper()
	var all []named
	for len(stream) > 0 {
		var parts [2][]byte
		for i := range parts {
			n := binary.LittleEndian.Uint32(stream)
			parts[i], stream = stream[4:4+n], stream[4+n:]
		}
		all = append(all, named{string(parts[0]), parts[1]})
	}
	return all
}

func join(all []named) []byte {
	var out []byte
	for _, n := range all {
		out = binary.LittleEndian.AppendUint32(out, uint32(len(n.name)))
		out = append(out, n.name...)
		out = binary.LittleEndian.AppendUint32(out, uint32(len(n.data)))
		out = append(out, n.data...)
	}
	return out
}

// pythons are the oldest and the newest, or with CANTIL_SLOW=1 all.
func pythons(t *testing.T) []testpy.Python {
	all := testpy.All(t)
	if os.Getenv("CANTIL_SLOW") == "1" || len(all) < 3 {
		return all
	}
	t.Log("only the oldest and the newest here; CANTIL_SLOW=1 tests all")
	return []testpy.Python{all[0], all[len(all)-1]}
}

// eachDump calls f with the values that a Python wrote at each protocol it has.
func eachDump(t *testing.T, f func(t *testing.T, py testpy.Python, protocol int, all []named)) {
	for _, py := range pythons(t) {
		t.Run("py"+py.Version, func(t *testing.T) { eachProtocol(t, py, f) })
	}
}

func eachProtocol(t *testing.T, py testpy.Python, f func(t *testing.T, py testpy.Python, protocol int, all []named)) {
	for protocol := 0; protocol <= HighestProtocol; protocol++ {
		if protocol == 5 && py.Minor < 8 {
			continue
		}
		all := split(t, python(t, py, nil, "dump", fmt.Sprint(protocol)))
		if len(all) < 70 {
			t.Fatalf("Python wrote %d values", len(all))
		}
		f(t, py, protocol, all)
	}
}

// What any Python writes at any protocol prints here as the newest Python prints it.
func TestReprAgainstPython(t *testing.T) {
	newest := testpy.Newest(t)
	eachDump(t, func(t *testing.T, py testpy.Python, protocol int, all []named) {
		plain := all
		for i, n := range all {
			if n.name == "plain" {
				plain = all[:i]
			}
		}
		want := strings.Split(strings.TrimSuffix(string(python(t, newest, join(plain), "repr")), "\n"), "\n")
		for i, n := range plain {
			v, err := Load(n.data)
			if err != nil {
				t.Errorf("protocol %d, %s: %v", protocol, n.name, err)
				continue
			}
			// Python's ascii(repr) is the repr of the repr with all but ASCII escaped.
			if got := n.name + "\t" + asciiRepr(v.String()); got != want[i] {
				t.Errorf("protocol %d:\nPython %s\n    us %s\n  from %.200q", protocol, want[i], got, n.data)
			}
		}
	})
}

// asciiRepr is Python's ascii(s).
func asciiRepr(s string) string {
	var b strings.Builder
	for text := value.ReprStr(s); text != ""; {
		r, size := value.DecodeRune(text)
		switch {
		case r < 0x80:
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
		text = text[size:]
	}
	return b.String()
}

// writeFile keeps data for a Python to read.
func writeFile(t *testing.T, data []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "data")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// What is decoded and encoded again, at whatever protocol, is in Python the same value:
// of the same types, with the same cycles and the same sharing.
func TestEncodeAgainstPython(t *testing.T) {
	newest, slow := testpy.Newest(t), os.Getenv("CANTIL_SLOW") == "1"
	eachDump(t, func(t *testing.T, py testpy.Python, from int, all []named) {
		var back []named
		for to := 0; to <= HighestProtocol; to++ {
			if to == 5 && py.Minor < 8 || !(slow && (py.Minor == newest.Minor || py.Minor == testpy.OldestMinor)) && to != from && to != (from+3)%6 {
				continue
			}
			for _, n := range all {
				v, err := Load(n.data)
				if err != nil {
					t.Errorf("%d, %s: %v", from, n.name, err)
					continue
				}
				var out bytes.Buffer
				e := NewEncoder(&out)
				e.Protocol, e.Objects = to, true
				if err := e.Value(v); err != nil {
					if n.name != "myset" || to >= 4 { // ADDITEMS is of protocol 4
						t.Errorf("%d to %d, %s: %v", from, to, n.name, err)
					}
					continue
				}
				if strings.HasPrefix(n.name, "windows path") && py.Minor < 12 {
					continue // the drive and the names are one argument, which these Pythons take apart otherwise
				}
				back = append(back, named{n.name, out.Bytes()})
			}
		}
		if wrong := python(t, py, join(back), "same"); len(wrong) > 0 {
			t.Errorf("from protocol %d:\n%.700s", from, wrong)
		}
	})
}

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
