//go:build !linux

package bwt

// allocate returns n zeroed elements and what gives them back.
func allocate[T uint32 | uint64 | int32 | byte](n int) ([]T, func(), error) {
	return make([]T, n), func() {}, nil
}
