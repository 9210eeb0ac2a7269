package tree_test

import (
	"fmt"
	"strings"

	"github.com/cantil-py/cantil/profile/pstats"
	"github.com/cantil-py/cantil/profile/tree"
)

// An exact profile in which work is called from two places: what load has below each is
// shared out, and said to be.
func Example() {
	fn := func(name string, calls int64, own, cumulative float64, callers ...pstats.Edge) pstats.Row {
		return pstats.Row{Func: pstats.Func{File: "x.py", Name: name}, Listed: true, Counts: pstats.Counts{Calls: calls, Own: own, Cumulative: cumulative}, Callers: callers}
	}
	by := func(caller pstats.FuncID, calls int64, own, cumulative float64) pstats.Edge {
		return pstats.Edge{Caller: caller, Counts: pstats.Counts{Calls: calls, Own: own, Cumulative: cumulative}}
	}
	profile := pstats.New([]pstats.Row{
		fn("main", 1, 0, 10),
		fn("train", 1, 0, 7, by(0, 1, 0, 7)),
		fn("test", 1, 0, 3, by(0, 1, 0, 3)),
		fn("work", 2, 0, 10, by(1, 1, 0, 7), by(2, 1, 0, 3)),
		fn("load", 20, 4, 4, by(3, 20, 4, 4)),
		fn("fit", 20, 6, 6, by(3, 20, 6, 6)),
	})
	t := tree.FromExact(profile, tree.Options{})
	var draw func(node *tree.Node, depth int)
	draw = func(node *tree.Node, depth int) {
		for _, child := range t.Nodes[node.First : node.First+node.Len] {
			fmt.Printf("%s%s %.1f s, %s: %.0f to %.0f\n", strings.Repeat("  ", depth), t.Funcs[child.Func].Name, child.Cumulative, child.Sureness, child.Low, child.High)
			draw(&child, depth+1)
		}
	}
	draw(&t.Nodes[0], 0)
	// Output:
	// main 10.0 s, known: 10 to 10
	//   train 7.0 s, known: 7 to 7
	//     work 7.0 s, known: 7 to 7
	//       fit 4.2 s, bounded: 3 to 6
	//       load 2.8 s, bounded: 1 to 4
	//   test 3.0 s, known: 3 to 3
	//     work 3.0 s, known: 3 to 3
	//       fit 1.8 s, guessed: 0 to 3
	//       load 1.2 s, guessed: 0 to 3
}
