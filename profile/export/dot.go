package export

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/cantil-py/cantil/profile/pstats"
	"github.com/cantil-py/cantil/profile/stacks"
)

// dot is a call graph for Graphviz: a box for each function, an arrow for each caller. Both
// kinds of profile know all of it. Functions and arrows with little of the time are left
// out, for a graph of all of them is a black square; how many is told.
func dot() Format {
	return Format{
		Name: "dot", Summary: "Graphviz: the call graph, as text that dot draws", Ending: ".dot",
		Sampled: writeDotSampled, Exact: writeDotExact,
	}
}

func writeDotSampled(w io.Writer, p *stacks.Profile) error {
	return sampledGraph(p).write(w)
}

func writeDotExact(w io.Writer, s *pstats.Stats) error { return exactGraph(s).write(w) }

// What of a graph is drawn: more boxes than these no one has read.
const (
	leastBox   = 0.005 // of the whole time
	leastArrow = 0.001
	mostBoxes  = 150
	mostArrows = 600
	labelText  = 60 // characters of a name
)

// callGraph is functions and their calls. Times are seconds.
type callGraph struct {
	title  string
	total  float64
	boxes  []graphBox // by number of the function
	arrows []graphArrow
	counts string // what is counted
}

type graphBox struct {
	name, place string
	own, cum    float64
	count       int64
	used        bool
}

type graphArrow struct {
	from, to int32
	time     float64
	count    int64
}

func exactGraph(s *pstats.Stats) *callGraph {
	g := &callGraph{title: sourceName(s), total: s.TotalTime, boxes: make([]graphBox, len(s.Rows)), counts: "calls"}
	for id := range s.Rows {
		row := &s.Rows[id]
		box := graphBox{name: row.Func.Name, place: fmt.Sprintf("%s:%d", row.Func.File, row.Func.Line), own: row.Own, cum: row.Cumulative, count: row.Calls, used: row.Listed}
		if row.Func.File == "~" || row.Func.File == "" {
			box.name, box.place = row.Func.String(), ""
		}
		g.boxes[id] = box
		for _, e := range row.Callers {
			g.arrows = append(g.arrows, graphArrow{int32(e.Caller), int32(id), e.Cumulative, e.Calls})
		}
	}
	return g
}

func sampledGraph(p *stacks.Profile) *callGraph {
	g := &callGraph{title: commandName(p), total: p.Time(int64(len(p.Samples))).Seconds(), boxes: make([]graphBox, len(p.Funcs)), counts: "samples"}
	for _, row := range p.Rows() {
		f := p.Funcs[row.Func]
		box := graphBox{name: f.Name, own: p.Time(row.Own.Count).Seconds(), cum: p.Time(row.Cumulative.Count).Seconds(), count: row.Cumulative.Count, used: true}
		if !f.Native {
			box.place = fmt.Sprintf("%s:%d", f.File, f.FirstLine)
		}
		g.boxes[row.Func] = box
	}
	for pair, count := range sampledCalls(p) {
		g.arrows = append(g.arrows, graphArrow{int32(pair[0]), int32(pair[1]), p.Time(count).Seconds(), count})
	}
	return g
}

// sampledCalls counts the samples that have a caller and its callee on the stack, once
// however often they are.
func sampledCalls(p *stacks.Profile) map[[2]stacks.FuncID]int64 {
	counts := make([]int64, len(p.Nodes))
	for i := range p.Samples {
		counts[p.Samples[i].Stack]++
	}
	type tally struct {
		samples int64
		last    int
	}
	calls := map[[2]stacks.FuncID]*tally{}
	for id, count := range counts {
		callee := stacks.FuncID(-1)
		for f := range p.Stack(stacks.StackID(id)) {
			pair := [2]stacks.FuncID{f.Func, callee}
			callee = f.Func
			if pair[1] < 0 || count == 0 {
				continue
			}
			if calls[pair] == nil {
				calls[pair] = &tally{last: -1}
			}
			if t := calls[pair]; t.last != id {
				t.samples, t.last = t.samples+count, id
			}
		}
	}
	sums := make(map[[2]stacks.FuncID]int64, len(calls))
	for pair, t := range calls {
		sums[pair] = t.samples
	}
	return sums
}

