package pstats

import (
	"io"
	"strconv"
	"strings"
)

// WriteCSV writes the listing as a table, whose columns docs/formats/stats.md
// describes: a line for each function, followed by a line for each of its
// callers. Functions come in the order and number that [Stats.Print] would list
// them. A pattern that Python refuses is an error here.
func (s *Stats) WriteCSV(w io.Writer, restrictions ...Restriction) error {
	chosen, err := s.exported(restrictions)
	if err != nil {
		return err
	}
	calls, primitive := s.countNames()
	head := "file,line,name,caller_file,caller_line,caller_name," + calls + "," + primitive + ",own_seconds,cumulative_seconds\n"
	if _, err := io.WriteString(w, head); err != nil {
		return err
	}
	return emit(w, len(chosen), func(k *sink, row int) error { return s.csvRows(k, &s.Rows[chosen[row]]) })
}

// csvRows appends the line of a function and those of its callers.
func (s *Stats) csvRows(k *sink, row *Row) error {
	k.prefix = append(appendCSVFunc(k.prefix[:0], row.Func), ',')
	k.buf = append(append(k.buf, k.prefix...), ",,"...)
	k.buf = appendCSVFigures(k.buf, row.Counts, false)
	for i := range row.Callers {
		e := &row.Callers[i]
		k.buf = append(k.buf, k.prefix...)
		k.buf = appendCSVFunc(k.buf, s.Rows[e.Caller].Func)
		k.buf = appendCSVFigures(k.buf, e.Counts, e.CountOnly)
		if err := k.spill(); err != nil {
			return err
		}
	}
	return nil
}

func appendCSVFunc(dst []byte, f Func) []byte {
	dst = append(appendCSVText(dst, f.File), ',')
	dst = append(strconv.AppendInt(dst, f.Line, 10), ',')
	return appendCSVText(dst, f.Name)
}

// appendCSVFigures appends the last four columns, the last three empty where only a count is known.
func appendCSVFigures(dst []byte, c Counts, countOnly bool) []byte {
	dst = strconv.AppendInt(append(dst, ','), c.Calls, 10)
	if countOnly {
		return append(dst, ",,,\n"...)
	}
	dst = strconv.AppendInt(append(dst, ','), c.Primitive, 10)
	dst = appendFloat(append(dst, ','), c.Own)
	dst = appendFloat(append(dst, ','), c.Cumulative)
	return append(dst, '\n')
}

// appendCSVText appends text, in quotes where RFC 4180 asks for them.
func appendCSVText(dst []byte, text string) []byte {
	if !needsQuotes(text) {
		return append(dst, text...)
	}
	dst = append(dst, '"')
	for i := range len(text) {
		if text[i] == '"' {
			dst = append(dst, '"')
		}
		dst = append(dst, text[i])
	}
	return append(dst, '"')
}

func needsQuotes(text string) bool {
	for _, c := range [...]byte{',', '"', '\r', '\n'} {
		if strings.IndexByte(text, c) >= 0 {
			return true
		}
	}
	return false
}
