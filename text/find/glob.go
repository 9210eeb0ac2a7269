package find

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// MaxGlob bounds a pattern, whose stars make matching slower than its length.
const MaxGlob = 4096

// Glob is a pattern of paths as Python's glob.glob takes it, with recursive=True: a *
// is any characters of a name, a ? one, [abc] and [!a-c] one of some, ** any number of
// folders. Names with a point in front are matched only by patterns that have one there.
type Glob struct {
	parts   []part
	folders bool // it ends in a slash: folders only
}

// part is what one name of a path must match, or any number of names.
type part struct {
	any  bool // **
	name name
}

// ParseGlob reads a pattern.
func ParseGlob(pattern string) (*Glob, error) {
	if len(pattern) > MaxGlob || pattern == "" {
		return nil, fmt.Errorf("a pattern of %d bytes: from 1 to %d", len(pattern), MaxGlob)
	}
	if strings.HasPrefix(pattern, "/") {
		return nil, fmt.Errorf("the pattern %q begins with a slash: it is matched below a folder", pattern)
	}
	g := &Glob{}
	pattern, g.folders = strings.CutSuffix(pattern, "/")
	for _, text := range strings.Split(pattern, "/") {
		switch text {
		case "", ".": // a//b and a/./b are a/b
		case "**":
			g.parts = append(g.parts, part{any: true})
		default:
			g.parts = append(g.parts, part{name: parseName(text, false)})
		}
	}
	return g, nil
}

// Match says whether the pattern matches a path with slashes, relative to the folder
// it was given for.
func (g *Glob) Match(path string, folder bool) bool {
	if g.folders && !folder {
		return false
	}
	return matchParts(g.parts, strings.Split(path, "/"), folder)
}

// matchParts matches names to parts. Of several ** only the last can need another try,
// so it takes at most their product.
func matchParts(parts []part, names []string, folder bool) bool {
	p, n, retryP, retryN := 0, 0, -1, 0
	for n < len(names) {
		switch {
		case p < len(parts) && parts[p].any:
			p, retryP, retryN = p+1, p, n
			continue
		case p < len(parts) && matchVisible(parts[p].name, names[n]):
			p, n = p+1, n+1
			continue
		}
		if retryP < 0 || strings.HasPrefix(names[retryN], ".") {
			return false
		}
		retryN++
		p, n = retryP+1, retryN
	}
	if p < len(parts) && parts[p].any && !folder {
		return false // a/** is all in a folder a, and not a file of that name
	}
	for p < len(parts) && parts[p].any {
		p++
	}
	return p == len(parts)
}

// matchVisible keeps hidden names from patterns that do not ask for them.
func matchVisible(n name, text string) bool {
	return (!strings.HasPrefix(text, ".") || n.dotted()) && n.match(text)
}

// name is the pattern of a name: elements one after the other.
type name []element

// element matches a character, or for a star any number of them.
type element struct {
	star   bool
	any    bool
	text   string   // a character, or a byte that is none
	ranges []rune   // of a set: from, to, from, to
	bytes  []string // of a set: bytes that are no characters
	not    bool
}

// parseName reads the pattern of a name. The patterns of git have backslashes that take
// the next character as it is, and [^a] beside [!a].
func parseName(text string, git bool) name {
	var n name
	for len(text) > 0 {
		_, size := utf8.DecodeRuneInString(text)
		switch {
		case text[0] == '*':
			if len(n) == 0 || !n[len(n)-1].star {
				n = append(n, element{star: true})
			}
		case text[0] == '?':
			n = append(n, element{any: true})
		case text[0] == '[':
			set, rest, ok := parseSet(text[1:], git)
			if ok {
				n, text = append(n, set), rest
				continue
			}
			n = append(n, element{text: "["})
		case git && text[0] == '\\' && len(text) > 1:
			text = text[1:]
			_, size = utf8.DecodeRuneInString(text)
			fallthrough
		default:
			n = append(n, element{text: text[:size]})
		}
		text = text[size:]
	}
	return n
}

// parseSet reads what follows a bracket; not ok if nothing closes it.
func parseSet(text string, git bool) (set element, rest string, ok bool) {
	if strings.HasPrefix(text, "!") || git && strings.HasPrefix(text, "^") {
		set.not, text = true, text[1:]
	}
	for first := true; len(text) > 0; first = false {
		if text[0] == ']' && !first {
			return set, text[1:], true
		}
		var from, to rune
		var raw string
		if from, raw, text = setRune(text, git); raw != "" {
			set.bytes = append(set.bytes, raw)
			continue
		}
		to = from
		if len(text) > 1 && text[0] == '-' && text[1] != ']' {
			if to, raw, text = setRune(text[1:], git); raw != "" {
				to = from
				set.bytes = append(set.bytes, raw)
			}
		}
		set.ranges = append(set.ranges, from, to)
	}
	return set, "", false
}

// setRune is the next character of a set, or the byte that is none.
func setRune(text string, git bool) (r rune, raw, rest string) {
	if git && text[0] == '\\' && len(text) > 1 {
		text = text[1:]
	}
	r, size := utf8.DecodeRuneInString(text)
	if r == utf8.RuneError && size == 1 {
		raw = text[:1]
	}
	return r, raw, text[size:]
}

// dotted says whether the pattern begins with a point.
func (n name) dotted() bool { return len(n) > 0 && n[0].text == "." }

// match goes through text once, and for each star again from there.
func (n name) match(text string) bool {
	i, at, retryI, retryAt := 0, 0, -1, 0
	for at < len(text) {
		_, size := utf8.DecodeRuneInString(text[at:])
		switch {
		case i < len(n) && n[i].star:
			i, retryI, retryAt = i+1, i, at
			continue
		case i < len(n) && n[i].matches(text[at:at+size]):
			i, at = i+1, at+size
			continue
		case retryI < 0:
			return false
		}
		_, size = utf8.DecodeRuneInString(text[retryAt:])
		retryAt += size
		i, at = retryI+1, retryAt
	}
	for i < len(n) && n[i].star {
		i++
	}
	return i == len(n)
}

func (e element) matches(char string) bool {
	switch {
	case e.any:
		return true
	case e.text != "":
		return e.text == char
	}
	r, size := utf8.DecodeRuneInString(char)
	if r == utf8.RuneError && size == 1 {
		for _, b := range e.bytes {
			if b == char {
				return !e.not
			}
		}
		return e.not
	}
	for i := 0; i < len(e.ranges); i += 2 {
		if r >= e.ranges[i] && r <= e.ranges[i+1] {
			return !e.not
		}
	}
	return e.not
}
