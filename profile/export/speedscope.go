package export

import (
	"bufio"
	"io"
	"math"
	"slices"
	"strconv"

	"github.com/cantil-py/cantil/profile/pstats"
	"github.com/cantil-py/cantil/profile/stacks"
	"github.com/cantil-py/cantil/profile/tree"
)

// speedscope is the file format of speedscope.app: a profile for each thread, in the
// order of time. A frame is a function, with its first line. Of an exact profile it is the
// tree of calls, the heaviest first, whose order is not that of time.
//
// Format: https://github.com/jlfwong/speedscope, src/lib/file-format-spec.ts: frames, stacks
// and weights of "sampled" profiles, events of "evented" ones.
func speedscope() Format {
	return Format{
		Name: "speedscope", Summary: "speedscope.app: flame graphs by time and by weight, a profile for each thread", Ending: ".speedscope.json",
		Sampled: writeSpeedscope, Exact: writeSpeedscopeExact,
	}
}

const speedscopeSchema = `{"$schema":"https://www.speedscope.app/file-format-schema.json","exporter":"cantil","name":`

func writeSpeedscope(w io.Writer, p *stacks.Profile) error {
	out := bufio.NewWriterSize(w, 1<<16)
	line := appendJSON([]byte(speedscopeSchema), shortened(commandName(p), maxText))
	line = append(line, `,"shared":{"frames":[`...)
	for i, f := range p.Funcs {
		line = appendFrame(line, i, f.Name, f.File, int64(f.FirstLine))
		out.Write(line)
		line = line[:0]
	}
	out.Write(append(line, `]},"profiles":[`...))
	for i, samples := range byThread(p) {
		line = line[:0]
		if i > 0 {
			line = append(line, ',')
		}
		thread := p.Threads[p.Samples[samples[0]].Thread]
		line = appendJSON(append(line, "\n"+`{"type":"sampled","unit":"nanoseconds","startValue":0,"name":`...), threadName(thread))
		out.Write(line)
		writeThread(out, p, samples)
	}
	out.WriteString("]}\n")
	return out.Flush() // it keeps the first error
}

// byThread are the samples of each thread, in the order in which the threads were first seen.
func byThread(p *stacks.Profile) [][]int32 {
	places := map[stacks.ThreadID]int{}
	var threads [][]int32
	for i := range p.Samples {
		place, ok := places[p.Samples[i].Thread]
		if !ok {
			place = len(threads)
			places[p.Samples[i].Thread] = place
			threads = append(threads, nil)
		}
		threads[place] = append(threads[place], int32(i))
	}
	return threads
}

// writeThread writes stacks, outermost frame first, and how long each was there: one whose
// functions are those of the last makes that one longer.
func writeThread(out *bufio.Writer, p *stacks.Profile, samples []int32) {
	period := max(1, p.Period().Nanoseconds())
	var weights, line, last []byte
	var frames []int32
	count := int64(0)
	out.WriteString(`,"samples":[`)
	for _, i := range samples {
		frames = frames[:0]
		for f := range p.Stack(p.Samples[i].Stack) {
			frames = append(frames, int32(f.Func))
		}
		line = append(line[:0], '[')
		for _, f := range slices.Backward(frames) {
			line = append(strconv.AppendInt(line, int64(f), 10), ',')
		}
		line[len(line)-1] = ']'
		if count > 0 && string(line) != string(last) {
			out.Write(append(last, ','))
			weights = append(strconv.AppendInt(weights, count*period, 10), ',')
			count = 0
		}
		last, line = line, last
		count++
	}
	out.Write(last)
	weights = strconv.AppendInt(weights, count*period, 10)
	out.WriteString(`],"weights":[`)
	out.Write(weights)
	line = strconv.AppendInt(append(line[:0], `],"endValue":`...), int64(len(samples))*period, 10)
	out.Write(append(line, '}'))
}

