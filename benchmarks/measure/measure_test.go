package measure

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestSpread(t *testing.T) {
	for _, c := range []struct {
		list []float64
		want Spread
	}{
		{[]float64{7}, Spread{7, 7, 7}},
		{[]float64{9, 1, 4}, Spread{4, 1, 9}},
		{[]float64{9, 1, 4, 6}, Spread{5, 1, 9}},
	} {
		if got := SpreadOfAll(c.list); got != c.want {
			t.Errorf("the spread of %v is %v, want %v", c.list, got, c.want)
		}
	}
	a, b := []Cost{{Wall: 6 * time.Second}, {Wall: 8 * time.Second}}, []Cost{{Wall: 3 * time.Second}, {Wall: 2 * time.Second}}
	got := SpreadOf(a, b, func(a, b Cost) float64 { return a.Wall.Seconds() / b.Wall.Seconds() })
	if got != (Spread{3, 2, 4}) {
		t.Errorf("ratios are to be taken pair by pair: %v", got)
	}
}

func TestReport(t *testing.T) {
	var out strings.Builder
	r := &Report{Out: &out}
	r.AtLeast("speed", "40.0 times", 40, 40)
	r.AtMost("memory", "0.30", 0.3, 1.0/3)
	if err := r.End(true); err != nil || strings.Contains(out.String(), "NOT KEPT") {
		t.Errorf("promises that were just kept: %v\n%s", err, out.String())
	}
	r.AtLeast("speed", "39.9 times", 39.9, 40)
	r.AtMost("other", "4", 4, 5)
	if strings.Count(out.String(), "NOT KEPT") != 1 {
		t.Errorf("one promise was broken:\n%s", out.String())
	}
	if err := r.End(false); err != nil {
		t.Errorf("a broken promise is no error unless asked: %v", err)
	}
	if err := r.End(true); !errors.Is(err, ErrNotKept) {
		t.Errorf("strict: %v", err)
	}
}

// TestNothing: what was not measured keeps no promise.
func TestNothing(t *testing.T) {
	r := &Report{Out: &strings.Builder{}}
	r.AtMost("ratio of nothing", "", SpreadOfAll(nil).Median, 3)
	if r.End(true) == nil {
		t.Error("the median of no figures keeps a promise")
	}
}

func TestParts(t *testing.T) {
	for _, c := range []struct{ wanted, want string }{{"", "a b c"}, {"c a", "a c"}, {"b", "b"}, {"x", ""}, {"a fails", "a"}} {
		var did []string
		part := func(name string) Part {
			return Part{name, func(context.Context) error { did = append(did, name); return nil }}
		}
		fails := Part{"fails", func(context.Context) error {
			if c.wanted == "" {
				return nil
			}
			return errors.New("broken")
		}}
		err := measureParts(t.Context(), strings.Fields(c.wanted), []Part{part("a"), part("b"), part("c"), fails})
		if got := strings.Join(did, " "); got != c.want {
			t.Errorf("of %q: %q, want %q", c.wanted, got, c.want)
		}
		if (err != nil) != (c.wanted == "x" || c.wanted == "a fails") {
			t.Errorf("of %q: %v", c.wanted, err)
		}
	}
}
