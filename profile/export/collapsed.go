package export

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/cantil-py/cantil/profile/stacks"
)

// collapsed is a line for each different stack, outermost function first, as py-spy
// writes it with --format raw and flamegraph.pl, inferno and speedscope read it:
//
//	<module> (train.py:9);work (train.py:4) 75
//
// The number is the samples. Lines are sorted. A semicolon in a name becomes a colon.
func collapsed() Format {
	return Format{
		Name: "collapsed", Summary: "flamegraph.pl, inferno, speedscope: py-spy's raw form, a line for each stack", Ending: ".txt",
		Sampled: writeCollapsed,
	}
}

func writeCollapsed(w io.Writer, p *stacks.Profile) error {
	counts := map[stacks.StackID]int64{}
	for _, s := range p.Samples {
		counts[s.Stack]++
	}
	names := make([]string, len(p.Funcs))
	for i, f := range p.Funcs {
		names[i] = oneLine(f.Name, ";", ':')
	}
	byLine := map[string]int64{} // different stacks may be of one name
	var frames []string
	for id, count := range counts {
		frames = frames[:0]
		for f := range p.Stack(id) {
			frames = append(frames, collapsedFrame(names[f.Func], p.Funcs[f.Func], f.Line))
		}
		slices.Reverse(frames)
		byLine[strings.Join(frames, ";")] += count
	}
	lines := make([]string, 0, len(byLine))
	for line := range byLine {
		lines = append(lines, line)
	}
	slices.Sort(lines)
	out := bufio.NewWriter(w)
	for _, line := range lines {
		fmt.Fprintf(out, "%s %d\n", line, byLine[line])
	}
	return out.Flush() // it keeps the first error
}

func collapsedFrame(name string, f stacks.Func, line int32) string {
	switch {
	case f.Native:
		return name
	case line == 0:
		return fmt.Sprintf("%s (%s)", name, oneLine(f.File, ";", ':'))
	}
	return fmt.Sprintf("%s (%s:%d)", name, oneLine(f.File, ";", ':'), line)
}
