// Package bench measures things against each other in fair rounds, and says whether they differ.
//
// Call [Measure] with candidates; it returns a [Result], whose [Result.Verdicts] compare each candidate with the first and
// whose [Result.Warnings] say what to mistrust. [Compare] and [Summarize] do the same for figures that came from elsewhere, and
// [CompareMany] for very many at once that were measured in the same runs, as the functions of a program are.
// What a candidate is, and how it is measured, is the caller's: package bench/launch measures programs.
//
// # Rounds
//
// In each round every candidate runs once, in an order of its own: for up to five candidates the orders are all
// arrangements, shuffled, one after another, so that places and neighbours cancel out exactly; for more they are drawn.
// Only runs of one round are compared with each other. A load that comes and goes slows all of a round, and
// leaves their ratio alone.
//
// # Statistics
//
// The ratio of two candidates is the 20 % trimmed mean of the logarithms of the ratios in each round, and its interval the symmetric
// bootstrap-t interval of that (Wilcox, Introduction to Robust Estimation and Hypothesis Testing, 4.4): times have long
// tails, and a percentile interval would be too narrow for ten rounds. With several comparisons each is made at a
// level such that all hold together (Bonferroni). The bootstrap is seeded: the same figures give the same answer.
package bench

import (
	"fmt"
	"time"
)

// Run is what one run of a candidate took. Times are in seconds; one that is 0 counts as not told, so that a time too short
// for its clock is better told as the clock's tick.
type Run struct {
	Round int     `json:"round"` // counted from 0
	Place int     `json:"place"` // in the order of the round, from 0
	At    float64 `json:"at"`    // when it began, from the first run on

	Wall         float64 `json:"wall"`
	User         float64 `json:"user"`
	System       float64 `json:"system"`
	Peak         int64   `json:"peak,omitempty"`    // bytes; 0 if not told
	Several      bool    `json:"several,omitempty"` // there were several processes: Peak is the most that was seen of them together
	Instructions int64   `json:"instructions,omitempty"`
	Code         int     `json:"code"` // the exit code
	TimedOut     bool    `json:"timed_out,omitempty"`
}

// Series is all runs of a candidate, one a round.
type Series struct {
	Name string `json:"name"`
	Runs []Run  `json:"runs"`
}

// Figures are those of a metric for the runs that have one: not for those that timed out.
func (s Series) Figures(m Metric) []float64 {
	list := make([]float64, 0, len(s.Runs))
	for _, r := range s.Runs {
		if v, ok := m.figure(r); ok {
			list = append(list, v)
		}
	}
	return list
}

// Metric is what is compared.
type Metric string

// The metrics. CPU is user and system time.
const (
	Wall         Metric = "wall"
	CPU          Metric = "cpu"
	User         Metric = "user"
	System       Metric = "system"
	Memory       Metric = "memory"
	Instructions Metric = "instructions"
)

// Metrics lists all metrics.
func Metrics() []Metric { return []Metric{Wall, CPU, User, System, Memory, Instructions} }

// figure is false where the run has none: it timed out, or the figure is not told, which is 0.
func (m Metric) figure(r Run) (float64, bool) {
	v := r.Wall
	switch m {
	case CPU:
		v = r.User + r.System
	case User:
		v = r.User
	case System:
		v = r.System
	case Memory:
		v = float64(r.Peak)
	case Instructions:
		v = float64(r.Instructions)
	}
	return v, v > 0 && !r.TimedOut
}

// words are how more and less of it are told: "is 2x faster".
func (m Metric) words() (verb, less, more string) {
	switch m {
	case Wall:
		return "is", "faster", "slower"
	case Memory:
		return "needs", "less memory", "more memory"
	case Instructions:
		return "executes", "fewer instructions", "more instructions"
	}
	return "needs", "less " + string(m) + " time", "more " + string(m) + " time"
}

// Text is a figure of the metric for people: "12.3 ms", "45.6 MB", "1.23 G".
func (m Metric) Text(v float64) string {
	switch m {
	case Memory:
		return scaled(v, []string{"B", "kB", "MB", "GB", "TB"})
	case Instructions:
		return scaled(v, []string{"", "k", "M", "G", "T"})
	}
	return scaled(v*1e9, []string{"ns", "µs", "ms", "s"})
}

// scaled has three digits that count, and the unit in which the figure is below 1000.
func scaled(v float64, units []string) string {
	n := 0
	for ; v >= 999.5 && n < len(units)-1; n++ {
		v /= 1000
	}
	switch {
	case v == 0:
		return "0 " + units[n]
	case v < 9.995:
		return fmt.Sprintf("%.2f %s", v, units[n])
	case v < 99.95:
		return fmt.Sprintf("%.1f %s", v, units[n])
	}
	return fmt.Sprintf("%.0f %s", v, units[n])
}

// End says why the measurement ended.
type End string

// The ends of a measurement.
const (
	EndRounds      End = "rounds"      // as many as were asked for
	EndPrecision   End = "precision"   // the intervals are narrow enough
	EndTime        End = "time"        // the time was up
	EndInterrupted End = "interrupted" // the context was done
	EndFailed      End = "failed"      // a candidate could not be measured
)

// Result is what was measured.
type Result struct {
	Began     time.Time `json:"began"`
	Elapsed   float64   `json:"elapsed"` // seconds, warm-up included
	End       End       `json:"end"`
	Metric    Metric    `json:"metric"`
	Precision float64   `json:"precision,omitempty"` // that was asked for
	Series    []Series  `json:"series"`

	// What the caller knows of how it was measured, for the warnings.
	Cost  float64 `json:"cost,omitempty"`         // seconds that measuring itself takes in each run, subtracted already
	Floor int64   `json:"memory_floor,omitempty"` // bytes: smaller peaks cannot be told
	Load  float64 `json:"load,omitempty"`         // how many processes wanted to run just before, on average; 0 if not known
	CPUs  int     `json:"cpus,omitempty"`
}
