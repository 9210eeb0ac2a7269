package stacks_test

import (
	"bytes"
	"fmt"
	"time"

	"github.com/cantil-py/cantil/profile/stacks"
)

// A recording, kept in a file, read again, and the share of each function.
func Example() {
	r := stacks.NewRecorder()
	work := r.Func(stacks.Func{Name: "work", File: "train.py", FirstLine: 3})
	top := r.Func(stacks.Func{Name: "<module>", File: "train.py", FirstLine: 1})
	thread := r.Thread(stacks.Thread{PID: 4711, TID: 4711, Name: "python3"})
	for i := range 1000 {
		frames := []stacks.Frame{{Func: top, Line: 9}}
		if i%4 > 0 {
			frames = []stacks.Frame{{Func: work, Line: 4}, {Func: top, Line: 8}} // innermost first
		}
		r.Add(time.Duration(i)*time.Millisecond, thread, stacks.Holding, frames)
	}
	var file bytes.Buffer
	if err := r.Profile(stacks.Info{Mode: "wall", Rate: 1000}).Write(&file); err != nil {
		fmt.Println(err)
		return
	}

	p, err := stacks.Read(&file)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, row := range p.Rows() {
		own := row.Own
		fmt.Printf("%-8s own %.1f %% (%.1f to %.1f)\n", p.Funcs[row.Func].Name, 100*own.Value, 100*own.Low, 100*own.High)
	}
	// Output:
	// <module> own 25.0 % (22.4 to 27.8)
	// work     own 75.0 % (72.2 to 77.6)
}
