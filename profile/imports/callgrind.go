package imports

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/cantil-py/cantil/profile/pstats"
)

// callgrind is the format of valgrind's tool of that name, which tools of many languages write: own costs by line, and
// calls with their number and cost. Its first event must be time.
//
// What it does not know: in a recursion of several functions, the cumulative times count the recursion's
// own calls, too, up to the sum of all.
func callgrind() Format {
	return Format{Name: "callgrind", Summary: "KCachegrind's: valgrind, Xdebug, pyprof2calltree, of time", is: isCallgrind, read: readCallgrind}
}

// isCallgrind looks for the header that every file has.
func isCallgrind(head []byte) bool {
	if bytes.HasPrefix(head, []byte("# callgrind format")) {
		return true
	}
	for line := range bytes.Lines(head) {
		if bytes.HasPrefix(line, []byte("events:")) {
			return true
		}
		if len(line) > 0 && !bytes.Contains(line, []byte(":")) && !bytes.HasPrefix(line, []byte("#")) && len(bytes.TrimSpace(line)) > 0 {
			return false
		}
	}
	return false
}

// secondsOf is what one of an event stands for, 0 if it is not time.
func secondsOf(event string) float64 {
	switch strings.ToLower(event) {
	case "ns", "nanoseconds":
		return 1e-9
	case "us", "usec", "microseconds":
		return 1e-6
	case "ms", "milliseconds":
		return 1e-3
	case "time_(10ns)": // Xdebug's
		return 1e-8
	}
	return 0
}

// callgrindReader is the state that lines change.
type callgrindReader struct {
	calls     *calls
	named     map[string]map[string]string // of files, of functions: what a number in parentheses stands for
	file      string                       // of the function
	fn        pstats.FuncID
	began     bool // a function was named
	calleeIn  string
	callee    string
	calleeNow bool
	count     int64 // of the calls whose cost is on the next line; -1 without
	positions int   // numbers in front of the costs
	unit      float64
	called    map[pstats.FuncID]bool
}

func readCallgrind(data []byte) (Profile, error) {
	r := &callgrindReader{
		calls: newCalls(), named: map[string]map[string]string{"file": {}, "function": {}},
		count: -1, positions: 1, called: map[pstats.FuncID]bool{},
	}
	number := 0
	for line := range strings.Lines(string(data)) {
		number++
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		if err := r.line(line); err != nil {
			return Profile{}, fmt.Errorf("line %d: %w", number, err)
		}
	}
	r.finish()
	return r.calls.profile()
}

// line takes a specification ("fn=..."), a header ("events: ...") or costs.
func (r *callgrindReader) line(line string) error {
	if c := line[0]; c >= '0' && c <= '9' || c == '+' || c == '-' || c == '*' {
		return r.costs(strings.Fields(line))
	}
	if key, value, ok := strings.Cut(line, "="); ok && !strings.ContainsAny(key, " :") {
		return r.specification(key, strings.TrimSpace(value))
	}
	key, value, ok := strings.Cut(line, ":")
	if !ok {
		return fmt.Errorf("%.40q is nothing of the format", line)
	}
	switch key {
	case "positions":
		r.positions = len(strings.Fields(value))
	case "events":
		events := strings.Fields(value)
		if len(events) > 0 {
			r.unit = secondsOf(events[0])
		}
		if r.unit == 0 {
			return fmt.Errorf("it holds no time, but %s", strings.TrimSpace(value))
		}
	}
	return nil
}

func (r *callgrindReader) specification(key, value string) (err error) {
	switch key {
	case "fl":
		r.file, err = r.name("file", value)
	case "fn":
		var name string
		if name, err = r.name("function", value); err == nil {
			r.fn, r.began, r.calleeNow = r.calls.id(callgrindFunc(name, r.file)), true, false
			r.calleeIn = r.file
		}
	case "cfi", "cfl":
		r.calleeIn, err = r.name("file", value)
	case "cfn":
		r.callee, err = r.name("function", value)
		r.calleeNow = true
	case "calls":
		count, _, _ := strings.Cut(value, " ")
		if r.count, err = strconv.ParseInt(count, 0, 64); err == nil && (r.count < 0 || !r.calleeNow) {
			err = errors.New("calls of nothing")
		}
	case "fi", "fe":
		_, err = r.name("file", value) // a part of the function stands in another file
	}
	return err
}

// name undoes that names are written once, with a number in front, and then by their number.
func (r *callgrindReader) name(of, value string) (string, error) {
	if !strings.HasPrefix(value, "(") {
		return value, nil
	}
	number, name, ok := strings.Cut(value[1:], ")")
	if !ok || number == "" || strings.Trim(number, "0123456789") != "" { // a name like (anonymous)
		return value, nil
	}
	if name = strings.TrimSpace(name); name != "" {
		r.named[of][number] = name
		return name, nil
	}
	name, ok = r.named[of][number]
	if !ok {
		return "", fmt.Errorf("the %s (%s) was not named before", of, number)
	}
	return name, nil
}

// costs are the function's own, or of the calls named before.
func (r *callgrindReader) costs(fields []string) error {
	if !r.began {
		return errors.New("costs of no function")
	}
	if r.unit == 0 {
		return errors.New("costs before the events are named")
	}
	cost := 0.0
	if len(fields) > r.positions {
		n, err := strconv.ParseUint(fields[r.positions], 0, 64)
		if err != nil {
			return fmt.Errorf("%.40q is no cost", fields[r.positions])
		}
		cost = float64(n) * r.unit
	}
	if r.count < 0 {
		r.calls.rows[r.fn].Own += cost
		return nil
	}
	callee := r.calls.id(callgrindFunc(r.callee, r.calleeIn))
	c := pstats.Counts{Calls: r.count, Primitive: r.count, Cumulative: cost}
	if callee == r.fn {
		c.Primitive, c.Cumulative = 0, 0
	}
	add(r.calls.edge(r.fn, callee), c)
	r.called[callee] = true
	row := &r.calls.rows[callee].Counts
	row.Calls, row.Primitive = row.Calls+c.Calls, row.Primitive+c.Primitive
	if callee != r.fn {
		r.calls.rows[r.fn].Cumulative += cost // what it called
	}
	r.count, r.calleeNow, r.calleeIn = -1, false, r.file
	return nil
}

// finish adds each function's own time to that of what it called. One that nobody calls was called once.
func (r *callgrindReader) finish() {
	total := 0.0
	for i := range r.calls.rows {
		total += r.calls.rows[i].Own
	}
	for i := range r.calls.rows {
		c := &r.calls.rows[i].Counts
		c.Cumulative = math.Min(c.Own+c.Cumulative, math.Max(total, c.Own))
		if !r.called[pstats.FuncID(i)] {
			c.Calls, c.Primitive = 1, 1
		}
	}
}

// callgrindFunc takes "name:line" apart, as cantil and pyprof2calltree write it.
func callgrindFunc(text, file string) pstats.Func {
	if at := strings.LastIndexByte(text, ':'); at > 0 {
		if line, err := strconv.Atoi(text[at+1:]); err == nil && line > 0 && !strings.HasSuffix(text[:at], ":") {
			return funcOf(text[:at], file, line)
		}
	}
	if file == "~" || file == "???" {
		file = ""
	}
	return funcOf(text, file, 0)
}
