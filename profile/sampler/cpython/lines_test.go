package cpython

import (
	"bufio"
	"encoding/hex"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
)

// TestLinesOfTheStandardLibrary compares the line of every instruction with what each
// Python says of its own standard library: of a fortieth of the files, of all with
// CANTIL_SLOW=1, and of Python's own tests as well with CANTIL_SLOW=all.
func TestLinesOfTheStandardLibrary(t *testing.T) {
	args := []string{"testdata/lines.py", "40", "7", ""}
	switch os.Getenv("CANTIL_SLOW") {
	case "1":
		args = []string{"testdata/lines.py", "1", "0", ""}
	case "all":
		args = []string{"testdata/lines.py", "1", "0", "tests"}
	default:
		t.Log("a fortieth of the files; CANTIL_SLOW=1 takes all")
	}
	testpy.Each(t, func(t *testing.T, py testpy.Python) {
		t.Parallel()
		cmd := exec.Command(py.Path, args...)
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		codes, instructions, wrong := compareLines(t, py.Minor, out)
		if err := cmd.Wait(); err != nil {
			t.Fatal(err)
		}
		if codes < 100 || wrong > 0 {
			t.Errorf("%d of %d instructions in %d code objects have a wrong line", wrong, instructions, codes)
		}
		t.Logf("%d code objects, %d instructions, %d wrong", codes, instructions, wrong)
	})
}

func compareLines(t *testing.T, minor int, from io.Reader) (codes, instructions, wrong int) {
	scan := bufio.NewScanner(from)
	scan.Buffer(nil, 64<<20)
	for scan.Scan() {
		fields := strings.Fields(scan.Text())
		first, _ := strconv.Atoi(fields[0])
		raw, err := hex.DecodeString(strings.TrimPrefix(fields[1], "-"))
		if err != nil {
			t.Fatal(err)
		}
		length, _ := strconv.Atoi(fields[2])
		table := parseLines(minor, raw, first)
		want, rest := 0, fields[3:]
		for offset := 0; offset < length; offset += 2 {
			for len(rest) > 0 {
				at, line, _ := strings.Cut(rest[0], ":")
				if start, _ := strconv.Atoi(at); start > offset {
					break
				}
				want, _ = strconv.Atoi(line) // None is 0
				rest = rest[1:]
			}
			if got := table.at(offset); got != want {
				if wrong++; wrong < 5 {
					t.Errorf("offset %d: line %d, want %d, in %.300s", offset, got, want, scan.Text())
				}
			}
			instructions++
		}
		codes++
	}
	if err := scan.Err(); err != nil {
		t.Error(err)
	}
	return codes, instructions, wrong
}

// FuzzLines: no table of lines, however damaged, is a trouble.
func FuzzLines(f *testing.F) {
	f.Add([]byte{0xf0, 0x03, 0x01, 0x81, 0x00}, 11, 1)
	f.Add([]byte{2, 1, 4, 0x80, 6, 255}, 10, 7)
	f.Add([]byte{2, 1, 255, 127, 6, 255}, 9, 7)
	f.Fuzz(func(t *testing.T, table []byte, minor, first int) {
		lines := parseLines(minor, table, int(int32(first)))
		for offset := -2; offset < 2*len(table); offset++ {
			lines.at(offset)
		}
		for i := 1; i < len(lines.starts); i++ {
			if lines.starts[i] <= lines.starts[i-1] {
				t.Fatalf("starts do not ascend: %v", lines.starts)
			}
		}
	})
}
