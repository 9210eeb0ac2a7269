package bwt

import (
	"fmt"
	"syscall"
	"unsafe"
)

// hugePage is the size from which large pages are worth asking for: scattered
// access to memory spends more time finding ordinary pages than reading them.
const hugePage = 2 << 20

// allocate returns n zeroed elements outside the Go heap, in large pages where the
// system has them, and what gives them back.
func allocate[T uint32 | uint64 | int32 | byte](n int) ([]T, func(), error) {
	var one T
	size := n * int(unsafe.Sizeof(one))
	if size < hugePage {
		return make([]T, n), func() {}, nil
	}
	raw, err := syscall.Mmap(-1, 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		return nil, nil, fmt.Errorf("getting %d bytes of memory: %w", size, err)
	}
	_ = syscall.Madvise(raw, syscall.MADV_HUGEPAGE) // a wish: ordinary pages do as well, only slower
	return unsafe.Slice((*T)(unsafe.Pointer(&raw[0])), n), func() { _ = syscall.Munmap(raw) }, nil
}
