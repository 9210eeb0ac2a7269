package scan

import (
	"fmt"
	"slices"
)

// Verdict is how far a file can be trusted; a larger one is worse.
type Verdict int

// The verdicts, see the package comment.
const (
	Data Verdict = iota
	Known
	Unknown
	Dangerous
	Malformed
)

func (v Verdict) String() string {
	return [...]string{"data", "known", "unknown", "dangerous", "malformed"}[v]
}

// Clean says whether a file of this verdict may be loaded by anyone.
func (v Verdict) Clean() bool { return v <= Known }

// Finding is one thing in a file that counts.
type Finding struct {
	Verdict Verdict
	Inside  string // the member of an archive, "" for the file itself
	Offset  int64  // in the pickle's stream
	Op      string // the opcode
	Name    string // the class or function, "" for none
	Why     string
}

func (f Finding) String() string {
	text := f.Verdict.String() + ": "
	if f.Name != "" {
		text += f.Name + ": "
	}
	text += f.Why
	if f.Op != "" {
		text += fmt.Sprintf(" (%s at byte %d)", f.Op, f.Offset)
	}
	if f.Inside != "" {
		text += " in " + f.Inside
	}
	return text
}

// Report is what was found in one file.
type Report struct {
	Verdict  Verdict
	Pickles  int // how many there are
	Findings []Finding
	Left     int // findings beyond those listed

	calls  int  // calls and changes seen, known ones too
	marked bool // see LooksLikePickle
}

// maxFindings bounds the list: a million of the same help nobody.
const maxFindings = 100

// Worst is the first finding of the worst verdict.
func (r *Report) Worst() Finding {
	for _, f := range r.Findings {
		if f.Verdict == r.Verdict {
			return f
		}
	}
	return Finding{Verdict: r.Verdict}
}

func (r *Report) add(f Finding) {
	r.Verdict = max(r.Verdict, f.Verdict)
	same := func(g Finding) bool {
		return g.Verdict == f.Verdict && g.Name == f.Name && g.Why == f.Why && g.Inside == f.Inside
	}
	if slices.ContainsFunc(r.Findings, same) {
		return
	}
	if len(r.Findings) >= maxFindings {
		r.Left++
		return
	}
	r.Findings = append(r.Findings, f)
}

// merge adds what was found in a part.
func (r *Report) merge(part *Report) {
	r.Verdict = max(r.Verdict, part.Verdict)
	r.Pickles += part.Pickles
	r.calls += part.calls
	r.Left += part.Left
	r.marked = r.marked || part.marked
	for _, f := range part.Findings {
		r.add(f)
	}
}

// Options are what a user may decide.
type Options struct {
	// Allow are names, as "module.name", that the user trusts however they are used.
	Allow []string
}

func (o Options) allows(name string) bool { return slices.Contains(o.Allow, name) }
