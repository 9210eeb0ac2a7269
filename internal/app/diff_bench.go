package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/cantil-py/cantil/bench"
	"github.com/cantil-py/cantil/profile/diff"
)

// measured is one command of a file of measurements: figures by metric, as they came.
type measured struct {
	name    string
	figures map[bench.Metric][]float64
}

// measuredFile is what cantil bench writes, or hyperfine.
type measuredFile struct {
	Series  []bench.Series    `json:"series"`
	Results []hyperfineResult `json:"results"`
}

// readMeasured reads the JSON of cantil bench or of hyperfine.
func readMeasured(path string) ([]measured, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxBenchJSON {
		return nil, fmt.Errorf("reading %s: longer than %d MiB", path, maxBenchJSON>>20)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var file measuredFile
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("reading %s: it is no measurement of cantil bench or hyperfine: %w", path, err)
	}
	var list []measured
	for _, s := range file.Series {
		list = append(list, measuredBy(s))
	}
	for _, r := range file.Results {
		list = append(list, measuredByHyperfine(r))
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("reading %s: no measurement of cantil bench or hyperfine is in it", path)
	}
	return list, nil
}

func measuredBy(s bench.Series) measured {
	m := measured{s.Name, map[bench.Metric][]float64{}}
	for _, metric := range bench.Metrics() {
		if x := s.Figures(metric); len(x) > 0 {
			m.figures[metric] = x
		}
	}
	return m
}

// measuredByHyperfine: of the processor time there are only means.
func measuredByHyperfine(r hyperfineResult) measured {
	m := measured{r.Command, map[bench.Metric][]float64{}}
	above := func(v float64) bool { return v > 0 }
	if len(r.Times) > 0 && !slices.ContainsFunc(r.Times, func(v float64) bool { return !above(v) }) {
		m.figures[bench.Wall] = r.Times
	}
	var memory []float64
	for _, v := range r.Memory {
		if v > 0 {
			memory = append(memory, float64(v))
		}
	}
	if len(memory) > 0 {
		m.figures[bench.Memory] = memory
	}
	return m
}

// benchMetrics are what is compared of two measurements; the others hang on these.
var benchMetrics = []bench.Metric{bench.Wall, bench.CPU, bench.Memory, bench.Instructions}

// compareBenchmarks compares each command with the one of the same name; with one command in each, those two. All figures of
// all commands are one family: the chance that any verdict is wrong is 1 %, shared among the figures.
func (r *DiffReport) compareBenchmarks(before, after []diffInput) error {
	if len(before) != 1 || len(after) != 1 {
		return errors.New("comparing measurements: one file on each side; cantil bench --runs measures more often")
	}
	pairs := pairCommands(before[0].bench, after[0].bench)
	if len(pairs) == 0 {
		return fmt.Errorf("comparing %s with %s: no command has the same name in both", before[0].name, after[0].name)
	}
	r.noteUnpaired(before[0].bench, after[0].bench, pairs)
	var list []sideFigures
	for _, p := range pairs {
		for _, m := range benchMetrics {
			if a, b := p[0].figures[m], p[1].figures[m]; a != nil && b != nil {
				list = append(list, sideFigures{bothNames(p), string(m), a, b})
			}
		}
	}
	if len(list) == 0 {
		return fmt.Errorf("comparing %s with %s: they have no figure of the same kind", before[0].name, after[0].name)
	}
	for _, f := range list {
		// The runs of two commands, and of two metrics, are not in all cases as many: each is compared by itself.
		changes, err := bench.CompareMany(pairsOf([]sideFigures{f}), false, bench.Among(len(list), diff.Level))
		if err != nil {
			return err
		}
		r.Figures = append(r.Figures, f.figure(changes[0]))
	}
	if slices.ContainsFunc(r.Figures, func(f DiffFigure) bool { return f.Kind == bench.Unknown }) {
		r.Notes = append(r.Notes, "noise cannot be told from change by so few runs; cantil bench measures until it can")
	}
	r.Notes = append(r.Notes, "the verdicts hold if nothing but the commands differed between the two measurements; cantil bench measures both in turns")
	return nil
}

// bothNames is one name, where both have it.
func bothNames(p [2]measured) string {
	if p[0].name == p[1].name {
		return p[0].name
	}
	return p[0].name + " → " + p[1].name
}

func pairCommands(before, after []measured) (pairs [][2]measured) {
	if len(before) == 1 && len(after) == 1 {
		return [][2]measured{{before[0], after[0]}}
	}
	for _, b := range after {
		if i := slices.IndexFunc(before, func(a measured) bool { return a.name == b.name }); i >= 0 {
			pairs = append(pairs, [2]measured{before[i], b})
		}
	}
	return pairs
}

// noteUnpaired tells of commands that only one side has.
func (r *DiffReport) noteUnpaired(before, after []measured, pairs [][2]measured) {
	tell := func(list []measured, which int, side string) {
		for _, m := range list {
			if !slices.ContainsFunc(pairs, func(p [2]measured) bool { return p[which].name == m.name }) {
				r.Notes = append(r.Notes, fmt.Sprintf("%s was measured %s only", m.name, side))
			}
		}
	}
	tell(before, 0, "before")
	tell(after, 1, "after")
}
