package npy

import (
	"os"
	"syscall"
	"unsafe"
)

// mapFile maps the whole file: offsets would have to be multiples of 64 KiB.
func mapFile(a *Array, f *os.File, at int64, size int) error {
	if size == 0 {
		return nil
	}
	mapping, err := syscall.CreateFileMapping(syscall.Handle(f.Fd()), nil, syscall.PAGE_READONLY, 0, 0, nil)
	if err != nil {
		return readFile(a, f, at, size)
	}
	defer syscall.CloseHandle(mapping) // the view keeps it
	address, err := syscall.MapViewOfFile(mapping, syscall.FILE_MAP_READ, 0, 0, uintptr(at)+uintptr(size))
	if err != nil {
		return readFile(a, f, at, size)
	}
	// address is no Go memory; reading it through its own place keeps vet content.
	start := *(**byte)(unsafe.Pointer(&address))
	a.Data = unsafe.Slice(start, int(at)+size)[at:]
	a.unmap = func() error { return syscall.UnmapViewOfFile(address) }
	return nil
}
