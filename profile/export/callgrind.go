package export

import (
	"bufio"
	"io"
	"strconv"

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
	c := &callgrindWriter{out: bufio.NewWriterSize(w, 1<<16), rows: s.Rows, files: map[string]int{}, named: make([]bool, len(s.Rows)), file: make([]int, len(s.Rows))}
	total := int64(0)
	for id := range s.Rows {
		total += nanoseconds(s.Rows[id].Own)
	}
	c.out.WriteString("# callgrind format\nversion: 1\ncreator: cantil\npositions: line\nevents: ns\n")
	c.out.Write(append(strconv.AppendInt([]byte("summary: "), total, 10), "\n\n"...))
	calls, end := callees(s.Rows)
	for id := range s.Rows {
		mine := calls[:end[id]]
		if id > 0 {
			mine = mine[end[id-1]:]
		}
		if row := &s.Rows[id]; row.Listed || len(mine) > 0 {
			c.function(pstats.FuncID(id), row, mine)
		}
	}
	return c.out.Flush() // it keeps the first error
}

// callgrindCall is who is called, and where the profile has it.
type callgrindCall struct{ callee, caller int32 }

// callees are the calls by caller; those of a function end where end says.
func callees(rows []pstats.Row) (calls []callgrindCall, end []int) {
	end = make([]int, len(rows))
	for id := range rows {
		for _, e := range rows[id].Callers {
			end[e.Caller]++
		}
	}
	sum := 0
	for id, n := range end {
		end[id] = sum
		sum += n
	}
	calls = make([]callgrindCall, sum)
	for id := range rows {
		for i, e := range rows[id].Callers {
			calls[end[e.Caller]] = callgrindCall{int32(id), int32(i)}
			end[e.Caller]++
		}
	}
	return calls, end
}

// callgrindWriter names files and functions by number from the second time on.
type callgrindWriter struct {
	out   *bufio.Writer
	rows  []pstats.Row
	files map[string]int
	file  []int // the number of a function's file, 0 before its first time
	named []bool
	line  []byte
}

func (c *callgrindWriter) function(id pstats.FuncID, row *pstats.Row, calls []callgrindCall) {
	c.line = c.line[:0]
	c.place("fl=", id)
	c.name("fn=", id)
	c.numbers("", row.Func.Line, nanoseconds(row.Own))
	for _, call := range calls {
		callee := &c.rows[call.callee]
		edge := &callee.Callers[call.caller]
		c.place("cfi=", pstats.FuncID(call.callee))
		c.name("cfn=", pstats.FuncID(call.callee))
		c.numbers("calls=", edge.Calls, callee.Func.Line)
		c.numbers("", row.Func.Line, nanoseconds(edge.Cumulative))
		c.out.Write(c.line)
		c.line = c.line[:0]
	}
	c.out.Write(append(c.line, '\n'))
}

func (c *callgrindWriter) numbers(what string, a, b int64) {
	c.line = strconv.AppendInt(append(c.line, what...), a, 10)
	c.line = append(strconv.AppendInt(append(c.line, ' '), b, 10), '\n')
}

// place appends the file of a function.
func (c *callgrindWriter) place(what string, id pstats.FuncID) {
	name := c.rows[id].Func.File
	known := true
	if c.file[id] == 0 {
		if c.file[id], known = c.files[name]; !known {
			c.file[id] = len(c.files) + 1
			c.files[name] = c.file[id]
		}
	}
	c.number(what, c.file[id])
	if !known {
		c.line = append(append(c.line, ' '), oneLine(name, "", ' ')...)
	}
	c.line = append(c.line, '\n')
}

// name appends a function, with the line where that tells functions of one name apart.
func (c *callgrindWriter) name(what string, id pstats.FuncID) {
	c.number(what, int(id)+1)
	if !c.named[id] {
		c.named[id] = true
		f := c.rows[id].Func
		c.line = append(append(c.line, ' '), oneLine(f.Name, "", ' ')...)
		if f.Line > 0 {
			c.line = strconv.AppendInt(append(c.line, ':'), f.Line, 10)
		}
	}
	c.line = append(c.line, '\n')
}

func (c *callgrindWriter) number(what string, n int) {
	c.line = append(strconv.AppendInt(append(append(c.line, what...), '('), int64(n), 10), ')')
}
