package app

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/value/npy"
)

// A file may be cut short while its pages are read.
func TestAMappedFileThatShrinksIsAnError(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows does not let a mapped file be cut short")
	}
	path := filepath.Join(t.TempDir(), "a.npy")
	whole, err := npy.Of(make([]float64, 1<<17))
	if err != nil {
		t.Fatal(err)
	}
	if err := npy.Save(path, whole); err != nil {
		t.Fatal(err)
	}
	a, err := npy.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if err := os.Truncate(path, 1000); err != nil {
		t.Fatal(err)
	}
	sum := byte(0)
	err = whileMapped(path, func() error {
		for _, b := range a.Data {
			sum += b
		}
		return nil
	})
	var input *BadInput
	if !errors.As(err, &input) || !strings.Contains(err.Error(), "cut short") {
		t.Errorf("%v, and the bytes add up to %d", err, sum)
	}
}

func TestWhileMappedPassesOtherPanicsOn(t *testing.T) {
	defer func() {
		if recover() != "mine" {
			t.Error("a panic of another kind was swallowed")
		}
	}()
	_ = whileMapped("", func() error { panic("mine") })
}
