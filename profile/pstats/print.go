package pstats

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strings"
	"time"
)

// Print writes the header and the table, as pstats' print_stats does.
func (s *Stats) Print(w io.Writer, restrictions ...Restriction) error {
	chosen, err := s.restrict(restrictions)
	if err != nil {
		return err
	}
	top := s.appendHeader(nil)
	if len(chosen.ids) == 0 {
		_, err := w.Write(top)
		return err
	}
	top = s.appendListing(top, chosen)
	render := s.renderRow
	if s.Sampled {
		top = append(top, sampledTitle...)
		render = s.renderSampledRow
	} else {
		top = append(top, "   ncalls  tottime  percall  cumtime  percall filename:lineno(function)\n"...)
	}
	if _, err := w.Write(top); err != nil {
		return err
	}
	if err := emit(w, len(chosen.ids), func(k *sink, row int) error {
		if row%touchedAhead == 0 {
			k.touched += s.touch(chosen.ids[row:min(len(chosen.ids), row+touchedAhead)])
		}
		render(k, &s.Rows[chosen.ids[row]])
		return nil
	}); err != nil {
		return err
	}
	_, err = io.WriteString(w, "\n\n")
	return err
}

// touch does for rows what callList.touch does for calls.
func (s *Stats) touch(ids []FuncID) (sum int64) {
	for _, id := range ids {
		sum += s.Rows[id].Calls
	}
	for _, id := range ids {
		sum += s.Rows[id].Func.touch()
	}
	return sum
}

func (f *Func) touch() int64 {
	if f.File == "" || f.Name == "" {
		return 0
	}
	return int64(f.File[0]) + int64(f.Name[0])
}

// appendHeader appends the files and the totals.
func (s *Stats) appendHeader(dst []byte) []byte {
	for _, source := range s.Sources {
		if !source.Modified.IsZero() {
			dst = append(dst, ctime(source.Modified)...)
			dst = append(dst, "    "...)
		}
		dst = append(dst, source.Path...)
		dst = append(dst, '\n')
	}
	if len(s.Sources) > 0 {
		dst = append(dst, '\n')
	}
	if s.Sampled {
		dst = fmt.Appendf(dst, "         %d samples", s.PrimitiveCalls)
	} else {
		dst = fmt.Appendf(dst, "         %d function calls", s.TotalCalls)
		if s.TotalCalls != s.PrimitiveCalls {
			dst = fmt.Appendf(dst, " (%d primitive calls)", s.PrimitiveCalls)
		}
	}
	dst = append(dst, " in "...)
	dst = appendFixed3(dst, s.TotalTime, 0)
	return append(dst, " seconds\n\n"...)
}

// ctime shows a time as Python's time.ctime(os.stat(path).st_mtime) does, in the
// local zone: through a float, which rounds the last fraction of a microsecond up
// to a whole second.
func ctime(t time.Time) string {
	fraction := float64(float64(t.Nanosecond()) * 1e-9)
	t = time.Unix(int64(math.Floor(float64(t.Unix())+fraction)), 0).Local()
	return fmt.Sprintf("%s %d", t.Format("Mon Jan _2 15:04:05"), t.Year())
}

// appendListing appends how the list is ordered and what was done to it.
func (s *Stats) appendListing(dst []byte, chosen selection) []byte {
	if s.sorted != nil {
		dst = append(dst, "   Ordered by: "...)
		dst = append(dst, strings.Join(s.sortedBy, ", ")...)
	} else {
		dst = append(dst, "   Random listing order was used"...)
	}
	dst = append(dst, '\n')
	dst = append(dst, chosen.messages...)
	return append(dst, '\n')
}

// renderRow appends one line of the table.
func (s *Stats) renderRow(k *sink, row *Row) {
	dst := appendCalls(k.buf, row.Calls, row.Primitive, 9)
	dst = append(dst, ' ')
	dst = appendFixed3(dst, row.Own, 8)
	dst = append(dst, ' ')
	dst = appendPerCall(dst, row.Own, row.Calls)
	dst = append(dst, ' ')
	dst = appendFixed3(dst, row.Cumulative, 8)
	dst = append(dst, ' ')
	dst = appendPerCall(dst, row.Cumulative, row.Primitive)
	dst = append(dst, ' ')
	dst = appendName(dst, row.Func)
	k.buf = append(dst, '\n')
}

func appendPerCall(dst []byte, time float64, calls int64) []byte {
	if calls == 0 {
		return append(dst, "        "...)
	}
	return appendFixed3(dst, time/float64(calls), 8)
}

// callHeading returns the heading of callers or callees, for names of that width.
func (s *Stats) callHeading(title string, nameWidth int) []byte {
	var text bytes.Buffer
	fmt.Fprintf(&text, "%-*s%s\n", nameWidth, "Function ", title)
	if s.edgesAreTimed() {
		fmt.Fprintf(&text, "%*s    ncalls  tottime  cumtime\n", nameWidth, "")
	}
	return text.Bytes()
}

// edgesAreTimed tells whether callers have times. pstats looks at one alone: the
// first caller of the first function that has any.
func (s *Stats) edgesAreTimed() bool {
	for _, id := range s.order {
		if callers := s.Rows[id].Callers; len(callers) > 0 {
			return !callers[0].CountOnly
		}
	}
	return false
}