func appendFrame(line []byte, i int, name, file string, first int64) []byte {
	if i > 0 {
		line = append(line, ',')
	}
	line = appendJSON(append(line, "\n"+`{"name":`...), name)
	if file != "" {
		line = appendJSON(append(line, `,"file":`...), file)
		line = strconv.AppendInt(append(line, `,"line":`...), first, 10)
	}
	return append(line, '}')
}

// roundNanos keeps the order of times, whatever a damaged profile says.
func roundNanos(seconds float64) int64 { return int64(min(math.Round(seconds*1e9), math.MaxInt64/2)) }

// writeSpeedscopeExact writes a frame for each function and how sure its place is, and an
// event where a node of the tree begins and ends. Times are running sums, rounded, so that
// what is within something else stays so.
func writeSpeedscopeExact(w io.Writer, s *pstats.Stats) error {
	t := tree.FromExact(s, pathOptions())
	e := &speedscopeEvents{tree: t, out: bufio.NewWriterSize(w, 1<<16), next: make([]float64, len(t.Nodes)), frames: map[frameKey]int{}}
	e.out.Write(append(appendJSON([]byte(speedscopeSchema), shortened(sourceName(s), maxText)), ",\"profiles\":[\n"+
		`{"type":"evented","unit":"nanoseconds","name":"calls, heaviest first","startValue":0,"events":[`...))
	visit(t, e.enter, e.leave)
	e.line = strconv.AppendInt(append(e.line[:0], `],"endValue":`...), roundNanos(t.Nodes[0].Cumulative), 10)
	e.out.Write(append(e.line, `}],"shared":{"frames":[`...))
	for i, key := range e.order {
		name, file, first := leftOut, "", int64(0)
		if key.fn >= 0 {
			f := t.Funcs[key.fn]
			name, file, first = sureName(f.Name, key.sure), f.File, f.Line
		}
		e.line = appendFrame(e.line[:0], i, name, file, first)
		e.out.Write(e.line)
	}
	e.out.WriteString("]}}\n")
	return e.out.Flush() // it keeps the first error
}

type frameKey struct {
	fn   int32 // -1 for what is left out
	sure tree.Sureness
}

type speedscopeEvents struct {
	tree   *tree.Tree
	out    *bufio.Writer
	next   []float64 // where the next child of a node begins, in seconds
	frames map[frameKey]int
	order  []frameKey
	events int
	line   []byte
}

// enter opens a node, which ends with its caller at the latest, whatever rounding did.
func (e *speedscopeEvents) enter(at int32) {
	n := &e.tree.Nodes[at]
	e.next[at] = e.next[n.Parent]
	e.event('O', frameKey{n.Func, n.Sureness}, e.next[at])
	end := e.tree.Nodes[0].Cumulative
	if n.Parent > 0 {
		end = e.next[e.tree.Nodes[n.Parent].Parent]
	}
	e.next[n.Parent] = min(end, e.next[n.Parent]+n.Cumulative)
}

func (e *speedscopeEvents) leave(at int32) {
	n := &e.tree.Nodes[at]
	end := e.next[n.Parent]
	if rest := missing(e.tree, at); rest > 0 && e.next[at] < end {
		e.event('O', frameKey{-1, tree.Known}, e.next[at])
		e.event('C', frameKey{-1, tree.Known}, min(end, e.next[at]+rest))
	}
	e.event('C', frameKey{n.Func, n.Sureness}, end)
}

func (e *speedscopeEvents) event(kind byte, key frameKey, at float64) {
	frame, ok := e.frames[key]
	if !ok {
		frame = len(e.order)
		e.frames[key] = frame
		e.order = append(e.order, key)
	}
	e.line = e.line[:0]
	if e.events++; e.events > 1 {
		e.line = append(e.line, ',', '\n')
	}
	e.line = append(append(append(e.line, `{"type":"`...), kind), `","frame":`...)
	e.line = strconv.AppendInt(e.line, int64(frame), 10)
	e.line = strconv.AppendInt(append(e.line, `,"at":`...), roundNanos(at), 10)
	e.out.Write(append(e.line, '}'))
}
