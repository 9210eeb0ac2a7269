package app

import (
	"cmp"
	"encoding/csv"
	"io"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/cantil-py/cantil/internal/store"
	"github.com/cantil-py/cantil/sweep"
)

// SweepMissing is the state of a point that has no run yet; the others are those of package sweep.
const SweepMissing = "missing"

// SweepReport is what became of a sweep so far.
type SweepReport struct {
	ID      string       `json:"id"`
	Dir     string       `json:"folder"`
	Created time.Time    `json:"created"`
	Program []string     `json:"program"` // and its arguments, before the values were put in
	Names   []string     `json:"parameters"`
	Metrics []string     `json:"metrics"` // names; the first one sorts
	Max     bool         `json:"max"`     // the largest is the best
	Repeats bool         `json:"repeats"` // some points are repeats of others
	Counts  SweepCounts  `json:"counts"`
	Rows    []SweepRow   `json:"points"` // the best first; without a metric, in the order of the plan
	Means   []SweepMeans `json:"means"`  // of the first metric; of the parameters that have more than one value
}

// SweepCounts are points by their state.
type SweepCounts struct {
	All     int `json:"all"`
	Done    int `json:"done"`
	Failed  int `json:"failed"`
	Running int `json:"running"`
	Stopped int `json:"stopped"`
	Lost    int `json:"lost"`
	Missing int `json:"missing"`
}

// SweepRow is a point, and what became of it.
type SweepRow struct {
	SweepPoint
	State   string     `json:"state"`
	Code    int        `json:"code"`
	Run     string     `json:"run,omitempty"`
	Seconds float64    `json:"wall_seconds"`
	Figures []*float64 `json:"figures"` // of each metric; nil where there is none, or no finite one
}

// Best is the figure that sorts, NaN where there is none.
func (r *SweepRow) Best() float64 {
	if len(r.Figures) == 0 || r.Figures[0] == nil {
		return math.NaN()
	}
	return *r.Figures[0]
}

// SweepMeans are the marginal means of a parameter.
type SweepMeans struct {
	Name  string       `json:"parameter"`
	Means []sweep.Mean `json:"means"`
}

// Report reads what became of the points. Further metrics come before those of the plan.
func (s *Sweep) Report(metrics []string, max bool) (*SweepReport, error) {
	list, err := parseMetrics(addedMetrics(metrics, s.Metrics))
	if err != nil {
		return nil, err
	}
	entries, err := s.store.Tagged(s.Tag())
	if err != nil {
		return nil, err
	}
	r := s.report(list, entries)
	r.Max = r.Max || max
	r.sort()
	r.addMeans()
	return r, nil
}

// report has the points in the order of the plan.
func (s *Sweep) report(list []metric, entries []store.Entry) *SweepReport {
	r := &SweepReport{ID: s.ID, Dir: s.Dir, Created: s.Created, Program: s.words(s.Program.Args), Names: s.Names, Metrics: []string{}, Max: s.Max, Means: []SweepMeans{}}
	for _, m := range list {
		r.Metrics = append(r.Metrics, m.name)
	}
	latest := latestRuns(entries)
	for _, p := range s.Points {
		row := SweepRow{SweepPoint: p, State: SweepMissing, Figures: make([]*float64, len(list))}
		if e, ok := latest[p.ID]; ok {
			row.State, row.Code, row.Run, row.Seconds = string(stateOfRun(e)), e.Code, e.ID, e.Wall
			if row.State == string(sweep.Done) {
				row.read(list, e.Dir)
			}
		}
		r.Repeats = r.Repeats || p.Repeat > 1
		r.Counts.add(row.State)
		r.Rows = append(r.Rows, row)
	}
	return r
}

