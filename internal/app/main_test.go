package app

import (
	"os"
	"testing"
)

// TestMain: tests that run programs start this executable as their shim.
func TestMain(m *testing.M) {
	if code, is := Shim(); is {
		os.Exit(code)
	}
	os.Exit(m.Run())
}
