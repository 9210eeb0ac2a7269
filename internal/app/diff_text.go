package app

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/cantil-py/cantil/bench"
	"github.com/cantil-py/cantil/profile/diff"
)

// FuncText is a function as pstats prints it: "work.py:12(step)", "{built-in method builtins.len}".
func FuncText(f DiffFunc) string {
	if f.File == "~" && f.Line == 0 {
		if inner, found := strings.CutPrefix(f.Name, "<"); found && strings.HasSuffix(inner, ">") {
			return "{" + strings.TrimSuffix(inner, ">") + "}"
		}
		return f.Name
	}
	switch {
	case f.File == "":
		return f.Name
	case f.Line == 0: // other tools than Python's may not tell it
		return fmt.Sprintf("%s(%s)", f.File, f.Name)
	}
	return fmt.Sprintf("%s:%d(%s)", f.File, f.Line, f.Name)
}

// RangeText is a number, or two.
func RangeText(r diff.Range) string {
	if r.Least == r.Most {
		return strconv.FormatInt(r.Least, 10)
	}
	return fmt.Sprintf("%d to %d", r.Least, r.Most)
}

// CallsText is a number where it is the same on both sides, else both.
func CallsText(c DiffCalls) string {
	if c.Before == c.After {
		return RangeText(c.Before)
	}
	return RangeText(c.Before) + " → " + RangeText(c.After)
}

// mostPercent is from where on a factor is told as such.
const mostPercent = 10

// GrowthText is a factor as people say it: "+12.3 %", "-4.0 %", "x25".
func GrowthText(factor float64) string {
	if factor >= mostPercent {
		return fmt.Sprintf("x%.3g", factor)
	}
	text := fmt.Sprintf("%+.1f %%", 100*(factor-1))
	if text == "-0.0 %" {
		return "+0.0 %"
	}
	return text
}

// ChangeText is what became of a time: "+12.3 % ±1.1", "new", "gone", "".
func ChangeText(t DiffTime) string {
	switch {
	case t.Before == 0 && t.After == 0:
		return ""
	case t.Before == 0:
		return "new"
	case t.After == 0:
		return "gone"
	}
	return FactorText(t.Change)
}

// FactorText is a factor with its interval: "+9.8 % ±1.2", or both ends where they are not as far.
func FactorText(c bench.Change) string {
	text := GrowthText(c.Factor)
	if !c.Known() {
		return text
	}
	half := 50 * (c.High - c.Low)
	switch off := 50 * math.Abs(c.High+c.Low-2*c.Factor); {
	case c.Factor >= mostPercent || c.High >= mostPercent:
		return fmt.Sprintf("%s (x%.2g to x%.2g)", text, c.Low, c.High)
	case 100*off > half*mostLopsided:
		return fmt.Sprintf("%s (%+.0f to %+.0f)", text, 100*(c.Low-1), 100*(c.High-1))
	}
	return fmt.Sprintf("%s ±%.1f", text, half)
}

// mostLopsided is how many hundredths of its half the middle of an interval may lie off the factor for ± to be true.
const mostLopsided = 10

// VerdictOf is the verdict on a row in a word: slower and faster are its own time's.
func VerdictOf(c *DiffChange) string {
	more := func(t DiffTime, longer, shorter string) string {
		switch t.Kind {
		case bench.More:
			return longer
		case bench.Less:
			return shorter
		}
		return ""
	}
	switch {
	case !c.Changed():
		return ""
	case c.Calls.Before.Most == 0:
		return "new"
	case c.Calls.After.Most == 0:
		return "gone"
	case c.Own.Differs():
		return more(c.Own, "slower", "faster")
	case c.Cumulative.Differs():
		return more(c.Cumulative, "callees slower", "callees faster")
	case c.Calls.Differ:
		return "calls differ"
	}
	return ""
}

// WholeText is the verdict on a figure in words: "slower: +7.8 % ±2.0", "no difference found above 3.1 %".
func WholeText(c bench.Change, more, less string) string {
	switch c.Kind {
	case bench.More:
		return FactorText(c) + ", " + more
	case bench.Less:
		return FactorText(c) + ", " + less
	case bench.Same:
		if !c.Known() {
			return "cannot tell: the noise is too large"
		}
		return bench.SameText(c.Low, c.High)
	}
	if c.Factor > 0 && !math.IsInf(c.Factor, 0) {
		return GrowthText(c.Factor)
	}
	return ""
}

// SecondsText has four digits that count, of which none is below a microsecond.
func SecondsText(s float64) string {
	switch {
	case s == 0:
		return "0"
	case math.Abs(s) < 10:
		return strconv.FormatFloat(s, 'f', 6, 64)
	}
	return strconv.FormatFloat(s, 'f', 3, 64)
}

// WriteJSON writes all that is known.
func (r *DiffReport) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(r)
}

// Shown parts the rows into those that are told and the others: told are, where noise can be told, all that changed, else all
// whose calls or times differ and that take more than a thousandth; and of either at most so many, 0 for all.
func (r *DiffReport) Shown(most int) (shown []DiffRow, folded Folded) {
	d := r.Profile
	for i := range d.Rows {
		row := &d.Rows[i]
		same := !row.Changed()
		if !d.Judged {
			same = !row.Calls.Differ && (row.Tiny || row.Own.Gained() == 0 && row.Cumulative.Gained() == 0)
		}
		switch {
		case same && row.Tiny:
			folded.Tiny++
			folded.TinyGained += row.Own.Gained()
		case same:
			folded.Same++
			folded.SameGained += row.Own.Gained()
		case most > 0 && len(shown) >= most:
			folded.More++
			folded.MoreGained += row.Own.Gained()
		default:
			shown = append(shown, *row)
		}
	}
	return shown, folded
}

// Folded counts the rows that are not told one by one, and adds up by how much longer they take, in seconds.
type Folded struct {
	Same, Tiny, More                   int
	SameGained, TinyGained, MoreGained float64
}
