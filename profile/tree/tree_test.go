package tree

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/profile/pstats"
)

// profile is made of lines: "f calls own cum", and below one, indented, its callers.
func profile(t *testing.T, text string) *pstats.Stats {
	t.Helper()
	ids := map[string]pstats.FuncID{}
	var rows []pstats.Row
	id := func(name string) pstats.FuncID {
		if _, ok := ids[name]; !ok {
			ids[name] = pstats.FuncID(len(rows))
			rows = append(rows, pstats.Row{Func: pstats.Func{File: "x.py", Line: int64(len(rows) + 1), Name: name}})
		}
		return ids[name]
	}
	var at pstats.FuncID
	for line := range strings.Lines(text) {
		var name string
		var c pstats.Counts
		if strings.TrimSpace(line) == "" {
			continue
		}
		if _, err := fmt.Sscan(line, &name, &c.Calls, &c.Own, &c.Cumulative); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if strings.HasPrefix(line, " ") {
			rows[at].Callers = append(rows[at].Callers, pstats.Edge{Caller: id(name), Counts: c})
			continue
		}
		at = id(name)
		rows[at].Listed, rows[at].Counts = true, c
	}
	return pstats.New(rows)
}

// drawn is a tree as lines: name, calls, own, cumulative, and how sure.
func drawn(tr *Tree) string {
	var b strings.Builder
	var draw func(at int32, depth int)
	draw = func(at int32, depth int) {
		n := &tr.Nodes[at]
		if at > 0 {
			fmt.Fprintf(&b, "%s%s %d %.3g %.3g %s", strings.Repeat(" ", depth-1), tr.Funcs[n.Func].Name, n.Calls, n.Own, n.Cumulative, n.Sureness)
			if n.Sureness != Known {
				fmt.Fprintf(&b, " %.3g..%.3g", n.Low, n.High)
			}
			if n.Cut {
				b.WriteString(" cut")
			}
			b.WriteByte('\n')
		}
		for child := n.First; child < n.First+n.Len; child++ {
			draw(child, depth+1)
		}
	}
	draw(0, 0)
	return b.String()
}

// exactTests are profiles, and their trees as drawn draws them.
var exactTests = map[string]struct{ profile, want string }{
	"one caller each: all is known": {`
main 1 1 10
a 2 2 9
 main 2 2 9
b 3 7 7
 a 3 7 7
`, `
main 1 1 10 known
 a 2 2 9 known
  b 3 7 7 known
`},
	"called by two, its own callee has to be what is below each": {`
main 1 0 10
a 1 0 4
 main 1 0 4
b 1 0 6
 main 1 0 6
f 2 1 10
 a 1 0.5 4
 b 1 0.5 6
g 2 9 9
 f 2 9 9
`, `
main 1 0 10 known
 b 1 0 6 known
  f 1 0.5 6 known
   g 1 5.5 5.5 known
 a 1 0 4 known
  f 1 0.5 4 known
   g 1 3.5 3.5 known
`},
	"two callers and two callees: shares, with bounds": {`
main 1 0 10
a 1 0 2
 main 1 0 2
b 1 0 8
 main 1 0 8
f 2 0 10
 a 1 0 2
 b 1 0 8
g 10 4 4
 f 10 4 4
h 10 6 6
 f 10 6 6
`, `
main 1 0 10 known
 b 1 0 8 known
  f 1 0 8 known
   h 8 4.8 4.8 bounded 4..6
   g 8 3.2 3.2 bounded 2..4
 a 1 0 2 known
  f 1 0 2 known
   h 2 1.2 1.2 guessed 0..2
   g 2 0.8 0.8 guessed 0..2
`},
	"a function that calls itself stands once": {`
main 1 1 5
f 101 4 4
 main 1 0.5 4
 f 100 3.5 3.9
`, `
main 1 1 5 known
 f 101 4 4 known
`},
	"functions that call each other, entered by one: all is known": {`
main 1 0 10
even 50 4 10
 main 1 1 10
 odd 49 3 9
odd 50 6 9.5
 even 50 6 9.5
`, `
main 1 0 10 known
 even 50 4 10 known
  odd 50 6 6 known
`},
	"functions that call each other, entered by both": {`
main 1 0 10
even 50 4 9
 main 1 0 6
 odd 49 4 6
odd 50 6 9
 main 1 0 4
 even 49 6 8
`, `
main 1 0 10 known
 even 1 2 6 known
  odd 25 4 4 guessed 0..6
 odd 1 2 4 known
  even 16 2 2 guessed 0..4
`},
	"called from outside as well as by another": {`
main 1 1 3
f 5 4 4
 main 2 2 2
`, `
main 1 1 3 known
 f 2 2 2 known
f 3 2 2 known
`},
	"a circle that nothing leads to": {`
a 5 1 3
 b 5 1 2
b 5 2 3
 a 5 2 3
`, `
a 5 1 3 guessed 0..3
 b 5 2 2 known
`},
	"more below than there is time for": {`
main 1 1 3
f 1 4 4
 main 1 4 4
`, `
main 1 1 3 known
 f 1 2 2 guessed 0..2
`},
}

func TestExact(t *testing.T) {
	for name, test := range exactTests {
		t.Run(name, func(t *testing.T) {
			if got := "\n" + drawn(FromExact(profile(t, test.profile), Options{})); got != test.want {
				t.Errorf("got%swant%s", got, test.want)
			}
		})
	}
}
