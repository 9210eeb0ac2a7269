//go:build !linux && !darwin && !windows

package name

import (
	"io/fs"
	"os"
)

// Move renames a file or a folder. The error is an [os.LinkError] that wraps fs.ErrExist where new is there
// already. Here that is looked at first: the system cannot do both in one step.
func Move(old, new string) error {
	if _, err := os.Lstat(new); err == nil {
		return &os.LinkError{Op: "rename", Old: old, New: new, Err: fs.ErrExist}
	}
	return os.Rename(old, new)
}
