package store_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cantil-py/cantil/internal/store"
)

// writeForEver is the second program of the next test: it writes one record again and again.
func writeForEver(dir string) {
	run := &store.Run{ID: "x", Dir: dir}
	for i := 0; ; i++ {
		if err := run.WriteJSON("run.json", strings.Repeat("x", 1+i%7*100_000)); err != nil {
			panic(err)
		}
	}
}

func TestAKilledWriterLeavesWholeFiles(t *testing.T) {
	whole := 0
	for i := range 8 {
		dir := t.TempDir()
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), writerVariable+"="+dir)
		must(t, cmd.Start())
		for killAt := time.Now().Add(time.Duration(20+7*i) * time.Millisecond); time.Now().Before(killAt); {
			whole += readWhole(t, dir)
		}
		must(t, cmd.Process.Kill())
		_ = cmd.Wait() // it was killed
		whole += readWhole(t, dir)
	}
	if whole == 0 {
		t.Error("no record was ever there to read")
	}
}

// readWhole fails the test unless the record is whole or absent.
func readWhole(t *testing.T, dir string) int {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, "run.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0
	}
	must(t, err)
	if !json.Valid(content) {
		t.Fatalf("half a record of %d bytes", len(content))
	}
	return 1
}