// write writes the heaviest part of the graph.
func (g *callGraph) write(w io.Writer) error {
	out := bufio.NewWriter(w)
	shown, all := g.chosen()
	fmt.Fprintf(out, dotBegin, dotText(shortened(g.title, 200)), duration(g.total), len(shown), all, percent(leastBox, 1))
	number := make(map[int32]bool, len(shown))
	for _, id := range shown {
		number[id] = true
		g.writeBox(out, id)
	}
	var arrows []graphArrow
	for _, a := range g.arrows {
		if number[a.from] && number[a.to] && a.time >= leastArrow*g.total {
			arrows = append(arrows, a)
		}
	}
	slices.SortFunc(arrows, func(a, b graphArrow) int {
		return cmp.Or(cmp.Compare(b.time, a.time), cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	for _, a := range arrows[:min(mostArrows, len(arrows))] {
		share := g.share(a.time)
		fmt.Fprintf(out, "f%d -> f%d [label=\"%s\\n%d×\", penwidth=%.2f, color=\"%s\", tooltip=\"%s calls %s\"]\n", a.from, a.to,
			duration(a.time), a.count, 0.8+4*share, arrowHeat(share), dotText(shortened(g.boxes[a.from].name, maxText)), dotText(shortened(g.boxes[a.to].name, maxText)))
	}
	out.WriteString("}\n")
	return out.Flush() // it keeps the first error
}

const dotBegin = `digraph profile {
label="%s\n%s; %d of %d functions: those with at least %s of the time"
labelloc=t; labeljust=l; fontname="Helvetica"; fontsize=14; ranksep=0.35; nodesep=0.2
node [shape=box, style="filled,rounded", fontname="Helvetica", fontsize=11, margin="0.12,0.06", penwidth=0.8]
edge [fontname="Helvetica", fontsize=9, fontcolor="#55555e", arrowsize=0.7]
`

// chosen are the functions to be drawn, the heaviest first, and the number of all.
func (g *callGraph) chosen() (shown []int32, all int) {
	for id := range g.boxes {
		if g.boxes[id].used {
			all++
			if g.boxes[id].cum >= leastBox*g.total {
				shown = append(shown, int32(id))
			}
		}
	}
	slices.SortStableFunc(shown, func(a, b int32) int { return cmp.Compare(g.boxes[b].cum, g.boxes[a].cum) })
	return shown[:min(mostBoxes, len(shown))], all
}

func (g *callGraph) writeBox(out *bufio.Writer, id int32) {
	b := &g.boxes[id]
	share := g.share(b.cum)
	text := "#1b1b1f"
	if share > 0.6 {
		text = "#ffffff"
	}
	label := dotText(shortened(oneLine(b.name, "", ' '), labelText))
	if b.place != "" {
		label += `\n` + dotText(shortened(lastOf(oneLine(b.place, "", ' ')), labelText))
	}
	fmt.Fprintf(out, "f%d [label=\"%s\\n%s (%s)\\nown %s (%s)\\n%d %s\", fillcolor=\"%s\", color=\"#8a8a94\", fontcolor=\"%s\", tooltip=\"%s %s\"]\n", id, label,
		duration(b.cum), percent(b.cum, g.total), duration(b.own), percent(b.own, g.total), b.count, g.counts,
		heat(share), text, dotText(shortened(b.name, maxText)), dotText(shortened(b.place, maxText)))
}

// share is a part of the whole time, from 0 to 1 whatever a damaged profile says.
func (g *callGraph) share(time float64) float64 {
	if share := time / g.total; share > 0 {
		return min(1, share)
	}
	return 0
}

// arrowHeat is a colour for lines, which must be seen on white.
func arrowHeat(share float64) string { return heat(0.25 + 0.75*share) }

// heat is a colour from nearly white to a dark red, in steps that both the colour-blind
// and printers tell by their lightness.
func heat(share float64) string {
	mix := func(cold, hot float64) int { return int(cold + (hot-cold)*share) }
	return fmt.Sprintf("#%02x%02x%02x", mix(250, 168), mix(246, 32), mix(240, 26))
}

// dotText is text within quotes of the dot language, where a backslash has a meaning too.
func dotText(text string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(oneLine(text, "", ' '))
}

// lastOf is a file with the folder that it is in.
func lastOf(place string) string {
	parts := strings.FieldsFunc(place, func(r rune) bool { return r == '/' || r == '\\' })
	return strings.Join(parts[max(0, len(parts)-2):], "/")
}
