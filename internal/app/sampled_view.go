package app

import (
	"bufio"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/cantil-py/cantil/profile/pstats"
	"github.com/cantil-py/cantil/profile/stacks"
)

// showSampled writes what is to be shown of a sampled profile to w.
func (v StatsView) showSampled(w io.Writer, p *stacks.Profile, format Format) error {
	if v.StripDirs {
		p = p.Rename(func(f stacks.Func) stacks.Func {
			f.File = filepath.Base(f.File)
			return f
		})
	}
	table, err := v.sampledTable(p)
	if err != nil {
		return err
	}
	switch {
	case format == JSON:
		return table.writeJSON(w)
	case format == CSV:
		return table.writeCSV(w)
	case v.Callers || v.Callees:
		restrictions, err := v.restrictions()
		if err != nil {
			return err
		}
		return v.print(w, table.stats, restrictions)
	}
	return table.print(w)
}

// sampledTable is a sampled profile as it is listed.
type sampledTable struct {
	p       *stacks.Profile
	stats   *pstats.Stats
	listed  []stacks.Row
	heading string
}

func (v StatsView) sampledTable(p *stacks.Profile) (*sampledTable, error) {
	rows := make([]stacks.Row, len(p.Funcs))
	for _, row := range p.Rows() {
		rows[row.Func] = row
	}
	t := &sampledTable{p: p, stats: sampledStats(p, rows)}
	if err := t.stats.Sort(v.Sort...); err != nil {
		return nil, err
	}
	if v.Reverse {
		t.stats.Reverse()
	}
	restrictions, err := v.restrictions()
	if err != nil {
		return nil, err
	}
	ids, heading, err := t.stats.List(restrictions...)
	if err != nil {
		return nil, err
	}
	t.heading = heading
	for _, id := range ids {
		t.listed = append(t.listed, rows[id])
	}
	return t, nil
}

// sampledStats has the samples in the place of calls, as CPython's own sampling profiler
// has them in its files: so they sort, restrict and list their callers as calls do.
func sampledStats(p *stacks.Profile, rows []stacks.Row) *pstats.Stats {
	callers := sampledCallers(p)
	list := make([]pstats.Row, len(rows))
	for i := range rows {
		list[i] = pstats.Row{
			Func: exactName(p.Funcs[i]), Listed: rows[i].Cumulative.Count > 0, Callers: callers[i],
			Counts: pstats.Counts{
				Calls: rows[i].Cumulative.Count, Primitive: rows[i].Own.Count,
				Own: p.Time(rows[i].Own.Count).Seconds(), Cumulative: p.Time(rows[i].Cumulative.Count).Seconds(),
			},
		}
	}
	stats := pstats.New(list)
	stats.Sampled = true
	return stats
}

// exactName is how an exact profile would name the function.
func exactName(f stacks.Func) pstats.Func {
	if f.Native {
		return pstats.Func{File: "~", Name: "<" + f.Name + ">"} // printed as {sleep}
	}
	return pstats.Func{File: f.File, Line: int64(f.FirstLine), Name: f.Name}
}

// sampledCallers counts the samples in which one function called another.
func sampledCallers(p *stacks.Profile) [][]pstats.Edge {
	type pair struct{ caller, callee stacks.FuncID }
	counts, met := map[pair]int64{}, map[pair]bool{}
	samples := make([]int64, len(p.Nodes))
	for _, s := range p.Samples {
		samples[s.Stack]++
	}
	for id, n := range samples {
		if n == 0 {
			continue
		}
		clear(met)
		for at := stacks.StackID(id); p.Nodes[at].Parent != stacks.NoParent; at = p.Nodes[at].Parent {
			met[pair{p.Nodes[p.Nodes[at].Parent].Func, p.Nodes[at].Func}] = true
		}
		for edge := range met {
			counts[edge] += n
		}
	}
	callers := make([][]pstats.Edge, len(p.Funcs))
	for edge, n := range counts {
		callers[edge.callee] = append(callers[edge.callee], pstats.Edge{
			Caller: pstats.FuncID(edge.caller), CountOnly: true, Counts: pstats.Counts{Calls: n}})
	}
	return callers
}

