package name

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// Move renames a file or a folder. The error is an [os.LinkError] that wraps [fs.ErrExist] where new is there
// already, also if it came there in the same moment; nothing is overwritten. Both must be on one file system.
func Move(old, new string) error {
	err := unix.Renameat2(unix.AT_FDCWD, old, unix.AT_FDCWD, new, unix.RENAME_NOREPLACE)
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.ENOTSUP) {
		return moveUnlessThere(old, new) // file systems that cannot, NFS among them
	}
	if err != nil {
		return &os.LinkError{Op: "rename", Old: old, New: new, Err: err}
	}
	return nil
}

// moveUnlessThere looks first: someone may come between, where the system cannot do better.
func moveUnlessThere(old, new string) error {
	if _, err := os.Lstat(new); err == nil {
		return &os.LinkError{Op: "rename", Old: old, New: new, Err: fs.ErrExist}
	}
	return os.Rename(old, new)
}
