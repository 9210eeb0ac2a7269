package pstats_test

import (
	"log"
	"os"

	"github.com/cantil-py/cantil/profile/pstats"
)

// small is a profile of two functions, as Open would read it from a file.
func small() *pstats.Stats {
	return pstats.New([]pstats.Row{
		{Func: pstats.Func{File: "app.py", Line: 1, Name: "main"}, Listed: true,
			Counts: pstats.Counts{Calls: 1, Primitive: 1, Own: 0.25, Cumulative: 1}},
		{Func: pstats.Func{File: "app.py", Line: 5, Name: "work"}, Listed: true,
			Counts: pstats.Counts{Calls: 5, Primitive: 3, Own: 0.75, Cumulative: 0.75},
			Callers: []pstats.Edge{
				{Caller: 0, Counts: pstats.Counts{Calls: 3, Primitive: 3, Own: 0.5, Cumulative: 0.75}},
				{Caller: 1, Counts: pstats.Counts{Calls: 2, Primitive: 2, Own: 0.25, Cumulative: 0.25}},
			}},
	})
}

func Example() {
	stats := small()
	if err := stats.Sort("cumtime"); err != nil {
		log.Fatal(err)
	}
	if err := stats.Print(os.Stdout); err != nil {
		log.Fatal(err)
	}
	// Output:
	//          6 function calls (4 primitive calls) in 1.000 seconds
	//
	//    Ordered by: cumulative time
	//
	//    ncalls  tottime  percall  cumtime  percall filename:lineno(function)
	//         1    0.250    0.250    1.000    1.000 app.py:1(main)
	//       5/3    0.750    0.150    0.750    0.250 app.py:5(work)
}

func ExampleStats_PrintCallers() {
	stats := small()
	if err := stats.PrintCallers(os.Stdout, pstats.Pattern("work.$"), pstats.Count(10)); err != nil {
		log.Fatal(err)
	}
	// Output:
	//    Random listing order was used
	//    List reduced from 2 to 1 due to restriction <'work.$'>
	//
	// Function        was called by...
	//                     ncalls  tottime  cumtime
	// app.py:5(work)  <-       3    0.500    0.750  app.py:1(main)
	//                          2    0.250    0.250  app.py:5(work)
}
