package app

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/cantil-py/cantil/text/name"
)

// Stamp says where in a name the time stands.
type Stamp string

// The places for a time.
const (
	NoStamp    Stamp = ""
	StampFront Stamp = "front" // before the name, to the microsecond
	StampEnd   Stamp = "end"   // before the extension, to the second
)

// NameOptions say what a name is made of.
type NameOptions struct {
	Safe  bool // good on every system, not only free of odd characters
	Stamp Stamp
	Now   time.Time
}

// Name makes a file name out of a text.
func (o NameOptions) Name(text string) string {
	switch o.Stamp {
	case StampFront:
		text = name.StampBefore(text, o.Now)
	case StampEnd:
		text = name.StampAfter(text, o.Now)
	}
	if o.Safe {
		return name.Safe(text)
	}
	return name.Clean(text)
}

// Renaming is a file and the name that it is to have, in the same folder.
type Renaming struct {
	From, To string
	Err      error // why it cannot be
}

// PlanRenames says what renaming files would do; those whose names are good already are left out. Nothing is
// overwritten: a name that is taken, on the disk or by another file of the list, is an error.
func (o NameOptions) PlanRenames(files []string) []Renaming {
	var plan []Renaming
	taken := map[string]string{}
	for _, file := range files {
		file = filepath.Clean(file)
		r := Renaming{From: file, To: filepath.Join(filepath.Dir(file), o.Name(filepath.Base(file)))}
		if _, err := os.Lstat(file); err != nil {
			r.Err = err
		} else if r.To == r.From {
			continue
		} else if _, err := os.Lstat(r.To); err == nil {
			r.Err = fmt.Errorf("renaming %s: %s is there already", r.From, r.To)
		} else if other, is := taken[r.To]; is {
			r.Err = fmt.Errorf("renaming %s: %s would have the name %s too", r.From, other, r.To)
		}
		taken[r.To] = r.From
		plan = append(plan, r)
	}
	return plan
}

// Do renames the file, unless there was or now is something in the way.
func (r Renaming) Do() error {
	if r.Err != nil {
		return r.Err
	}
	return name.Move(r.From, r.To)
}
