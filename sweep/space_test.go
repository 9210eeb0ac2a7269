package sweep

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func grid(t *testing.T, texts ...string) []Axis {
	t.Helper()
	var axes []Axis
	for _, text := range texts {
		a, err := ParseGrid(text)
		if err != nil {
			t.Fatal(err)
		}
		axes = append(axes, a)
	}
	return axes
}

func pointTexts(points []Point, names []string) []string {
	var list []string
	for _, p := range points {
		list = append(list, p.Text(names))
	}
	return list
}

func TestPoints(t *testing.T) {
	points, names, same, err := Space{Axes: grid(t, "a=1,2", "b=x,y,x"), Repeat: 2}.Points()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"a=1 b=x", "a=1 b=y", "a=2 b=x", "a=2 b=y", "a=1 b=x (repeat 2)", "a=1 b=y (repeat 2)", "a=2 b=x (repeat 2)", "a=2 b=y (repeat 2)"}
	if diff := cmp.Diff(want, pointTexts(points, names)); diff != "" {
		t.Error(diff)
	}
	if same != 4 {
		t.Errorf("%d points were told as the same, not 4", same)
	}
}

// TestPermuted: the same points in another order, which the seed decides.
func TestPermuted(t *testing.T) {
	order := func(s Space) []string {
		points, names, _, err := s.Points()
		if err != nil {
			t.Fatal(err)
		}
		return pointTexts(points, names)
	}
	axes := grid(t, "a=1:100")
	plain, one, again, two := order(Space{Axes: axes}), order(Space{Axes: axes, Permuted: true, Seed: 1}), order(Space{Axes: axes, Permuted: true, Seed: 1}), order(Space{Axes: axes, Permuted: true, Seed: 2})
	if !slices.Equal(one, again) || slices.Equal(one, two) || slices.Equal(one, plain) {
		t.Error("the order is not that of the seed")
	}
	slices.Sort(one)
	slices.Sort(plain)
	if !slices.Equal(one, plain) {
		t.Error("the points are not the same")
	}
}

func TestSpaceRefuses(t *testing.T) {
	random, err := ParseRandom("r=0:1")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		space Space
		want  string
	}{
		"nothing":     {Space{}, "no parameters"},
		"twice":       {Space{Axes: grid(t, "a=1", "a=2")}, "twice"},
		"too many":    {Space{Axes: grid(t, "a=1:1000", "b=1:1000")}, "more than 100000 points"},
		"no samples":  {Space{Random: []Random{random}}, "number of samples"},
		"no random":   {Space{Samples: 3, Axes: grid(t, "a=1")}, "no parameter is random"},
		"far samples": {Space{Samples: 1 << 40, Random: []Random{random}}, "more than 100000 samples"},
	} {
		if _, _, _, err := c.space.Points(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: the error is %v, and should say %q", name, err, c.want)
		}
	}
}

// TestRandom: draws stay within their ends, are spread as they say, and whole numbers come equally often.
func TestRandom(t *testing.T) {
	const n = 20_000
	draws := func(text string) []float64 {
		r, err := ParseRandom(text)
		if err != nil {
			t.Fatal(err)
		}
		var list []float64
		for _, row := range samples([]Random{r}, n, 3).Rows {
			v, err := strconv.ParseFloat(row[r.Name].String(), 64)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, v)
		}
		return list
	}
	within := func(what string, got, want, by float64) {
		t.Helper()
		if math.Abs(got-want) > by {
			t.Errorf("%s is %.4g, want %.4g +- %.2g", what, got, want, by)
		}
	}
	share := func(list []float64, is func(float64) bool) float64 {
		count := 0
		for _, v := range list {
			if is(v) {
				count++
			}
		}
		return float64(count) / float64(len(list))
	}
	const five = 5 * 0.0036 // standard errors of a share of one half, of 20,000
	log := draws("lr=1e-4:1e-1:log")
	within("the share of log draws below the geometric mean", share(log, func(v float64) bool { return v < math.Sqrt(1e-5) }), 0.5, five)
	if slices.Min(log) < 1e-4 || slices.Max(log) > 1e-1 {
		t.Errorf("log draws from %g to %g", slices.Min(log), slices.Max(log))
	}
	within("the share of even draws below the middle", share(draws("x=-1.0:1.0"), func(v float64) bool { return v < 0 }), 0.5, five)
	whole := draws("n=1:4")
	for k := 1.0; k <= 4; k++ {
		within("the share of one of four whole numbers", share(whole, func(v float64) bool { return v == k }), 0.25, five)
	}
	wholeLog := draws("n=1:1000:log")
	if share(wholeLog, func(v float64) bool { return v == math.Trunc(v) && v >= 1 && v <= 1000 }) != 1 {
		t.Error("log draws of whole numbers are not all whole, from 1 to 1000")
	}
	for text, want := range map[string]string{"a=2:1": "larger", "a=0:1:log": "above 0", "a=1:1": "larger", "a": "NAME="} {
		if _, err := ParseRandom(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error is %v, and should say %q", text, err, want)
		}
	}
}

