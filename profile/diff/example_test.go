package diff_test

import (
	"fmt"

	"github.com/cantil-py/cantil/profile/diff"
	"github.com/cantil-py/cantil/profile/pstats"
)

// Two profiles of a program in which a function moved down, and is called more often.
func Example() {
	profile := func(line, calls int64, seconds float64) diff.Profile {
		return diff.FromStats(pstats.New([]pstats.Row{
			{Func: pstats.Func{File: "train.py", Line: line, Name: "step"}, Listed: true, Counts: pstats.Counts{Calls: calls, Own: seconds, Cumulative: seconds}},
			{Func: pstats.Func{File: "train.py", Line: 1, Name: "<module>"}, Listed: true, Counts: pstats.Counts{Calls: 1, Own: 1, Cumulative: 1 + seconds}},
		}), "train.prof", diff.Kind{Clock: "wall", Python: "3.13.0"})
	}
	d, err := diff.Compare([]diff.Profile{profile(3, 100, 2)}, []diff.Profile{profile(7, 150, 3)}, diff.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("whole: %.1f s, then %.1f s; noise can be told: %v\n", d.Whole.Before, d.Whole.After, d.Judged)
	for _, row := range d.Rows {
		fmt.Printf("%-8s own %.1f s, then %.1f s; %d calls, then %d; explains %.0f %%\n",
			row.Name().Name, row.Own.Before, row.Own.After, row.Calls.Before.Most, row.Calls.After.Most, 100*row.Explains)
	}
	// Output:
	// whole: 3.0 s, then 4.0 s; noise can be told: false
	// step     own 2.0 s, then 3.0 s; 100 calls, then 150; explains 100 %
	// <module> own 1.0 s, then 1.0 s; 1 calls, then 1; explains 0 %
}
