//go:build !purego

package bwt

import "unsafe"

// fetch brings near what the positions in rows stand for in data. What it returns means nothing.
//
// The processor's own instruction for it waits for nothing, other than reading: together with
// the loops' work that takes two thirds of the time (docs/design/bwt.md).
func fetch[T comparable](data []T, rows []int32) int {
	if len(data) > 0 && len(rows) > 0 {
		prefetch(unsafe.Pointer(&data[0]), len(data), int(unsafe.Sizeof(data[0])), &rows[0], len(rows))
	}
	return 0
}

// prefetch prefetches elements of data, of size bytes each, of which there are length: those that
// the count positions at rows name.
//
//go:noescape
func prefetch(data unsafe.Pointer, length, size int, rows *int32, count int)
