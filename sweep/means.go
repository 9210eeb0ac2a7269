package sweep

import (
	"cmp"
	"math"
	"slices"
	"strconv"
)

const (
	// mostValues is how many values of a parameter are told one by one; numbers are put into parts where there are more.
	mostValues = 12
	// parts is how many such parts there are.
	parts = 4
)

// Result is a point, and the figure it came to; NaN where it has none.
type Result struct {
	Point  Point
	Figure float64
}

// Mean is the mean of the figures of all points that have one value of a parameter, or one of a range of values.
type Mean struct {
	Value string  `json:"value"` // "0.1", or "0.1 to 0.5"
	Mean  float64 `json:"mean"`
	Least float64 `json:"least"`
	Most  float64 `json:"most"`
	Count int     `json:"points"`
}

// Means are the marginal means of one parameter: whatever the others are. Numbers come in their order, other values in that
// of the points. Of more than twelve numbers there are four ranges, of as many points each as can be. Points without the parameter or a figure
// do not count.
func Means(results []Result, name string) []Mean {
	groups := groupsOf(results, name)
	list := make([]Mean, 0, len(groups))
	for _, g := range groups {
		list = append(list, g.mean())
	}
	return list
}

// group is the points that one mean is of.
type group struct {
	first, last string
	figures     []float64
}

func (g group) mean() Mean {
	m := Mean{Value: g.first, Least: math.Inf(1), Most: math.Inf(-1), Count: len(g.figures)}
	if g.last != g.first {
		m.Value += " to " + g.last
	}
	for _, v := range g.figures {
		m.Mean += v / float64(len(g.figures))
		m.Least, m.Most = min(m.Least, v), max(m.Most, v)
	}
	return m
}

// groupsOf has one group for each value, or a few for ranges of them.
func groupsOf(results []Result, name string) []group {
	var groups []group
	at := map[string]int{}
	numbers := true
	for _, r := range results {
		value, ok := r.Point.Settings[name]
		if !ok || math.IsNaN(r.Figure) || math.IsInf(r.Figure, 0) {
			continue
		}
		text := value.String()
		i, seen := at[text]
		if !seen {
			i = len(groups)
			at[text] = i
			groups = append(groups, group{first: text, last: text})
			_, err := finite(text)
			numbers = numbers && err == nil
		}
		groups[i].figures = append(groups[i].figures, r.Figure)
	}
	if !numbers {
		return groups
	}
	slices.SortStableFunc(groups, func(a, b group) int { return cmp.Compare(numberOf(a.first), numberOf(b.first)) })
	return ranged(groups)
}

func numberOf(text string) float64 {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return math.NaN()
	}
	return v
}

// ranged joins neighbours where there are too many groups.
func ranged(groups []group) []group {
	if len(groups) <= mostValues {
		return groups
	}
	joined := make([]group, 0, parts)
	for i := range parts {
		some := groups[i*len(groups)/parts : (i+1)*len(groups)/parts]
		g := group{first: some[0].first, last: some[len(some)-1].last}
		for _, one := range some {
			g.figures = append(g.figures, one.figures...)
		}
		joined = append(joined, g)
	}
	return joined
}
