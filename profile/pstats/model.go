package pstats

import "time"

// Func names a function as pstats does: file, first line and code name.
// A built-in has the file "~", line 0 and a name such as "<built-in method builtins.len>".
type Func struct {
	File string
	Line int64
	Name string
}

// FuncID is the index of a function in [Stats.Funcs]. It is also given to callers
// that have no row of their own: their [Row.Listed] is false.
type FuncID int32

// Counts are the four figures of a function or of one of its callers.
// Calls counts all calls, Primitive those not made by recursion; Own is the time
// in the function itself, Cumulative that with everything it called, in seconds.
type Counts struct {
	Calls, Primitive int64
	Own, Cumulative  float64
}

// Edge holds what one caller accounts for of a function's figures.
// CountOnly marks the edges of the pure-Python profile module and of sampled
// profiles, which hold a single number, kept in Calls.
type Edge struct {
	Caller    FuncID
	CountOnly bool
	Counts
}

// Row is one function with its figures and its callers, in the file's order.
type Row struct {
	Func   Func
	Listed bool // false: known only as a caller, never printed as a row
	Counts
	Callers []Edge
}

// Source is one file a profile was read from, as the header prints it.
type Source struct {
	Path     string // as typed
	Modified time.Time
}

// Stats is a profile, or several added together, and the order it is listed in.
// Rows is indexed by [FuncID]; order lists the functions that have a row, in the
// order of the file until Sort changes it.
type Stats struct {
	Sources []Source
	Rows    []Row
	Sampled bool // written by CPython 3.15's sampling profiler: Calls are cumulative, Primitive direct samples

	// The header's figures: sums in file order, as pstats accumulates them.
	TotalCalls, PrimitiveCalls int64
	TotalTime                  float64

	order    []FuncID // dict order: what pstats iterates over when it is not sorted
	sorted   []FuncID // the order sort_stats made; nil for "Random listing order"
	sortedBy []string // descriptions for "Ordered by"

	correct bool       // give the right figures where pstats loses some
	callees *callIndex // made by PrintCallees, and stale after Add as in pstats; nil when there is none
}
