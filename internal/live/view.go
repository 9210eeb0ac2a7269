package live

import (
	"fmt"
	"strings"
	"time"

	"github.com/cantil-py/cantil/internal/app"
	"github.com/cantil-py/cantil/profile/sampler"
)

// The lines above and below a list.
const (
	headLines = 4 // process, figures, what counts, headings
	footLines = 1
)

// room is how many rows of a list are shown.
func (m *model) room() int { return max(1, m.height-headLines-footLines) }

// text is the whole screen.
func (m *model) text() string {
	if m.screen == helpScreen {
		return m.helpText()
	}
	heading, rows := m.list()
	lines := append(m.head(), m.paint.bold(cut(strings.TrimRight(heading, " "), m.width)))
	m.scroll()
	for i := range m.room() {
		line := ""
		if at := m.offset + i; at < len(rows) {
			line = cut(rows[at], m.width)
			if at == m.cursor {
				line = m.paint.reverse(fill(line, m.width))
			}
		}
		lines = append(lines, line)
	}
	lines = append(lines, m.foot())
	if len(lines) > m.height {
		lines = lines[:m.height]
	}
	return strings.Join(lines, "\n")
}

// scroll moves the part that is shown as far as the cursor demands.
func (m *model) scroll() {
	m.offset = min(m.offset, m.cursor, max(0, m.length()-m.room()))
	m.offset = max(0, m.offset, m.cursor-m.room()+1)
}

// list is the heading and the rows of the screen's list.
func (m *model) list() (string, []string) {
	switch m.screen {
	case threadScreen:
		return m.threadTable()
	case pathScreen:
		return m.pathTable()
	}
	return m.functionTable()
}

// head is what stands above the list.
func (m *model) head() []string {
	state := ""
	if m.paused {
		state = "PAUSED "
	}
	title := fmt.Sprintf("%s%d: %s", state, m.about.PID, clean(m.about.Command))
	if version := "  Python " + m.about.Python; len(title)+len(version) <= m.width {
		title += version
	}
	return []string{m.paint.bold(cut(title, m.width)), cut(m.figures(), m.width), m.paint.dim(cut(m.scopeText(), m.width))}
}

// figures are what the samples are worth.
func (m *model) figures() string {
	s := &m.snapshot
	parts := []string{elapsed(s.Elapsed)}
	if s.Rate > 0 {
		parts = append(parts, fmt.Sprintf("%.0f/s", s.Rate))
	}
	parts = append(parts, thousands(s.Everything)+" samples", "rejected "+partOf(s.Counts.Rejects, s.Counts.Rejects+s.Counts.Samples))
	if s.Counts.Missed > 0 {
		parts = append(parts, "missed "+partOf(s.Counts.Missed, s.Counts.Missed+s.Counts.Ticks))
	}
	if s.Counts.Salvaged > 0 {
		parts = append(parts, "salvaged "+partOf(s.Counts.Salvaged, s.Counts.Samples))
	}
	if s.Processes > 1 {
		parts = append(parts, fmt.Sprintf("%d processes", s.Processes))
	}
	if n := len(s.Threads); n != 1 {
		parts = append(parts, fmt.Sprintf("%d threads", n))
	}
	return strings.Join(parts, ", ")
}

func partOf(n, all int64) string {
	if n == 0 {
		return "0"
	}
	return fmt.Sprintf("%.2g%%", 100*float64(n)/float64(max(all, 1)))
}

func elapsed(d time.Duration) string {
	d = d.Truncate(time.Second)
	return fmt.Sprintf("%d:%02d", d/time.Minute, d%time.Minute/time.Second)
}

// scopeText tells which samples count.
func (m *model) scopeText() string {
	text := ""
	if m.filter != "" || m.typing {
		text += "filter: " + clean(m.filter)
		if m.typing {
			text += "_"
		}
		text += "; "
	}
	mode := map[sampler.Mode]string{sampler.CPU: "threads not idle", sampler.Wall: "all threads", sampler.GIL: "the holder of the GIL"}[m.scope.Mode]
	if m.scope.PID != 0 {
		mode = map[sampler.Mode]string{sampler.CPU: "while not idle", sampler.Wall: "at all times", sampler.GIL: "while it holds the GIL"}[m.scope.Mode]
		mode = fmt.Sprintf("thread %d %s %s", m.scope.TID, clean(m.thread), mode)
	}
	text += fmt.Sprintf("of %s: %s of the samples", mode, strings.TrimSpace(share(m.snapshot.All, m.snapshot.Everything)))
	if m.about.CallersBiased {
		text += "; CUM may be rough"
	}
	return text
}

// foot is the keys, as many as fit.
func (m *model) foot() string {
	keys := map[screen][]string{
		functionScreen: {"q quit", "? help", "s sort", "/ filter", "enter paths", "t threads", "p pause", "m mode", "r reset"},
		threadScreen:   {"q quit", "? help", "enter its functions", "esc back", "p pause", "r reset"},
		pathScreen:     {"q quit", "? help", "enter follow", "esc back", "p pause", "m mode"},
	}[m.screen]
	if m.typing {
		keys = []string{"enter done", "esc no filter"}
	}
	line := ""
	for _, key := range keys {
		if len(line)+len(key)+2 > m.width {
			break
		}
		line += key + "  "
	}
	return m.paint.dim(strings.TrimSpace(line))
}

// helpLines tell all keys.
var helpLines = []string{
	"OWN is the share of samples in which the function itself ran, CUM those in which it was anywhere on the stack. " +
		"Before Python 3.11 frames cannot be read in one piece, and CUM of programs of very short calls is rough.",
	"",
	"o c      sort by own, cumulative share of the last 5 seconds",
	"O C      the same since the beginning",
	"n s      sort by name; s takes the next order",
	"/        only functions and files with a text in them",
	"enter    the paths through a function: who calls it, what it calls; of a thread its functions; esc goes back",
	"t        threads",
	"m        count threads that are not idle, all, or the one with the GIL",
	"p space  pause the screen; sampling goes on",
	"r        begin the counts anew",
	"g G      first and last row; arrows, j k and page keys move as well",
	"q        leave; the program goes on",
	"",
	"rejected: stacks that could not be proven, and count nowhere",
	"missed: moments that passed before the one before was done",
	"salvaged: caught between two calls, the top may be off by one",
}

// helpIndent is where the text of a line about a key begins.
const helpIndent = 9

// wrapHelp breaks the lines where the terminal ends.
func wrapHelp(width int) []string {
	var lines []string
	for _, text := range helpLines {
		indent := 0
		if len(text) > helpIndent && text[helpIndent-1] == ' ' && text[helpIndent-2] == ' ' {
			indent = helpIndent
		}
		line := ""
		for word := range strings.SplitSeq(text, " ") {
			if line != "" && len(line)+1+len(word) > width {
				lines = append(lines, line)
				line = strings.Repeat(" ", indent) + word
			} else if line == "" {
				line = word
			} else {
				line += " " + word
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// helpText is the keys; where they do not fit, the cursor's keys scroll.
func (m *model) helpText() string {
	help := wrapHelp(m.width)
	lines := []string{m.paint.bold(cut("cantil top: keys (esc goes back)", m.width))}
	for _, line := range help[min(m.cursor, max(0, len(help)-m.height+1)):] {
		lines = append(lines, cut(line, m.width))
	}
	return strings.Join(lines[:min(len(lines), m.height)], "\n")
}

// place is file and line of a function.
func place(key app.TopKey) string {
	if key.File == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", clean(key.File), key.Line)
}
