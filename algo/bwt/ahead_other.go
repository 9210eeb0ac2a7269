//go:build !amd64 || purego

package bwt

// fetch brings near what the positions in rows stand for in data, by reading it. The sum
// means nothing, but must be used, so that there is something to read for.
func fetch[T byte | int32](data []T, rows []int32) (sum T) {
	for _, p := range rows {
		if uint(p) < uint(len(data)) {
			sum += data[p]
		}
	}
	return sum
}
