package export

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestCallgrindAnnotate: valgrind's own reader takes the file, and adds up as we do.
func TestCallgrindAnnotate(t *testing.T) {
	tool, err := exec.LookPath("callgrind_annotate")
	if err != nil {
		t.Skip("NO callgrind_annotate FOUND: this test reads the file with it (Debian: apt-get install valgrind)")
	}
	for kind, names := range map[string][]string{"plain": {"main", "work", "leaf", "twig"}, "hostile": hostile[:len(hostile)-1]} {
		s := exactProfile(names...)
		path := filepath.Join(t.TempDir(), "callgrind.out")
		var file bytes.Buffer
		if err := writeCallgrind(&file, s); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(tool, "--threshold=100", path).CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", kind, err, out)
		}
		total := int64(0)
		for _, row := range s.Rows {
			total += nanoseconds(row.Own)
		}
		totals := regexp.MustCompile(`([\d,]+)(?: \(100\.0%\))?  PROGRAM TOTALS`).FindSubmatch(out)
		if totals == nil || strings.ReplaceAll(string(totals[1]), ",", "") != fmt.Sprint(total) {
			t.Errorf("%s: it adds up to something else than %d:\n%s", kind, total, out)
		}
	}
}
