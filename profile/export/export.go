// Package export writes profiles in the formats of other tools.
//
// Call [Find] or [Formats] for a format, and its Sampled or Exact to write a profile.
// There is one file for each format and one list of them; a conformance suite runs
// over the list.
//
// Promises: a format that cannot hold a kind of profile has nil for it, and says why,
// in place of writing something that looks like more than is known. Where paths are
// written of an exact profile, which knows only who called whom, those that are not known
// say so: "work [guessed]", see package tree. Equal profiles give equal bytes. Writers get
// text in UTF-8.
package export

import (
	"fmt"
	"io"
	"strings"

	"github.com/cantil-py/cantil/profile/pstats"
	"github.com/cantil-py/cantil/profile/stacks"
)

// Format is a form in which profiles are written.
type Format struct {
	Name    string // as in --to
	Summary string // what reads it
	Ending  string // of its files, with the dot
	Binary  bool   // nothing for a terminal
	Raw     bool   // text in which names are as the profile has them, though they be no UTF-8

	// Sampled writes a sampled profile, Exact one of cProfile. Nil where the format
	// cannot hold such a profile; Refusal says why.
	Sampled func(w io.Writer, p *stacks.Profile) error
	Exact   func(w io.Writer, s *pstats.Stats) error
	Refusal string
}

// Formats lists all of them.
func Formats() []Format {
	return []Format{
		html(), flamegraph(), pprof(), speedscope(), collapsed(), chrome(), callgrind(),
		dot(), graphviz("svg"), graphviz("png"), csvFormat(), jsonFormat(),
	}
}

// Find returns the format of a name. The error lists those there are.
func Find(name string) (Format, error) {
	var names []string
	for _, f := range Formats() {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return Format{}, fmt.Errorf("unknown format %q; there are %s", name, strings.Join(names, ", "))
}
