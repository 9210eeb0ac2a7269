package cpython

import (
	"bufio"
	"encoding/hex"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
)

// TestCallsOfTheStandardLibrary compares the names of what is called with the source:
// none may be wrong, and most must be known.
func TestCallsOfTheStandardLibrary(t *testing.T) {
	every := "40"
	if os.Getenv("CANTIL_SLOW") == "1" {
		every = "6"
	}
	testpy.Each(t, func(t *testing.T, py testpy.Python) {
		t.Parallel()
		cmd := exec.Command(py.Path, "testdata/calls.py", every, "3")
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		table, err := loadOpcodes(py.Minor)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		lines.Buffer(nil, 64<<20)
		calls, known, wrong := 0, 0, 0
		for lines.Scan() {
			c, k, w := compareCalls(t, py.Minor, table, strings.Fields(lines.Text()))
			calls, known, wrong = calls+c, known+k, wrong+w
		}
		if err := cmd.Wait(); err != nil || lines.Err() != nil {
			t.Fatal(err, lines.Err())
		}
		if calls < 500 || wrong > 0 || known < calls*8/10 {
			t.Errorf("of %d calls %d have a name, %d a wrong one", calls, known, wrong)
		}
		t.Logf("%d calls, %.1f %% with a name, %d wrong", calls, 100*float64(known)/float64(calls), wrong)
	})
}

func compareCalls(t *testing.T, minor int, table *[256]opcode, fields []string) (calls, known, wrong int) {
	t.Helper()
	code, err := hex.DecodeString(fields[0])
	if err != nil {
		t.Fatal(err)
	}
	s := callScan{minor: minor, opcodes: table, names: strings.Split(fields[1], ","), found: map[int]string{}}
	s.scan(code)
	for _, one := range fields[2:] {
		at, names, _ := strings.Cut(one, ":")
		offset, err := strconv.Atoi(at)
		if err != nil {
			t.Fatal(err)
		}
		calls++
		got := s.found[offset]
		if got == "" {
			continue
		}
		known++
		private := got
		if i := strings.Index(got, "__"); i > 0 && got[0] == '_' {
			private = got[i:] // without its class
		}
		admitted := "," + names + ","
		if names != "*" && !strings.Contains(admitted, ","+got+",") && !strings.Contains(admitted, ","+private+",") {
			if wrong++; wrong < 4 {
				t.Logf("at %d: %s, want %s", offset, got, names)
			}
		}
	}
	return calls, known, wrong
}

// FuzzCalls: no code, however damaged, is a trouble.
func FuzzCalls(f *testing.F) {
	f.Add([]byte{116, 0, 124, 0, 131, 1, 83, 0}, 8)
	f.Fuzz(func(t *testing.T, code []byte, minor int) {
		table, err := loadOpcodes(minor)
		if err != nil {
			t.Skip()
		}
		s := callScan{minor: minor, opcodes: table, names: []string{"a", "b"}, found: map[int]string{}}
		s.scan(code)
		for at, name := range s.found {
			if at < 0 || at >= len(code) || name != "a" && name != "b" {
				t.Fatalf("%q is called at %d", name, at)
			}
		}
	})
}
