package pstats

import (
	"io"
	"math"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/cantil-py/cantil/value"
)

// WriteJSON writes the listing as one JSON object, whose fields
// docs/formats/stats.md describes. Functions come in the order and number that
// [Stats.Print] would list them, each with its callers, so no two of one name
// collide. A pattern that Python refuses is an error here.
func (s *Stats) WriteJSON(w io.Writer, restrictions ...Restriction) error {
	chosen, err := s.exported(restrictions)
	if err != nil {
		return err
	}
	if _, err := w.Write(s.jsonHead(len(chosen))); err != nil {
		return err
	}
	err = emit(w, len(chosen), func(k *sink, row int) error {
		if row > 0 {
			k.buf = append(k.buf, ',')
		}
		k.buf = append(k.buf, '\n')
		return s.jsonRow(k, &s.Rows[chosen[row]])
	})
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, "\n]}\n")
	return err
}

// exported applies the restrictions; one that cannot be applied has no listing to be reported in.
func (s *Stats) exported(restrictions []Restriction) ([]FuncID, error) {
	chosen, err := s.restrict(restrictions)
	if err == nil {
		err = chosen.invalid
	}
	return chosen.ids, err
}

// countNames are the names of Calls and Primitive in exports.
func (s *Stats) countNames() (calls, primitive string) {
	if s.Sampled {
		return "samples", "direct_samples"
	}
	return "calls", "primitive_calls"
}

func (s *Stats) jsonHead(listed int) []byte {
	dst := append([]byte(nil), `{"files":[`...)
	for i, source := range s.Sources {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendJSONString(append(dst, `{"path":`...), source.Path)
		if !source.Modified.IsZero() {
			dst = append(dst, `,"modified":"`...)
			dst = append(source.Modified.AppendFormat(dst, time.RFC3339Nano), '"')
		}
		dst = append(dst, '}')
	}
	dst = strconv.AppendBool(append(dst, "],\n\"sampled\":"...), s.Sampled)
	calls, primitive := s.countNames()
	if !s.Sampled { // the samples of all functions together would count each sample many times
		dst = appendJSONInt(append(dst, ','), calls, s.TotalCalls)
	}
	dst = appendJSONInt(append(dst, ','), primitive, s.PrimitiveCalls)
	dst = appendJSONFloat(append(dst, ','), "seconds", s.TotalTime)
	dst = append(dst, ",\n\"sorted_by\":["...)
	for i, description := range s.sortedBy {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendJSONString(dst, description)
	}
	dst = appendJSONInt(append(dst, "],"...), "functions_in_profile", int64(len(s.order)))
	dst = appendJSONInt(append(dst, ','), "functions_listed", int64(listed))
	return append(dst, ",\n\"functions\":["...)
}

func (s *Stats) jsonRow(k *sink, row *Row) error {
	k.buf = s.appendJSONFigures(k.buf, row.Func, row.Counts, false)
	k.buf = append(k.buf, `,"callers":[`...)
	for i := range row.Callers {
		e := &row.Callers[i]
		if i > 0 {
			k.buf = append(k.buf, ',')
		}
		k.buf = append(s.appendJSONFigures(k.buf, s.Rows[e.Caller].Func, e.Counts, e.CountOnly), '}')
		if err := k.spill(); err != nil {
			return err
		}
	}
	k.buf = append(k.buf, "]}"...)
	return nil
}

// appendJSONFigures appends an object, still open, of a function and figures.
func (s *Stats) appendJSONFigures(dst []byte, f Func, c Counts, countOnly bool) []byte {
	calls, primitive := s.countNames()
	dst = appendJSONString(append(dst, `{"file":`...), f.File)
	dst = appendJSONInt(append(dst, ','), "line", f.Line)
	dst = appendJSONString(append(dst, `,"name":`...), f.Name)
	dst = appendJSONInt(append(dst, ','), calls, c.Calls)
	if countOnly {
		return dst
	}
	dst = appendJSONInt(append(dst, ','), primitive, c.Primitive)
	dst = appendJSONFloat(append(dst, ','), "own_seconds", c.Own)
	return appendJSONFloat(append(dst, ','), "cumulative_seconds", c.Cumulative)
}

func appendJSONInt(dst []byte, name string, n int64) []byte {
	dst = append(append(append(dst, '"'), name...), `":`...)
	return strconv.AppendInt(dst, n, 10)
}

// appendJSONFloat appends a field. JSON has no numbers for what is not finite:
// those are the strings of [appendFloat].
func appendJSONFloat(dst []byte, name string, x float64) []byte {
	dst = append(append(append(dst, '"'), name...), `":`...)
	if !isFinite(x) {
		return append(appendFloat(append(dst, '"'), x), '"')
	}
	return appendFloat(dst, x)
}

func isFinite(x float64) bool { return x-x == 0 }

// appendFloat appends the shortest decimal that reads back as x, or "NaN",
// "Infinity", "-Infinity", which both Python and JavaScript read.
func appendFloat(dst []byte, x float64) []byte {
	switch {
	case isFinite(x):
		return strconv.AppendFloat(dst, x, 'g', -1, 64)
	case math.IsNaN(x):
		return append(dst, "NaN"...)
	case x < 0:
		dst = append(dst, '-')
	}
	return append(dst, "Infinity"...)
}

// appendJSONString appends s quoted. A lone surrogate becomes its escape, as in
// Python's json; a byte that is not UTF-8, in the path of a file, becomes the
// escape of the surrogate by which Python stands for it.
func appendJSONString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c < utf8.RuneSelf && c != '"' && c != '\\' {
			dst = append(dst, c)
			i++
			continue
		}
		r, size := value.DecodeRune(s[i:])
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', c)
		case r < ' ' || r >= 0xD800 && r < 0xE000:
			dst = appendUnit(dst, r)
		default:
			dst = append(dst, s[i:i+size]...)
		}
		i += size
	}
	return append(dst, '"')
}

// appendUnit appends \uXXXX.
func appendUnit(dst []byte, unit rune) []byte {
	const digits = "0123456789abcdef"
	return append(dst, '\\', 'u', digits[unit>>12&15], digits[unit>>8&15], digits[unit>>4&15], digits[unit&15])
}