// addedMetrics has those that were asked for now in front.
func addedMetrics(now, planned []string) []string {
	list := slices.Clone(now)
	for _, text := range planned {
		if !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	return list
}

func (r *SweepRow) read(metrics []metric, folder string) {
	for i, m := range metrics {
		if v := m.read(folder); !math.IsNaN(v) && !math.IsInf(v, 0) {
			r.Figures[i] = &v
		}
	}
}

func (c *SweepCounts) add(state string) {
	c.All++
	of := map[string]*int{
		string(sweep.Done): &c.Done, string(sweep.Failed): &c.Failed, string(sweep.Running): &c.Running,
		string(sweep.Stopped): &c.Stopped, string(sweep.Lost): &c.Lost, SweepMissing: &c.Missing,
	}
	*of[state]++
}

// sort puts the best first, and what has no figure last.
func (r *SweepReport) sort() {
	if len(r.Metrics) == 0 {
		return
	}
	slices.SortStableFunc(r.Rows, func(a, b SweepRow) int {
		x, y := a.Best(), b.Best()
		switch {
		case math.IsNaN(x) && math.IsNaN(y):
			return 0
		case math.IsNaN(x):
			return 1
		case math.IsNaN(y):
			return -1
		case r.Max:
			return cmp.Compare(y, x)
		}
		return cmp.Compare(x, y)
	})
}

func (r *SweepReport) addMeans() {
	if len(r.Metrics) == 0 {
		return
	}
	results := make([]sweep.Result, len(r.Rows))
	for i := range r.Rows {
		results[i] = sweep.Result{Point: r.Rows[i].Point, Figure: r.Rows[i].Best()}
	}
	for _, name := range r.Names {
		if means := sweep.Means(results, name); len(means) > 1 {
			r.Means = append(r.Means, SweepMeans{name, means})
		}
	}
}

// WriteCSV writes a line for each point: its values, its figures, what became of it.
func (r *SweepReport) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	head := append(slices.Clone(r.Names), "repeat")
	head = append(append(head, r.Metrics...), "state", "code", "wall_seconds", "run", "point")
	if err := out.Write(head); err != nil {
		return err
	}
	for i := range r.Rows {
		row := &r.Rows[i]
		var line []string
		for _, name := range r.Names {
			line = append(line, row.Settings[name].String())
		}
		line = append(line, strconv.Itoa(row.Repeat))
		for _, f := range row.Figures {
			line = append(line, figureText(f))
		}
		line = append(line, row.State, strconv.Itoa(row.Code), strconv.FormatFloat(row.Seconds, 'f', -1, 64), row.Run, row.ID)
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func figureText(f *float64) string {
	if f == nil {
		return ""
	}
	return strconv.FormatFloat(*f, 'g', -1, 64)
}

// SweepLine is one line of the list of sweeps.
type SweepLine struct {
	ID      string      `json:"id"`
	Created time.Time   `json:"created"`
	Program []string    `json:"program"`
	Counts  SweepCounts `json:"counts"`
	Problem string      `json:"problem,omitempty"` // why its plan cannot be read
}

// ListSweeps are the sweeps of the project around dir, the oldest first.
func ListSweeps(dir string) ([]SweepLine, error) {
	home, err := locate(dir)
	if err != nil {
		return nil, err
	}
	ids, err := home.Sweeps()
	if err != nil {
		return nil, err
	}
	runs, err := home.List()
	if err != nil {
		return nil, err
	}
	lines := make([]SweepLine, 0, len(ids))
	for _, id := range ids {
		line := SweepLine{ID: id}
		s, err := FindSweep(id, dir)
		if err != nil {
			line.Problem = err.Error()
		} else {
			own := slices.DeleteFunc(slices.Clone(runs), func(e store.Entry) bool { return !slices.Contains(e.Tags, s.Tag()) })
			r := s.report(nil, own)
			line.Created, line.Program, line.Counts = s.Created, r.Program, r.Counts
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// SweepIDs are the ids of the sweeps of the project around dir, the oldest first.
func SweepIDs(dir string) ([]string, error) {
	home, err := locate(dir)
	if err != nil {
		return nil, err
	}
	return home.Sweeps()
}
