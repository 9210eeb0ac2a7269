//go:build !windows

package durable

import (
	"errors"
	"os"
	"syscall"
)

// syncDir makes a rename in dir durable. Some network file systems cannot; there it is as durable as they are.
func syncDir(dir string) error {
	file, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := file.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}
