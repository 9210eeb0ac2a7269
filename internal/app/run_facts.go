package app

import (
	"fmt"
	"strings"
	"time"
)

// RunFact is one line of what is known of a run.
type RunFact struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// Facts are what is known of a run, as people read it: what became of it, what it took, what it was started with.
func (d *RunDetails) Facts() []RunFact {
	facts := []RunFact{{"Status", StatusText(d)}, {"Started", d.Started.Local().Format(time.DateTime)}}
	add := func(name, text string) {
		if text != "" {
			facts = append(facts, RunFact{name, text})
		}
	}
	if o := d.Outcome; o != nil {
		add("Took", fmt.Sprintf("%.3f s", o.Wall))
		add("Processor", fmt.Sprintf("%.3f s user, %.3f s system", o.User, o.System))
		if o.MaxRSS > 0 {
			add("Memory", SizeText(o.MaxRSS))
		}
		if o.TreePeak > 0 {
			add("Memory of all", SizeText(o.TreePeak))
		}
		add("Output", SizeText(o.StdoutBytes)+" of stdout, "+SizeText(o.StderrBytes)+" of stderr")
	} else if d.Wall > 0 {
		add("So far", TimeText(d.Wall))
	}
	if a := d.Asked; a != nil {
		add("Python", strings.TrimPrefix(a.Interpreter.Version+", "+a.Interpreter.Path, ", "))
		add("Folder", a.Cwd)
		if a.Git != nil {
			add("Git", strings.TrimSpace(a.Git.Branch+" "+a.Git.Commit))
		}
		add("Machine", a.Host)
	}
	return facts
}

// TimingsText says how long functions took that were timed.
func TimingsText(t RunTiming) string {
	if t.Missing != "" {
		return "there was no such function"
	}
	return fmt.Sprintf("%d calls, %.6f s in all, %.6f to %.6f s each", t.Calls, t.Total, t.Least, t.Most)
}
