package export

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/cantil-py/cantil/profile/stacks"
	"github.com/cantil-py/cantil/profile/tree"
)

// oneLine is text for formats of lines, in which some characters have a meaning: those,
// and all that would end a line or a field, become the replacement.
func oneLine(text, special string, replacement rune) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == 0x2028 || r == 0x2029 || strings.ContainsRune(special, r) {
			return replacement
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}

// shortened is text of at most some characters, with an ellipsis where it was cut.
func shortened(text string, most int) string {
	if len(text) <= most {
		return text
	}
	n := 0
	for at := range text {
		if n == most-1 {
			return text[:at] + "…"
		}
		n++
	}
	return text
}

// appendJSON appends text as a string of JSON. What is no UTF-8 becomes U+FFFD.
func appendJSON(dst []byte, text string) []byte {
	const digits = "0123456789abcdef"
	dst = append(dst, '"')
	for i := 0; i < len(text); {
		c := text[i]
		if c >= ' ' && c < utf8.RuneSelf && c != '"' && c != '\\' {
			dst = append(dst, c)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', c)
		case r < ' ':
			dst = append(dst, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
		default:
			dst = utf8.AppendRune(dst, r)
		}
		i += size
	}
	return append(dst, '"')
}

// sureName is a function's name with how sure its place in a tree is.
func sureName(name string, s tree.Sureness) string {
	if s == tree.Known {
		return name
	}
	return name + " [" + s.String() + "]"
}

// leftOut is what stands for callees that a tree lacks.
const leftOut = "[left out]"

// pathOptions bound trees that are written as paths: as deep as sampled stacks are.
func pathOptions() tree.Options { return tree.Options{MaxDepth: stacks.MaxDepth} }

// commandName is what a sampled profile is of.
func commandName(p *stacks.Profile) string {
	if len(p.Info.Command) > 0 {
		return strings.Join(p.Info.Command, " ")
	}
	return p.Info.Executable[strings.LastIndexByte(p.Info.Executable, '/')+1:]
}

func threadName(t stacks.Thread) string {
	name := t.Name
	if name == "" {
		name = "thread"
	}
	name = fmt.Sprintf("%s, process %d", name, t.PID)
	if t.TID != 0 {
		name += fmt.Sprintf(", thread %d", t.TID)
	}
	if t.Interp != 0 {
		name += fmt.Sprintf(", interpreter %d", t.Interp)
	}
	return name
}

// visit walks a tree from the root's children on, each node before its children, without
// recursion: profiles are deep. leave is called after a node's children.
func visit(t *tree.Tree, enter, leave func(at int32)) {
	type place struct{ at, next int32 }
	path := []place{{0, t.Nodes[0].First}}
	for len(path) > 0 {
		top := &path[len(path)-1]
		if n := &t.Nodes[top.at]; top.next < n.First+n.Len {
			child := top.next
			top.next++
			enter(child)
			path = append(path, place{child, t.Nodes[child].First})
			continue
		}
		if top.at > 0 {
			leave(top.at)
		}
		path = path[:len(path)-1]
	}
}

// missing is the time in callees that a tree lacks below a node.
func missing(t *tree.Tree, at int32) float64 {
	n := &t.Nodes[at]
	if !n.Cut {
		return 0
	}
	rest := n.Cumulative - n.Own
	for i := n.First; i < n.First+n.Len; i++ {
		rest -= t.Nodes[i].Cumulative
	}
	return max(0, rest)
}

// duration is seconds as people write them, in three digits.
func duration(seconds float64) string {
	switch {
	case seconds >= 99.95:
		return fmt.Sprintf("%.0f s", seconds)
	case seconds >= 0.9995:
		return fmt.Sprintf("%.3g s", seconds)
	case seconds >= 0.9995e-3:
		return fmt.Sprintf("%.3g ms", seconds*1e3)
	case seconds > 0:
		return fmt.Sprintf("%.3g µs", seconds*1e6)
	}
	return "0 s"
}

func percent(part, all float64) string {
	if !(all > 0) {
		return "0 %"
	}
	return fmt.Sprintf("%.1f %%", 100*part/all)
}
