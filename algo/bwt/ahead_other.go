//go:build !amd64 || purego

package bwt

// fetch brings near what the positions in rows stand for in data, by reading it. What it returns
// means nothing, but must be used, so that there is something to read for.
func fetch[T comparable](data []T, rows []int32) (zeros int) {
	var zero T
	for _, p := range rows {
		if uint(p) < uint(len(data)) && data[p] == zero {
			zeros++
		}
	}
	return zeros
}
