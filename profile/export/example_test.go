package export_test

import (
	"fmt"
	"os"
	"time"

	"github.com/cantil-py/cantil/profile/export"
	"github.com/cantil-py/cantil/profile/stacks"
)

// A sampled profile in the form that flame graph tools read.
func Example() {
	r := stacks.NewRecorder()
	work := r.Func(stacks.Func{Name: "work", File: "train.py", FirstLine: 3})
	top := r.Func(stacks.Func{Name: "<module>", File: "train.py", FirstLine: 1})
	thread := r.Thread(stacks.Thread{PID: 4711})
	for i := range 3 {
		r.Add(time.Duration(i)*time.Millisecond, thread, stacks.Holding, []stacks.Frame{{Func: work, Line: 4}, {Func: top, Line: 8}})
	}
	format, err := export.Find("collapsed")
	if err == nil {
		err = format.Sampled(os.Stdout, r.Profile(stacks.Info{Mode: "wall", Rate: 1000}))
	}
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// <module> (train.py:8);work (train.py:4) 3
}
