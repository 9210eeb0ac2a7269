package name

import (
	"os"

	"golang.org/x/sys/unix"
)

// Move renames a file or a folder. The error is an [os.LinkError] that wraps fs.ErrExist where new is there
// already, also if it came there in the same moment; nothing is overwritten. Both must be on one file system.
func Move(old, new string) error {
	if err := unix.RenameatxNp(unix.AT_FDCWD, old, unix.AT_FDCWD, new, unix.RENAME_EXCL); err != nil {
		return &os.LinkError{Op: "rename", Old: old, New: new, Err: err}
	}
	return nil
}
