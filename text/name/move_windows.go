package name

import (
	"os"

	"golang.org/x/sys/windows"
)

// Move renames a file or a folder. The error is an [os.LinkError] that wraps fs.ErrExist where new is there
// already, also if it came there in the same moment; nothing is overwritten. Both must be on one volume.
func Move(old, new string) error {
	from, err := windows.UTF16PtrFromString(old)
	if err == nil {
		var to *uint16
		if to, err = windows.UTF16PtrFromString(new); err == nil {
			err = windows.MoveFileEx(from, to, 0) // without MOVEFILE_REPLACE_EXISTING
		}
	}
	if err != nil {
		return &os.LinkError{Op: "rename", Old: old, New: new, Err: err}
	}
	return nil
}
