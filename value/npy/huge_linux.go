package npy

import (
	"syscall"
	"unsafe"
)

// inHugePages asks for pages of 2 MiB under new memory that will be filled at once: each
// page costs a fault, and of small ones a gigabyte has 262,144. Refusal does no harm.
func inHugePages(p []byte) {
	const size = 2 << 20
	start := uintptr(unsafe.Pointer(unsafe.SliceData(p)))
	skip := (size - start%size) % size
	if uintptr(len(p)) < skip+size {
		return
	}
	whole := (uintptr(len(p)) - skip) / size * size
	_ = syscall.Madvise(p[skip:skip+whole], syscall.MADV_HUGEPAGE)
}
