//go:build unix

package npy

import (
	"os"
	"syscall"
)

// mapFile maps the elements; the mapping begins at a page, they may begin in it.
func mapFile(a *Array, f *os.File, at int64, size int) error {
	if size == 0 {
		return nil
	}
	page := int64(os.Getpagesize())
	start := at / page * page
	data, err := syscall.Mmap(int(f.Fd()), start, int(at-start)+size, syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return readFile(a, f, at, size)
	}
	a.Data = data[at-start:]
	a.unmap = func() error { return syscall.Munmap(data) }
	return nil
}
