package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/cantil-py/cantil/profile/diff"
	"github.com/cantil-py/cantil/profile/pstats"
)

// forty has forty functions, of which one can do more.
//
//go:embed forty.py
var forty string

const (
	functionsOfForty = 40
	// profileRounds is what cantil bench --profile collects by itself.
	profileRounds = 12
)

// functions counts verdicts on the functions of real profiles of one program, in which a function was made slower afterwards: the noise
// is measured, the change is not.
func (t *trust) functions(ctx context.Context) error {
	profiles, err := t.collect(ctx)
	if err != nil {
		return err
	}
	t.Section(fmt.Sprintf("the noise of %d profiles of %d functions, robust standard deviations", len(profiles), functionsOfForty))
	t.tellNoise(profiles)
	random := rand.New(rand.NewPCG(7, 7))
	for _, c := range []struct {
		n      int
		paired bool
	}{{6, false}, {8, false}, {profileRounds, false}, {profileRounds, true}} {
		if err := t.simulate(profiles, c.n, c.paired, random); err != nil {
			return err
		}
	}
	return nil
}

// collect profiles the program again and again.
func (t *trust) collect(ctx context.Context) (list []diff.Profile, err error) {
	script, err := t.Write("forty.py", forty)
	if err != nil {
		return nil, err
	}
	file := t.Path("forty.prof")
	for run := range t.noise {
		if _, err := t.Run(ctx, t.Cantil, "profile", "--restrict", "1", "-o", file, script); err != nil {
			return nil, err
		}
		s, err := pstats.Open(file)
		if err != nil {
			return nil, err
		}
		list = append(list, diff.FromStats(s, strconv.Itoa(run), diff.Kind{}))
		t.Say(fmt.Sprintf("profile %d of %d", run+1, t.noise))
	}
	return list, nil
}

// tellNoise parts the noise into what all functions of a run have in common, and the rest.
func (t *trust) tellNoise(profiles []diff.Profile) {
	logs := make([][]float64, functionsOfForty) // by function, then by run
	for _, p := range profiles {
		for _, f := range p.Functions {
			if i, is := numberOf(f.Func); is {
				logs[i] = append(logs[i], math.Log(f.Own))
			}
		}
	}
	var all, rest []float64
	common := make([]float64, len(profiles))
	for run := range common {
		var off []float64
		for _, f := range logs {
			off = append(off, f[run]-medianOf(f))
		}
		common[run] = medianOf(off)
	}
	for _, f := range logs {
		all = append(all, robustDeviation(f))
		for run := range f {
			f[run] -= common[run]
		}
		rest = append(rest, robustDeviation(f))
	}
	t.Told("a function's time", fmt.Sprintf("%.2f %%", 100*medianOf(all)))
	t.Told("... common to all functions of a run", fmt.Sprintf("%.2f %%", 100*robustDeviation(common)))
	t.Told("... what is left", fmt.Sprintf("%.2f %%", 100*medianOf(rest)))
}

func medianOf(x []float64) float64 {
	s := slices.Sorted(slices.Values(x))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}

func robustDeviation(x []float64) float64 {
	m := medianOf(x)
	off := make([]float64, len(x))
	for i, v := range x {
		off[i] = math.Abs(v - m)
	}
	return 1.4826 * medianOf(off)
}

// numberOf is which of the forty a function is.
func numberOf(f diff.Func) (int, bool) {
	digits, found := strings.CutPrefix(f.Name, "f")
	n, err := strconv.Atoi(digits)
	return n, found && err == nil && f.File == "forty_functions.py"
}

// verdict is what a comparison says: whether the planted function was found, an innocent one accused, and whether it says anything.
type verdict struct{ found, accused, anything bool }

func judge(d *diff.Diff, planted int) (v verdict) {
	v.anything = d.Whole.Differs() || d.Speed != nil && (d.Speed.Differs() || d.Equal.Differs())
	for i := range d.Rows {
		row := &d.Rows[i]
		n, is := numberOf(row.Name())
		switch {
		case is && n == planted:
			v.found = row.Own.Kind == "more"
		case row.Own.Differs(), is && row.Cumulative.Differs():
			v.accused = true
		}
		v.anything = v.anything || row.Changed()
	}
	return v
}

