package app

import (
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/cantil-py/cantil/sweep"
)

func TestMetrics(t *testing.T) {
	dir := t.TempDir()
	output := "loss=3.5\naccuracy 0.1\n{\"loss\": 1, \"deep\": {\"er\": 2}}\n{\"acc\": 0.75, \"bad\": NaN, \"text\": \"x\"}\nloss=2.25\nloss=-1e-3 at the end\n{not json}\n"
	if err := os.WriteFile(filepath.Join(dir, "stdout.log"), []byte(output), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text, name string
		want       float64
	}{
		{`regex:loss=([-\d.e]+)`, "loss", -1e-3},
		{`regex:^loss=(\d+\.\d+)$`, "loss", 2.25},
		{`regex:\d+\.\d+`, "metric", 2.25},
		{`acc=regex:accuracy (\S+)`, "acc", 0.1},
		{`regex:loss=(at)`, "loss", math.NaN()},
		{`json:loss`, "loss", 1},
		{`json:deep.er`, "deep.er", 2},
		{`json:acc`, "acc", 0.75},
		{`json:bad`, "bad", math.NaN()},
		{`json:text`, "text", math.NaN()},
		{`json:none`, "none", math.NaN()},
		{`var:none`, "none", math.NaN()},
	} {
		m, err := parseMetric(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		got := m.read(dir)
		if m.name != c.name || got != c.want && !(math.IsNaN(got) && math.IsNaN(c.want)) {
			t.Errorf("%s: %s is %v, want %s is %v", c.text, m.name, got, c.name, c.want)
		}
	}
	for text, want := range map[string]string{
		"loss": "is no metric", "regex:(": "missing closing", "json:": "is no metric", "yaml:x": "none of", "var:a b": "no name of a variable",
	} {
		if err := CheckMetric(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error is %v, and should say %q", text, err, want)
		}
	}
	if _, err := parseMetrics([]string{"json:loss", "var:loss"}); err == nil {
		t.Error("two metrics of one name were taken")
	}
}

// TestKeptNumbers: what Python pickles of a number is read as that number.
func TestKeptNumbers(t *testing.T) {
	py := testpy.Newest(t)
	dir := t.TempDir()
	for code, want := range map[string]float64{"7": 7, "-0.25": -0.25, "2**70": 1 << 70, "'x'": math.NaN(), "float('nan')": math.NaN()} {
		path := filepath.Join(dir, "x.pkl")
		testpy.Run(t, py, "import pickle, sys; pickle.dump("+code+", open(sys.argv[1], 'wb'), 4)", path)
		if got := keptNumber(path); got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Errorf("%s is read as %v", code, got)
		}
	}
}

// TestCovering: each value is in one of the points at least, and there are few.
func TestCovering(t *testing.T) {
	var axes []sweep.Axis
	for _, text := range []string{"a=1:7", "b=1:5", "c=1:3"} {
		axis, err := sweep.ParseGrid(text)
		if err != nil {
			t.Fatal(err)
		}
		axes = append(axes, axis)
	}
	points, _, _, err := sweep.Space{Axes: axes}.Points()
	if err != nil {
		t.Fatal(err)
	}
	var all []SweepPoint
	for _, p := range points {
		all = append(all, SweepPoint{Point: p})
	}
	some := covering(all)
	seen := map[string]bool{}
	for _, p := range some {
		for name, v := range p.Settings {
			seen[name+v.String()] = true
		}
	}
	if len(seen) != 7+5+3 || len(some) > 7+5+3 {
		t.Errorf("%d points have %d of 15 values", len(some), len(seen))
	}
}

func TestReportSorts(t *testing.T) {
	figures := func(values ...float64) *SweepReport {
		r := &SweepReport{Metrics: []string{"loss"}, Names: []string{"n"}}
		for i, v := range values {
			row := SweepRow{SweepPoint: SweepPoint{Point: sweep.Point{Settings: sweep.Settings{"n": {strconv.Itoa(i)}}, Repeat: 1}}, Figures: []*float64{nil}}
			if !math.IsNaN(v) {
				row.Figures[0] = &v
			}
			r.Rows = append(r.Rows, row)
		}
		return r
	}
	order := func(r *SweepReport) string {
		var b strings.Builder
		for _, row := range r.Rows {
			b.WriteString(row.Settings["n"].String())
		}
		return b.String()
	}
	r := figures(3, math.NaN(), 1, 2, math.NaN())
	r.sort()
	if got := order(r); got != "23014" {
		t.Errorf("the least first is %s", got)
	}
	r = figures(3, math.NaN(), 1, 2, math.NaN())
	r.Max = true
	r.sort()
	if got := order(r); got != "03214" {
		t.Errorf("the largest first is %s", got)
	}
	p, err := r.Plot("n", 4, 3)
	if err != nil {
		t.Fatal(err)
	}
	want := SweepPlot{Rows: []string{".", "   .", "  ."}, Top: "3", Base: "1", From: "0", To: "3", Points: 3}
	if diff := cmp.Diff(want, p); diff != "" {
		t.Error(diff)
	}
	if got, want := Span(1, 2, 4, 0, 4, 5), " ─●──"; got != want {
		t.Errorf("the span is %q, want %q", got, want)
	}
}
