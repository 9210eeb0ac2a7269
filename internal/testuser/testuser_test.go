package testuser

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// TestBound is about a folder that is closed: whoever gets beyond Bound cannot read it.
func TestBound(t *testing.T) {
	if !Bound(t) {
		return
	}
	closed := filepath.Join(t.TempDir(), "closed")
	if err := os.Mkdir(closed, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := os.ReadDir(closed); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("user %d reads a folder of mode 0: %v", os.Geteuid(), err)
	}
}
