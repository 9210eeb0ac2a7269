package flame

import (
	"regexp"
	"strings"
	"sync"
)

// builtinFile is the file of what is not written in Python, as pstats has it.
const builtinFile = "~"

// function is one of a profile's, as the profile names it.
type function struct {
	name, file string
	line       int64
	kind       int64
}

// What a function is: the page colours by it.
const (
	ofProgram = iota
	ofLibrary
	ofInterpreter // built in, or native
)

// kindOf guesses from the place of a file whose it is.
func kindOf(file string) int64 {
	switch slashed := strings.ReplaceAll(file, `\`, "/"); {
	case file == "", file == builtinFile:
		return ofInterpreter
	case strings.HasPrefix(file, "<frozen"), strings.Contains(slashed, "/site-packages/"), strings.Contains(slashed, "/dist-packages/"),
		strings.Contains(slashed, "/lib/python"), strings.Contains(slashed, "/Lib/"):
		return ofLibrary
	}
	return ofProgram
}

// shownName is the name as pstats prints it: that of a built-in in braces.
func shownName(f function) string {
	if inner, ok := strings.CutPrefix(f.name, "<"); ok && f.file == builtinFile && strings.HasSuffix(inner, ">") {
		return "{" + strings.TrimSuffix(inner, ">") + "}"
	}
	return f.name
}

// address is where an object happened to lie in memory, as the names of some built-ins have it.
var address = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(` at 0x[0-9a-fA-F]+`) })

// functionTable numbers the functions of all profiles of a page: those that are the same have one number.
type functionTable struct {
	data     functionsData
	texts    names
	known    map[function]int
	compared bool // functions that differ by an address are the same
}

// number is the place of a function, which may be called otherwise after the change.
func (t *functionTable) number(f function, partners map[function]function) int {
	kind := f.kind
	f.kind = 0
	if t.compared && strings.Contains(f.name, " at 0x") {
		f.name = address().ReplaceAllString(f.name, "")
	}
	if partner, ok := partners[f]; ok {
		f = partner
	}
	at, ok := t.known[f]
	if !ok {
		at = t.data.Count
		t.known[f] = at
		t.data.Count++
		t.data.Name.add(t.texts.number(shownName(f)))
		t.data.File.add(t.texts.number(f.file))
		t.data.Line.add(f.line)
		t.data.Kind.add(kind)
	}
	return at
}
