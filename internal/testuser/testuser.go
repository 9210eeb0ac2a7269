// Package testuser runs tests as a user whom the modes of files bind. Call [Bound] first in such a test:
//
//	if !testuser.Bound(t) {
//		return // another process has run it
//	}
package testuser

import (
	"os"
	"runtime"
	"testing"
)

// Bound is true if the modes of files bind the user, so that the test can go on. For root it runs the test in a
// process of another user, fails where that fails, and is false. On Windows the test is skipped.
func Bound(t *testing.T) bool {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no modes")
	}
	if os.Geteuid() != 0 {
		return true
	}
	runAsOther(t)
	return false
}
