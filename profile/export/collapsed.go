package export

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/cantil-py/cantil/profile/pstats"
	"github.com/cantil-py/cantil/profile/stacks"
	"github.com/cantil-py/cantil/profile/tree"
)

// collapsed is a line for each different stack, outermost function first, as py-spy
// writes it with --format raw and flamegraph.pl, inferno and speedscope read it:
//
//	<module> (train.py:9);work (train.py:4) 75
//
// The number is the samples. Lines are sorted. A semicolon in a name becomes a colon. Of an
// exact profile it is the tree of calls, with functions' first lines, and the number is
// nanoseconds.
func collapsed() Format {
	return Format{
		Name: "collapsed", Summary: "flamegraph.pl, inferno, speedscope: py-spy's raw form, a line for each stack", Ending: ".txt",
		Sampled: writeCollapsed, Exact: writeCollapsedExact,
	}
}

func writeCollapsed(w io.Writer, p *stacks.Profile) error {
	counts := make([]int64, len(p.Nodes))
	for i := range p.Samples {
		counts[p.Samples[i].Stack]++
	}
	frames := collapsedFrames(p)
	var lines collapsedLines
	var path []string
	var line []byte
	for id, count := range counts {
		if count == 0 {
			continue
		}
		path, line = path[:0], line[:0]
		for f := range p.Stack(stacks.StackID(id)) {
			path = append(path, frames[f])
		}
		for i, frame := range slices.Backward(path) {
			line = append(line, frame...)
			if i > 0 {
				line = append(line, ';')
			}
		}
		lines.add(line, count)
	}
	return lines.write(w)
}

// collapsedLines are stacks as text, which stands one after the other.
type collapsedLines struct {
	text  []byte
	lines []collapsedLine
}

type collapsedLine struct {
	begin, end int
	count      int64
}

func (c *collapsedLines) add(line []byte, count int64) {
	begin := len(c.text)
	c.text = append(c.text, line...)
	c.lines = append(c.lines, collapsedLine{begin, len(c.text), count})
}

func (c *collapsedLines) of(l collapsedLine) []byte { return c.text[l.begin:l.end] }

// write writes stacks in the order of their text. Different ones may be of one name.
func (c *collapsedLines) write(w io.Writer) error {
	slices.SortFunc(c.lines, func(a, b collapsedLine) int { return bytes.Compare(c.of(a), c.of(b)) })
	out := bufio.NewWriterSize(w, 1<<16)
	var number []byte
	for i := 0; i < len(c.lines); {
		line, count := c.of(c.lines[i]), int64(0)
		for ; i < len(c.lines) && bytes.Equal(c.of(c.lines[i]), line); i++ {
			count += c.lines[i].count
		}
		out.Write(line)
		number = strconv.AppendInt(append(number[:0], ' '), count, 10)
		out.Write(append(number, '\n'))
	}
	return out.Flush() // it keeps the first error
}

// collapsedFrames is the text of every function and line.
func collapsedFrames(p *stacks.Profile) map[stacks.Frame]string {
	frames := map[stacks.Frame]string{}
	for _, n := range p.Nodes {
		if _, ok := frames[n.Frame]; !ok {
			f := p.Funcs[n.Func]
			frames[n.Frame] = collapsedFrame(f.Name, f.File, int64(n.Line), f.Native)
		}
	}
	return frames
}

func collapsedFrame(name, file string, line int64, native bool) string {
	name, file = oneLine(name, ";", ':'), oneLine(file, ";", ':')
	switch {
	case native:
		return name
	case line == 0:
		return fmt.Sprintf("%s (%s)", name, file)
	}
	return fmt.Sprintf("%s (%s:%d)", name, file, line)
}

// maxCollapsed bounds the text, in which every path stands whole.
const maxCollapsed = 1 << 30

func writeCollapsedExact(w io.Writer, s *pstats.Stats) error {
	c := &collapsedPaths{tree: tree.FromExact(s, pathOptions())}
	c.frames = make([]string, len(c.tree.Funcs))
	for i, f := range c.tree.Funcs {
		c.frames[i] = collapsedFrame(f.Name, f.File, f.Line, f.Native)
	}
	visit(c.tree, c.enter, c.leave)
	if c.size > maxCollapsed {
		return fmt.Errorf("the paths are more than %d MB of text: --to speedscope holds them in less", maxCollapsed>>20)
	}
	return c.lines.write(w)
}

// collapsedPaths collects the paths to the nodes that have time of their own.
type collapsedPaths struct {
	tree   *tree.Tree
	frames []string // by function
	lines  collapsedLines
	path   []byte
	ends   []int // of the frames in path
	size   int
}

func (c *collapsedPaths) enter(at int32) {
	n := &c.tree.Nodes[at]
	if len(c.ends) > 0 {
		c.path = append(c.path, ';')
	}
	c.path = append(c.path, sureName(c.frames[n.Func], n.Sureness)...)
	c.ends = append(c.ends, len(c.path))
	c.add(nanoseconds(n.Own))
}

func (c *collapsedPaths) leave(at int32) {
	if rest := nanoseconds(missing(c.tree, at)); rest > 0 {
		end := len(c.path)
		c.path = append(c.path, ";"+leftOut...)
		c.add(rest)
		c.path = c.path[:end]
	}
	c.ends = c.ends[:len(c.ends)-1]
	end := 0
	if len(c.ends) > 0 {
		end = c.ends[len(c.ends)-1]
	}
	c.path = c.path[:end]
}

// add counts even what is too much, for the error to tell.
func (c *collapsedPaths) add(ns int64) {
	if ns == 0 {
		return
	}
	if c.size += len(c.path); c.size <= maxCollapsed {
		c.lines.add(c.path, ns)
	}
}
