package flame

import (
	"cmp"
	"fmt"

	"github.com/cantil-py/cantil/profile/diff"
	"github.com/cantil-py/cantil/profile/stacks"
)

// Profile is one profile, ready to be shown. It does not change once it was made.
type Profile struct {
	name     string
	sampled  bool
	timed    bool    // the samples are in the order of time
	period   float64 // seconds that a sample stands for
	notes    []string
	funcs    []function
	threads  []threadData
	nodes    nodesData
	samples  *samplesData
	exact    *exactData
	compared func() diff.Profile // as profile/diff takes it
}

// nodesData is the tree: a node is a function called by its parent, which stands before it.
type nodesData struct {
	Count  int    `json:"count"`
	Parent column `json:"parent"` // how many places before; 0 of a root
	Func   column `json:"func"`
	Line   column `json:"line,omitempty"` // that runs, of samples
}

// samplesData has the samples in their order.
type samplesData struct {
	Count  int    `json:"count"`
	Stack  column `json:"stack"` // the innermost node; signed, from the sample before
	Thread column `json:"thread"`
	At     column `json:"at"` // microseconds since the sample before
}

type threadData struct {
	Process string `json:"process"`
	Name    string `json:"name"`
}

// unknownPeriod makes seconds count samples.
const unknownPeriod = 1

// Sampled is a profile of samples. The name is what people know it by: its file, or its run.
func Sampled(name string, p *stacks.Profile) *Profile {
	s := &Profile{
		name: name, sampled: true, timed: !p.Untimed, period: cmp.Or(p.Period().Seconds(), unknownPeriod), notes: notesOf(p),
		nodes: stackNodes(p.Nodes), samples: samplesOf(p),
		compared: func() diff.Profile { return diff.FromStacks(p, name) },
	}
	for _, f := range p.Funcs {
		file, line := f.File, int64(f.FirstLine)
		if f.Native {
			file, line = builtinFile, 0
		}
		s.funcs = append(s.funcs, function{f.Name, file, line, kindOf(file)})
	}
	for _, t := range p.Threads {
		s.threads = append(s.threads, threadData{Process: fmt.Sprint(t.PID), Name: threadName(t)})
	}
	return s
}

func stackNodes(nodes []stacks.Node) nodesData {
	data := nodesData{Count: len(nodes)}
	for i, n := range nodes {
		back := int64(0)
		if n.Parent != stacks.NoParent {
			back = int64(i) - int64(n.Parent)
		}
		data.Parent.add(back)
		data.Func.add(int64(n.Func))
		data.Line.add(int64(n.Line))
	}
	return data
}

func samplesOf(p *stacks.Profile) *samplesData {
	data := &samplesData{Count: len(p.Samples)}
	var stack, at int64
	for _, s := range p.Samples {
		data.Stack.addSigned(int64(s.Stack) - stack)
		data.Thread.add(int64(s.Thread))
		data.At.add(s.At.Microseconds() - at)
		stack, at = int64(s.Stack), s.At.Microseconds()
	}
	return data
}

// notesOf is what must be known to read the figures right.
func notesOf(p *stacks.Profile) []string {
	var notes []string
	if p.Untimed {
		notes = append(notes, "The order of the samples is not known: another tool has rewritten the file.")
	}
	if p.Period() == 0 {
		notes = append(notes, "How much time a sample stands for is not known: a second is one sample.")
	}
	if p.Info.Biased {
		notes = append(notes, "Cumulative shares may be off: this Python could not be read in one piece.")
	}
	if p.Info.LeftOut > 0 {
		notes = append(notes, fmt.Sprintf("Of %d samples the innermost frames were left out: their stacks were too deep, or too many.", p.Info.LeftOut))
	}
	return notes
}

func threadName(t stacks.Thread) string {
	name := t.Name
	if name == "" {
		name = "thread"
	}
	if t.TID != 0 {
		name += fmt.Sprintf(" %d", t.TID)
	}
	if t.Interp != 0 {
		name += fmt.Sprintf(", interpreter %d", t.Interp)
	}
	return name
}
