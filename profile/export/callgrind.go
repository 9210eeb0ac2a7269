package export

import (
	"bufio"
	"fmt"
	"io"

	"github.com/cantil-py/cantil/profile/pstats"
)

// callgrind is the format of valgrind's tool of that name, which KCachegrind shows. It holds
// what an exact profile knows: own time, and calls with their number and time. Samples know
// no calls.
//
// Times are nanoseconds. The lines of calls are not known: that of the caller's def stands for them.
func callgrind() Format {
	return Format{
		Name: "callgrind", Summary: "KCachegrind, QCachegrind, callgrind_annotate: functions and calls of exact profiles", Ending: ".callgrind",
		Exact: writeCallgrind, Refusal: "it counts calls, and samples know nothing of calls; cantil profile, without --sample, counts them",
	}
}

func writeCallgrind(w io.Writer, s *pstats.Stats) error {
	c := &callgrindWriter{out: bufio.NewWriter(w), rows: s.Rows, files: map[string]int{}, calls: make([][]callgrindCall, len(s.Rows))}
	for id := range s.Rows {
		for _, e := range s.Rows[id].Callers {
			c.calls[e.Caller] = append(c.calls[e.Caller], callgrindCall{pstats.FuncID(id), e})
		}
	}
	fmt.Fprint(c.out, "# callgrind format\nversion: 1\ncreator: cantil\npositions: line\nevents: ns\n\n")
	for id := range s.Rows {
		if row := &s.Rows[id]; row.Listed || len(c.calls[id]) > 0 {
			c.function(pstats.FuncID(id), row)
		}
	}
	return c.out.Flush() // it keeps the first error
}

// callgrindCall is who is called, and what the profile has of it.
type callgrindCall struct {
	callee pstats.FuncID
	edge   pstats.Edge
}

// callgrindWriter names files and functions by number from the second time on.
type callgrindWriter struct {
	out   *bufio.Writer
	rows  []pstats.Row
	calls [][]callgrindCall
	files map[string]int
	named map[pstats.FuncID]bool
}

func (c *callgrindWriter) function(id pstats.FuncID, row *pstats.Row) {
	fmt.Fprintf(c.out, "fl=%s\nfn=%s\n%d %d\n", c.file(row.Func.File), c.name(id), row.Func.Line, nanoseconds(row.Own))
	for _, call := range c.calls[id] {
		callee := c.rows[call.callee].Func
		fmt.Fprintf(c.out, "cfi=%s\ncfn=%s\ncalls=%d %d\n%d %d\n", c.file(callee.File), c.name(call.callee),
			call.edge.Calls, callee.Line, row.Func.Line, nanoseconds(call.edge.Cumulative))
	}
	fmt.Fprintln(c.out)
}

func (c *callgrindWriter) file(name string) string {
	number, known := c.files[name]
	if known {
		return fmt.Sprintf("(%d)", number)
	}
	number = len(c.files) + 1
	c.files[name] = number
	return fmt.Sprintf("(%d) %s", number, oneLine(name, "", ' '))
}

// name has the line with it where that tells functions of one name apart.
func (c *callgrindWriter) name(id pstats.FuncID) string {
	if c.named == nil {
		c.named = map[pstats.FuncID]bool{}
	}
	if c.named[id] {
		return fmt.Sprintf("(%d)", id+1)
	}
	c.named[id] = true
	f := c.rows[id].Func
	name := oneLine(f.Name, "", ' ')
	if f.Line > 0 {
		name = fmt.Sprintf("%s:%d", name, f.Line)
	}
	return fmt.Sprintf("(%d) %s", id+1, name)
}
