package pstats

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/cantil-py/cantil/text/pyre"
	"github.com/cantil-py/cantil/value"
)

// Restriction narrows a listing: to the first so many functions, to a share of
// them, or to those whose printed name a pattern matches. Several are applied in
// turn, each to what the one before left. The zero value keeps everything; make
// others with [Count], [Fraction], [Pattern] or [ParseRestriction].
type Restriction struct {
	kind     restrictionKind
	count    int64
	fraction float64
	pattern  string
}

type restrictionKind int

const (
	keepAll restrictionKind = iota
	keepCount
	keepFraction
	keepPattern
)

// Count keeps the first n functions. pstats ignores a negative n, and so does this.
func Count(n int64) Restriction { return Restriction{kind: keepCount, count: n} }

// Fraction keeps the first functions, so many as f times their number rounds to.
// Outside of 0 <= f < 1 pstats ignores it, and so does this.
func Fraction(f float64) Restriction { return Restriction{kind: keepFraction, fraction: f} }

// Pattern keeps the functions in whose printed name Python's re.search finds the
// regular expression. One that Python refuses keeps all of them, and is reported
// in the listing.
func Pattern(expression string) Restriction {
	return Restriction{kind: keepPattern, pattern: expression}
}

// ParseRestriction reads a restriction as a command line gives it: "15" is a
// [Count], ".5" or "0.25", a number with a point, is a [Fraction], and all else
// is a [Pattern]. A fraction that is not between 0 and 1 is an error.
func ParseRestriction(s string) (Restriction, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err == nil || errors.Is(err, strconv.ErrRange) {
		return Count(n), nil // out of range, n is the nearest there is: more than any listing has
	}
	if !isDecimal(s) {
		return Pattern(s), nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f < 0 || f > 1 {
		return Restriction{}, fmt.Errorf("restriction %q: a fraction must be between 0 and 1", s)
	}
	return Fraction(f), nil
}

// isDecimal tells whether s is digits with one point, perhaps with a sign and an exponent.
func isDecimal(s string) bool {
	whole, part, hasPoint := strings.Cut(strings.TrimLeft(s, "+-"), ".")
	if !hasPoint || whole+part == "" || strings.ContainsAny(whole, "eE") {
		return false
	}
	_, err := strconv.ParseFloat(s, 64)
	return (err == nil || errors.Is(err, strconv.ErrRange)) && strings.Trim(whole+part, "0123456789eE+-") == ""
}

// String returns the restriction as Python's repr shows it in messages.
func (r Restriction) String() string {
	switch r.kind {
	case keepCount:
		return strconv.FormatInt(r.count, 10)
	case keepFraction:
		return value.ReprFloat(r.fraction)
	case keepPattern:
		return value.ReprStr(r.pattern)
	}
	return "None"
}

// selection is what restrictions left of a listing, and the lines that tell so.
type selection struct {
	ids      []FuncID
	messages []byte
	invalid  error // the last pattern that Python refuses
}

// restrict applies the restrictions to the listing.
func (s *Stats) restrict(restrictions []Restriction) (selection, error) {
	chosen := selection{ids: s.listing()}
	for _, r := range restrictions {
		kept, err := s.keep(r, &chosen)
		if err != nil {
			return selection{}, err
		}
		if len(kept) != len(chosen.ids) {
			chosen.messages = fmt.Appendf(chosen.messages, "   List reduced from %d to %d due to restriction <%s>\n",
				len(chosen.ids), len(kept), r)
		}
		chosen.ids = kept
	}
	return chosen, nil
}

func (s *Stats) keep(r Restriction, from *selection) ([]FuncID, error) {
	count := len(from.ids)
	switch {
	case r.kind == keepPattern:
		return s.matching(r, from)
	case r.kind == keepFraction && r.fraction >= 0 && r.fraction < 1:
		product := float64(float64(count) * r.fraction) // rounded by itself: fused with the sum it differs from Python's
		count = int(math.Floor(product + 0.5))
	case r.kind == keepCount && r.count >= 0 && r.count < int64(count):
		count = int(r.count)
	}
	return from.ids[:min(count, len(from.ids))], nil
}

// matching returns the functions whose printed names the pattern matches.
func (s *Stats) matching(r Restriction, from *selection) ([]FuncID, error) {
	expression, err := pyre.Compile(r.pattern)
	if err != nil {
		from.invalid = fmt.Errorf("restriction %s: %w", r, err)
		from.messages = fmt.Appendf(from.messages, "   <Invalid regular expression %s>\n", r)
		return from.ids, nil
	}
	matched, err := s.matchAll(expression, from.ids)
	if err != nil {
		return nil, fmt.Errorf("matching restriction %s: %w", r, err)
	}
	var kept []FuncID
	for i, id := range from.ids {
		if matched[i] {
			kept = append(kept, id)
		}
	}
	return kept, nil
}

// namesPerTurn is how many names a worker matches at a time.
const namesPerTurn = 256

// matchAll matches the printed names of functions, on all processors. After an error the rest is left out.
func (s *Stats) matchAll(expression *pyre.Regexp, ids []FuncID) ([]bool, error) {
	matched := make([]bool, len(ids))
	turns := (len(ids) + namesPerTurn - 1) / namesPerTurn
	failed := make([]error, turns)
	var next, stopped atomic.Int64
	var workers sync.WaitGroup
	for range min(turns, runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			for turn := int(next.Add(1)) - 1; turn < turns && stopped.Load() == 0; turn = int(next.Add(1)) - 1 {
				start, end := turn*namesPerTurn, min(len(ids), (turn+1)*namesPerTurn)
				if failed[turn] = s.matchSome(expression, ids[start:end], matched[start:end]); failed[turn] != nil {
					stopped.Store(1)
				}
			}
		})
	}
	workers.Wait()
	for _, err := range failed {
		if err != nil {
			return nil, err
		}
	}
	return matched, nil
}

func (s *Stats) matchSome(expression *pyre.Regexp, ids []FuncID, matched []bool) (err error) {
	for i, id := range ids {
		if matched[i], err = expression.Match(s.Rows[id].Func.String()); err != nil {
			return fmt.Errorf("%s: %w", s.Rows[id].Func.short(), err)
		}
	}
	return nil
}