// TestID: ids are kept on disks, and must not change.
func TestID(t *testing.T) {
	p := Point{Settings{"lr": {"0.1"}, "hidden": {"20", "20"}}, 1}
	if got, want := p.ID(), "e3a41908863f"; got != want {
		t.Errorf("the id is %s, and was %s", got, want)
	}
	// hashlib.sha256(b'{"a":"<&>"}\n3').hexdigest()[:12]
	if got, want := (Point{Settings{"a": {"<&>"}}, 3}).ID(), "7d7e800ce14b"; got != want {
		t.Errorf("the id is %s, and Python's %s", got, want)
	}
	other := []Point{
		{Settings{"lr": {"0.10"}, "hidden": {"20", "20"}}, 1}, {Settings{"lr": {"0.1"}, "hidden": {"20,20"}}, 1},
		{Settings{"lr": {"0.1"}}, 1}, {Settings{"lr": {"0.1"}, "hidden": {"20", "20"}}, 2}, {nil, 1}, {Settings{}, 1},
	}
	seen := map[string]bool{p.ID(): true}
	for _, o := range other[:5] {
		if seen[o.ID()] {
			t.Errorf("%v has the id of another point", o)
		}
		seen[o.ID()] = true
	}
}

func TestReadPoints(t *testing.T) {
	want := []string{"batch_norm=true hidden=20,20 lr=1e-4", "hidden=10 lr=0.25 n=7"}
	for name, text := range map[string]string{
		"a.json": `[{"lr": 1e-4, "hidden": [20, 20], "batch_norm": true, "n": null}, {"lr": 0.25, "hidden": "10", "n": 7}]`,
		"b.json": `{"points": [{"lr": "1e-4", "hidden": ["20", 20], "batch_norm": "true"}, {"lr": 0.25, "hidden": [10], "n": 7}]}`,
		"c.toml": "# points\n[[points]]\nlr = \"1e-4\"\nhidden = [20, 20]\nbatch_norm = true\n\n[[points]]\nlr = 0.25\nhidden = 10\nn = 7\n",
	} {
		a, err := ReadPoints(name, strings.NewReader(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(want, texts(a)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	for _, c := range []struct{ name, text, want string }{
		{"a.yaml", "", "not in .toml or .json"},
		{"a.json", "", "EOF"},
		{"a.json", "[]", "there are none"},
		{"a.json", `[{"a": {"b": 1}}]`, "point 1, a: a value is"},
		{"a.json", `[{"a": [[1]]}]`, "a list holds"},
		{"a.json", `[{"a b": 1}]`, "no name of a parameter"},
		{"a.json", `[{"a": 1}] more`, "more follows"},
		{"a.json", `{"point": []}`, "unknown field"},
		{"a.toml", "lr = 3", "stands outside"},
		{"a.toml", "[[points]]\nwhen = 2026-11-22", "and not"},
		{"a.toml", "[[points]]\nlr = ", "line 2"},
	} {
		if _, err := ReadPoints(c.name, strings.NewReader(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %q: the error is %v, and should say %q", c.name, c.text, err, c.want)
		}
	}
}
