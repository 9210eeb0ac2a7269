package diff

import "github.com/cantil-py/cantil/bench"

// Profile is one profile, ready to be compared.
type Profile struct {
	Name string // what errors call it: its file
	Kind Kind
	// Grain is the shortest time that the profile can tell, in seconds: that of one sample. 0 for an exact profile's microsecond.
	Grain float64
	// Functions may hold some that are known as callers only: they have no figures.
	Functions []Function
}

// Mode is how a profile was collected.
type Mode string

// The modes.
const (
	Exact   Mode = "exact"   // every call is counted
	Sampled Mode = "sampled" // Calls are samples, and no counts
)

// Kind is what must be the same of profiles that are compared. What is not known, as of a bare profile file, is "" or 0.
type Kind struct {
	Mode   Mode    `json:"mode"`
	Clock  string  `json:"clock,omitempty"`  // "wall"; of samples also "cpu" and "gil": only threads that compute, or hold the lock, count
	Python string  `json:"python,omitempty"` // "3.12.1"; before it the implementation, if that is not CPython: "pypy 3.10.14"
	Rate   float64 `json:"rate,omitempty"`   // samples in a second; below 0 for as many as could be had
}

// Func names a function. A built-in has the file "~" and line 0.
type Func struct {
	File string `json:"file"`
	Line int64  `json:"line"` // the first of its body
	Name string `json:"name"` // qualified, where the profile has it so
}

// Function is one of a profile's.
type Function struct {
	Func
	Figures
	Callers []Edge
}

// Figures are those of a function, or of one of its callers.
type Figures struct {
	Calls           int64
	Own, Cumulative float64
}

// Edge is what one caller accounts for of a function's figures.
type Edge struct {
	Caller int // its place among the functions
	Figures
}

// Diff is what changed between the profiles of two sides.
type Diff struct {
	Before int  `json:"before"` // how many profiles
	After  int  `json:"after"`
	Paired bool `json:"paired"` // the profiles at one place of both sides are of one round
	Judged bool `json:"judged"` // there are enough to tell noise from change

	BeforeKind Kind `json:"before_kind"`
	AfterKind  Kind `json:"after_kind"`

	Whole Time  `json:"whole"` // all own times, as the clock had them
	Calls Calls `json:"calls"`
	// Speed is by how much everything changed alike; nil where rows are as the clock had them. The times of all rows are those at equal speed.
	Speed *Time `json:"speed,omitempty"`
	Equal *Time `json:"equal_speed,omitempty"` // the whole at equal speed

	Rows []Row          `json:"rows"` // those that changed most come first
	Also []bench.Change `json:"-"`    // of Options.Also
	// Moved are files whose functions are all gone, and those in which the like are new: most often renames that were not asked for.
	Moved []Rename     `json:"moved,omitempty"`
	Idle  []IdleRename `json:"idle_renames,omitempty"`
}

// Row is one function on both sides.
type Row struct {
	Before *Func `json:"before,omitempty"` // nil if it is new
	After  *Func `json:"after,omitempty"`  // nil if it is gone
	Change
	Explains float64     `json:"explains"` // its part of the change of the whole; 0 if that did not change
	Callers  []CallerRow `json:"callers,omitempty"`
}

// CallerRow is one caller of a function on both sides.
type CallerRow struct {
	Before *Func `json:"before,omitempty"`
	After  *Func `json:"after,omitempty"`
	Change
}

// Change has all figures of a row.
type Change struct {
	Calls      Calls `json:"calls"`
	Own        Time  `json:"own"`
	Cumulative Time  `json:"cumulative"`
	Tiny       bool  `json:"tiny,omitempty"` // takes too little to be judged
}

// Calls is how many calls there were on each side: always as many, or between two numbers.
type Calls struct {
	Before Range `json:"before"`
	After  Range `json:"after"`
	Differ bool  `json:"differ"` // no profile of one side has a number that one of the other has
}

// Range is from the least to the most.
type Range struct {
	Least int64 `json:"least"`
	Most  int64 `json:"most"`
}

// Time is a time on both sides, typically, and what became of it. Its Factor is 0 where there is none before or after.
type Time struct {
	Before float64 `json:"before"` // trimmed mean, as [bench.Typical] has it
	After  float64 `json:"after"`
	bench.Change
}

// Gained is how much longer it takes, in seconds.
func (t Time) Gained() float64 { return t.After - t.Before }

// Name is how the function is called after the change, or was before.
func (r *Row) Name() Func { return nameOf(r.Before, r.After) }

// Name is how the caller is called after the change, or was before.
func (r *CallerRow) Name() Func { return nameOf(r.Before, r.After) }

func nameOf(before, after *Func) Func {
	if after != nil {
		return *after
	}
	return *before
}

// Changed says whether anything of it did: a time beyond the noise, or the number of calls.
func (c *Change) Changed() bool { return c.Calls.Differ || c.Own.Differs() || c.Cumulative.Differs() }
