// Package pstats reads, merges, sorts, restricts, prints and writes the profile
// files of Python's cProfile, as Python's own pstats module does.
//
// Call [Open] to read one or many files, [Stats.Sort] to order them, and
// [Stats.Print], [Stats.PrintCallers] or [Stats.PrintCallees] to print them:
//
//	stats, err := pstats.Open("a.prof", "b.prof")
//	stats.Sort("cumtime")
//	err = stats.Print(os.Stdout, pstats.Count(15))
//
// The text is byte for byte what the same calls of pstats print on CPython 3.6
// to 3.13. Times are seconds. Strings are kept as Python stored them: UTF-8, a
// lone surrogate as its three bytes ("surrogatepass").
package pstats
