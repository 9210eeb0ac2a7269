package testpy

import "runtime"

// Allocated is how many bytes f allocates, freed or not: for tests of what hostile input
// costs. Nothing else must run meanwhile.
func Allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
