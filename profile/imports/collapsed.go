package imports

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/cantil-py/cantil/profile/stacks"
)

// collapsed is a line for each different stack: frames with ; between them, the outermost first, and a number of samples. A frame may
// be py-spy's "name (file:line)".
func collapsed() Format {
	return Format{Name: "collapsed", Summary: "flamegraph.pl, py-spy's raw form, perf script", is: isCollapsed, read: readCollapsed}
}

var collapsedLine = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\S.* [0-9]+$`) })

// isCollapsed looks at the first lines that are whole.
func isCollapsed(head []byte) bool {
	lines := bytes.Split(head, []byte("\n"))
	if len(lines) > 1 {
		lines = lines[:len(lines)-1]
	}
	for _, line := range lines {
		if line = bytes.TrimSuffix(line, []byte("\r")); !collapsedLine().Match(line) {
			return false
		}
	}
	return true
}

func readCollapsed(data []byte) (Profile, error) {
	w := newWeighted()
	number := 0
	for line := range strings.Lines(string(data)) {
		number++
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			continue
		}
		at := strings.LastIndexByte(line, ' ')
		count, err := strconv.ParseUint(line[at+1:], 10, 53)
		if at < 0 || err != nil {
			return Profile{}, fmt.Errorf("line %d does not end with a number of samples", number)
		}
		if err := w.add(stacks.Thread{}, w.collapsedFrames(line[:at]), float64(count)); err != nil {
			return Profile{}, fmt.Errorf("line %d: %w", number, err)
		}
	}
	return w.profile()
}

// collapsedFrames are the frames of a line, innermost first.
func (w *weighted) collapsedFrames(line string) []stacks.Frame {
	names := strings.Split(line, ";")
	frames := make([]stacks.Frame, len(names))
	for i, text := range names {
		name, file, at := splitFrame(text)
		frames[len(names)-1-i] = w.frame(name, file, 0, at)
	}
	return frames
}

// splitFrame takes py-spy's "name (file:line)" apart; what is none is a name.
func splitFrame(text string) (name, file string, line int) {
	open := lastParenthesis(text) - 1
	if open <= 0 || text[open] != ' ' {
		return text, "", 0
	}
	place := text[open+2 : len(text)-1]
	if colon := strings.LastIndexByte(place, ':'); colon > 0 {
		if line, err := strconv.Atoi(place[colon+1:]); err == nil && line >= 0 {
			return text[:open], place[:colon], line
		}
	}
	return text[:open], place, 0
}

// lastParenthesis is where the one opens that the text ends with, 0 without.
func lastParenthesis(text string) int {
	if !strings.HasSuffix(text, ")") {
		return 0
	}
	depth := 0
	for i := len(text) - 1; i > 0; i-- {
		switch text[i] {
		case ')':
			depth++
		case '(':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return 0
}
