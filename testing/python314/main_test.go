package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestInstallRunsAndIsRepairedAndIsQuickTheSecondTime(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "py")
	for _, before := range []func(){
		func() {}, // nothing there
		func() {}, // there already
		func() { must(t, os.Remove(filepath.Join(dir, stampName))) },                             // half unpacked
		func() { must(t, os.WriteFile(filepath.Join(dir, stampName), []byte("v0.0.1"), 0o644)) }, // another version
	} {
		before()
		must(t, install(dir, time.Now()))
		if got := stamp(dir); got != version() {
			t.Fatalf("stamp %q, want %q", got, version())
		}
	}
	const code = "import sys, ssl, multiprocessing, cProfile; cProfile.run('sum(range(9))'); print(sys.version)"
	out, err := exec.Command(filepath.Join(dir, "bin", "python3"), "-c", code).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "\n3.14.") || !strings.Contains(string(out), "built-in method builtins.sum") {
		t.Fatalf("%v\n%s", err, out)
	}
	left, err := os.ReadDir(filepath.Dir(dir))
	must(t, err)
	if len(left) != 1 {
		t.Errorf("left beside the folder: %v", left)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
