package app

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/cantil-py/cantil/profile/pstats"
	"github.com/cantil-py/cantil/profile/stacks"
)

// bothRow is a function as the exact collector and the sampler saw it.
type bothRow struct {
	Func             pstats.Func
	Exact            pstats.Counts // own time with that of the built-ins it called
	Counted, Sampled bool          // by which of the two it was seen
	Share            stacks.Row
}

// bothTable is one table of two profiles.
type bothTable struct {
	rows          []bothRow // as they are listed
	heading       string
	calls         int64
	plain, traced float64 // wall time
	same          bool
	samples       *stacks.Profile
}

// showBoth prints exact calls beside undistorted time.
func (o *ProfileOptions) showBoth(exact *pstats.Stats, samples *stacks.Profile, plain, traced float64) error {
	t := &bothTable{calls: exact.TotalCalls, plain: plain, traced: traced, same: o.SameRun, samples: samples}
	if err := t.join(exact, o.View); err != nil {
		return err
	}
	var err error
	switch o.Format {
	case JSON:
		err = t.writeJSON(o.Stdout)
	case CSV:
		err = t.writeCSV(o.Stdout)
	default:
		err = t.print(o.Stdout)
	}
	tellSampling(samples, o.Say)
	return err
}

// place is what a function is matched by: names differ, as only one of the two is qualified.
type place struct {
	file string
	line int64
}

// join matches the functions of the two, and lists them in the order of the view: by
// exact calls and sampled times.
func (t *bothTable) join(exact *pstats.Stats, view StatsView) error {
	var all []bothRow
	at := map[place]int{}
	own := withBuiltins(exact)
	for id := range exact.Rows {
		row := &exact.Rows[id]
		if !row.Listed || row.Func.File == "~" {
			continue
		}
		counts := row.Counts
		counts.Own = own[id]
		at[place{row.Func.File, row.Func.Line}] = len(all)
		all = append(all, bothRow{Func: row.Func, Exact: counts, Counted: true})
	}
	p := withoutNative(t.samples)
	for _, row := range p.Rows() {
		name := exactName(p.Funcs[row.Func])
		i, ok := at[place{name.File, name.Line}]
		if !ok {
			i = len(all)
			at[place{name.File, name.Line}] = i
			all = append(all, bothRow{Func: name})
		}
		if !all[i].Sampled { // a def and a lambda may share a line: the first gets the samples
			all[i].Sampled, all[i].Share = true, row
		}
	}
	return t.list(all, view)
}

// list sorts and restricts as pstats does.
func (t *bothTable) list(all []bothRow, view StatsView) error {
	rows := make([]pstats.Row, len(all))
	for i, row := range all {
		rows[i] = pstats.Row{Func: row.Func, Listed: true, Counts: pstats.Counts{
			Calls: row.Exact.Calls, Primitive: row.Exact.Primitive,
			Own: t.seconds(row.Share.Own.Count), Cumulative: t.seconds(row.Share.Cumulative.Count)}}
	}
	stats := pstats.New(rows)
	view.StripDirs, view.Correct = false, false
	if err := view.arrange(stats); err != nil {
		return err
	}
	restrictions, err := view.restrictions()
	if err != nil {
		return err
	}
	ids, heading, err := stats.List(restrictions...)
	if err != nil {
		return err
	}
	t.heading = heading
	for _, id := range ids {
		t.rows = append(t.rows, all[id])
	}
	return nil
}

// withBuiltins is the own time of each function with that of the built-ins it called:
// a sampler sees those as the function's.
func withBuiltins(exact *pstats.Stats) []float64 {
	own := make([]float64, len(exact.Rows))
	for id := range exact.Rows {
		row := &exact.Rows[id]
		own[id] += row.Own
		if row.Func.File != "~" {
			continue
		}
		for _, e := range row.Callers {
			own[e.Caller] += e.Own
		}
	}
	return own
}

// withoutNative gives the time of native functions to the Python functions that called them.
func withoutNative(p *stacks.Profile) *stacks.Profile {
	part := *p
	part.Samples = append([]stacks.Sample(nil), p.Samples...)
	for i := range part.Samples {
		at := part.Samples[i].Stack
		for p.Funcs[p.Nodes[at].Func].Native && p.Nodes[at].Parent != stacks.NoParent {
			at = p.Nodes[at].Parent
		}
		part.Samples[i].Stack = at
	}
	return &part
}

func (t *bothTable) seconds(samples int64) float64 { return t.samples.Time(samples).Seconds() }

// interval is that of a share, in seconds.
func (t *bothTable) interval(s stacks.Share) (low, high float64) {
	all := t.seconds(int64(len(t.samples.Samples)))
	return s.Low * all, s.High * all
}

// print writes the table for people.
func (t *bothTable) print(w io.Writer) error {
	out := bufio.NewWriter(w)
	if t.same {
		fmt.Fprintf(out, "         %d function calls in %.3f seconds, sampled %d times under the collector\n\n", t.calls, t.traced, len(t.samples.Samples))
	} else {
		fmt.Fprintf(out, "         %d function calls in %.3f seconds under the collector, %.3f seconds without: %s\n\n",
			t.calls, t.traced, t.plain, times(t.traced, t.plain))
	}
	heading := strings.NewReplacer("cumulative time", "sampled cumulative time", "internal time", "sampled own time").Replace(t.heading)
	fmt.Fprint(out, heading)
	if len(t.rows) > 0 {
		fmt.Fprintln(out, "   ncalls    own s  95 % interval     cum s  traced own  slower  filename:lineno(function)")
	}
	for _, row := range t.rows {
		fmt.Fprintf(out, "%9s %s %11s %7s  %s\n", ncalls(row), t.sampledText(row), tracedText(row), t.slower(row), row.Func)
	}
	return out.Flush() // it keeps the first error
}

func (t *bothTable) sampledText(row bothRow) string {
	if !row.Sampled {
		return fmt.Sprintf("%8s %15s %9s", "-", "", "-")
	}
	low, high := t.interval(row.Share.Own)
	return fmt.Sprintf("%8.3f %15s %9.3f", t.seconds(row.Share.Own.Count), fmt.Sprintf("%.3f - %.3f", low, high), t.seconds(row.Share.Cumulative.Count))
}

func ncalls(row bothRow) string {
	switch {
	case !row.Counted:
		return "-"
	case row.Exact.Calls != row.Exact.Primitive:
		return fmt.Sprintf("%d/%d", row.Exact.Calls, row.Exact.Primitive)
	}
	return strconv.FormatInt(row.Exact.Calls, 10)
}

func tracedText(row bothRow) string {
	if !row.Counted {
		return "-"
	}
	return fmt.Sprintf("%.3f", row.Exact.Own)
}

// fewSamples are too few for a ratio.
const fewSamples = 20

// slower is by how much the collector made the function's own time longer.
func (t *bothTable) slower(row bothRow) string {
	if !row.Counted || row.Share.Own.Count < fewSamples {
		return ""
	}
	return fmt.Sprintf("%.1fx", row.Exact.Own/t.seconds(row.Share.Own.Count))
}

// times says how much longer one time is than another.
func times(traced, plain float64) string {
	if plain <= 0 {
		return "too short to compare"
	}
	return fmt.Sprintf("%.1f times as long", traced/plain)
}