// print writes the table and the heaviest path for people.
func (t *sampledTable) print(w io.Writer) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "         %s\n\n%s", sampledTotal(t.p), t.heading)
	if len(t.listed) > 0 {
		fmt.Fprintln(out, "  samples   own %  95 % interval   cum %  95 % interval  filename:lineno(function)")
	}
	for _, row := range t.listed {
		fmt.Fprintf(out, "%9d  %s  %s  %s\n", row.Own.Count, shareText(row.Own), shareText(row.Cumulative), t.name(row.Func))
	}
	t.printPath(out)
	return out.Flush() // it keeps the first error
}

func sampledTotal(p *stacks.Profile) string {
	text := fmt.Sprintf("%d samples, mode %s", len(p.Samples), p.Info.Mode)
	if wall := p.Info.Counts.Wall; wall > 0 { // another tool's file may not tell
		text = fmt.Sprintf("%d samples in %.3f seconds, mode %s", len(p.Samples), wall.Seconds(), p.Info.Mode)
	}
	threads, processes := map[stacks.ThreadID]bool{}, map[int]bool{}
	for _, s := range p.Samples {
		threads[s.Thread] = true
		processes[p.Threads[s.Thread].PID] = true
	}
	if len(threads) > 1 {
		text += fmt.Sprintf(", %d threads", len(threads))
	}
	if len(processes) > 1 {
		text += fmt.Sprintf(" of %d processes", len(processes))
	}
	return text
}

// shareText is a share in percent and its interval, 22 wide.
func shareText(s stacks.Share) string {
	return fmt.Sprintf("%6.1f   %5.1f -%5.1f ", 100*s.Value, 100*s.Low, 100*s.High)
}

func (t *sampledTable) name(id stacks.FuncID) string { return exactName(t.p.Funcs[id]).String() }

const (
	mostSteps   = 30 // of the heaviest path that are printed
	mostIndents = 12 // by which a step is moved to the right
)

// step is a function of the heaviest path; calls of itself make no new one.
type step struct {
	Func   stacks.FuncID
	Times  int
	Share  float64
	Own    float64
	indent int
}

// importMachinery begins the files of what an import statement runs, five functions for
// each module: Python's tracebacks leave them out as well.
const importMachinery = "<frozen importlib._bootstrap"

// path is the heaviest path of all samples.
func (t *sampledTable) path() []step {
	var steps []step
	all := float64(len(t.p.Samples))
	nodes := t.p.Tree().HeaviestPath()
	for i, node := range nodes {
		if i < len(nodes)-1 && strings.HasPrefix(t.p.Funcs[node.Func].File, importMachinery) {
			continue
		}
		if n := len(steps); n > 0 && steps[n-1].Func == node.Func {
			steps[n-1].Times++
			steps[n-1].Own += float64(node.Own) / all
			continue
		}
		steps = append(steps, step{node.Func, 1, float64(node.Total) / all, float64(node.Own) / all, min(len(steps), mostIndents)})
	}
	return steps
}

func (t *sampledTable) printPath(out io.Writer) {
	steps := t.path()
	if len(steps) == 0 {
		return
	}
	fmt.Fprint(out, "\n   Heaviest path, each step with its share of all samples\n\n")
	for i, s := range steps {
		if i == mostSteps {
			fmt.Fprintf(out, "          and %d more\n", len(steps)-i)
			break
		}
		fmt.Fprintf(out, "  %5.1f %%  %s%s", 100*s.Share, strings.Repeat("  ", s.indent), t.name(s.Func))
		if s.Times > 1 {
			fmt.Fprintf(out, "  %d times", s.Times)
		}
		fmt.Fprintln(out)
	}
}
