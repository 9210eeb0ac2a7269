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

// TestPprof: pprof itself opens both kinds, and finds who takes the time.
func TestPprof(t *testing.T) {
	for _, p := range profiles("main", "work", "leaf") {
		path := filepath.Join(t.TempDir(), "x.pb.gz")
		var file bytes.Buffer
		if err := pprof().write(&file, p.sampled, p.exact); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("go", "tool", "pprof", "-symbolize=none", "-top", "-sample_index=wall", path).CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", p.kind, err, out)
		}
		want := map[string]string{"sampled": ` 100% of 200ms total`, "exact": `100% of 1250ms total`}[p.kind]
		if !regexp.MustCompile(want).Match(out) || !regexp.MustCompile(`(?m) work$`).Match(out) {
			t.Errorf("%s: want %s and work in\n%s", p.kind, want, out)
		}
	}
	out, err := exec.Command("go", "tool", "pprof", "-symbolize=none", "-tags", exactPprof(t)).CombinedOutput()
	if err != nil || !regexp.MustCompile(`sureness: Total`).Match(out) || !strings.Contains(string(out), ": known") {
		t.Errorf("%v\n%s", err, out)
	}
}

func exactPprof(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "exact.pb.gz")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := writePprof(file, exactProfile("main", "work")); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}