// simulate deals the profiles to two sides, again and again.
func (t *trust) simulate(profiles []diff.Profile, n int, paired bool, random *rand.Rand) error {
	if 2*n > len(profiles) {
		return fmt.Errorf("%d profiles are too few to draw %d of them", len(profiles), 2*n)
	}
	found, accused, said := 0, 0, 0
	for trial := range t.simulated {
		order := random.Perm(len(profiles))[:2*n]
		var before, after, slower []diff.Profile
		for i, run := range order {
			if i < n {
				before = append(before, profiles[run])
				continue
			}
			after = append(after, profiles[run])
			slower = append(slower, slowed(profiles[run], trial%functionsOfForty))
		}
		same, err := diff.Compare(before, after, diff.Options{Paired: paired})
		if err != nil {
			return err
		}
		changed, err := diff.Compare(before, slower, diff.Options{Paired: paired})
		if err != nil {
			return err
		}
		said += count(judge(same, -1).anything)
		v := judge(changed, trial%functionsOfForty)
		found, accused = found+count(v.found), accused+count(v.accused)
	}
	way := fmt.Sprintf("%d profiles of each", n)
	if paired {
		way = fmt.Sprintf("%d rounds", n)
	}
	t.Section(fmt.Sprintf("one of %d functions 10 %% slower, %s, dealt out %d times", functionsOfForty, way, t.simulated))
	t.tellVerdicts(found, accused, said, t.simulated, n >= profileRounds)
	return nil
}

// tellVerdicts: of fewer profiles than cantil collects by itself nothing is promised but that what they say is right.
func (t *trust) tellVerdicts(found, accused, said, trials int, promised bool) {
	of := func(n int) string { return fmt.Sprintf("%d of %d", n, trials) }
	part := func(n int) float64 { return float64(n) / float64(trials) }
	if promised {
		t.AtLeast("found", of(found), part(found), 0.95)
	} else {
		t.Told("found", of(found))
	}
	t.AtMost("an innocent function accused", of(accused), part(accused), mostWrong)
	t.AtMost("same against same: any verdict at all", of(said), part(said), mostWrong)
}

// slowed is a profile in which a function takes a tenth longer, and so does all that called it.
func slowed(p diff.Profile, number int) diff.Profile {
	p.Functions = slices.Clone(p.Functions)
	at := slices.IndexFunc(p.Functions, func(f diff.Function) bool { n, is := numberOf(f.Func); return is && n == number })
	more := p.Functions[at].Own * plantedPart
	p.Functions[at].Own += more
	for seen := map[int]bool{}; !seen[at]; {
		seen[at] = true
		f := &p.Functions[at]
		f.Cumulative += more
		if f.Callers = slices.Clone(f.Callers); len(f.Callers) == 0 {
			break
		}
		if len(seen) == 1 {
			f.Callers[0].Own += more
		}
		f.Callers[0].Cumulative += more
		at = f.Callers[0].Caller
	}
	return p
}

// programs counts the same of real programs: cantil bench --profile collects both sides each time.
func (t *trust) programs(ctx context.Context) error {
	script, err := t.Write("forty.py", forty)
	if err != nil {
		return err
	}
	found, accused, said := 0, 0, 0
	for trial := range t.collected {
		planted := trial % functionsOfForty
		same, err := t.benchProfile(ctx, script, script)
		if err != nil {
			return err
		}
		changed, err := t.benchProfile(ctx, script, fmt.Sprintf("%s %d %v", script, planted, 1+plantedPart))
		if err != nil {
			return err
		}
		v := judge(changed, planted)
		found, accused, said = found+count(v.found), accused+count(v.accused), said+count(judge(same, -1).anything)
		t.Say(fmt.Sprintf("comparison %d of %d", trial+1, t.collected))
	}
	t.Section(fmt.Sprintf("one of %d functions 10 %% slower, cantil bench --profile of real programs", functionsOfForty))
	t.tellVerdicts(found, accused, said, t.collected, true)
	return nil
}

func (t *trust) benchProfile(ctx context.Context, before, after string) (*diff.Diff, error) {
	var out bytes.Buffer
	if err := t.Output(ctx, &out, t.Cantil, "bench", "--profile", "--json", "-r", strconv.Itoa(profileRounds), before, after); err != nil {
		return nil, err
	}
	var report struct{ Profile *diff.Diff }
	if err := json.Unmarshal(out.Bytes(), &report); err != nil || report.Profile == nil {
		return nil, fmt.Errorf("reading what cantil bench --profile printed: %w", err)
	}
	return report.Profile, nil
}
