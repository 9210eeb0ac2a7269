package diff

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// builtinFile is the file of what is not written in Python.
const builtinFile = "~"

// address is where a type or a code object happened to lie in memory, as the names of some built-ins have it.
var address = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(` at 0x[0-9a-fA-F]+`) })

// Rename says that a file, or a folder with all that is in it, has another name after the change.
type Rename struct {
	Old string `json:"old"`
	New string `json:"new"`
}

// ParseRename reads old=new.
func ParseRename(text string) (Rename, error) {
	from, to, found := strings.Cut(text, "=")
	if !found || from == "" || to == "" {
		return Rename{}, fmt.Errorf("%q is not of the form old=new", text)
	}
	return Rename{strings.TrimRight(from, `/\`), strings.TrimRight(to, `/\`)}, nil
}

// of is the new name of a file, the same one if it is not concerned.
func (r Rename) of(file string) string {
	if !within(file, r.Old) {
		return file
	}
	return r.New + strings.TrimPrefix(file, r.Old)
}

// renamed is the name by which a function of before is looked for in after; the first rename that concerns it counts.
func renamed(f Func, list []Rename) Func {
	for _, r := range list {
		if file := r.of(f.File); file != f.File {
			f.File = file
			break
		}
	}
	return f
}

// withoutAddress is the function as it is called in every run.
func withoutAddress(f Func) Func {
	if strings.Contains(f.Name, " at 0x") {
		f.Name = address().ReplaceAllString(f.Name, "")
	}
	return f
}
