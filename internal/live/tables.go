package live

import (
	"fmt"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/cantil-py/cantil/internal/app"
)

// Widths of terminals from which on more columns are shown.
const (
	fourShares = 70
	withPlace  = 56
	wholePlace = 100
)

// functionTable is the heading and the rows of the functions.
func (m *model) functionTable() (string, []string) {
	name, where := m.nameWidths()
	mark := func(text string, o order) string {
		if m.order == o {
			return text + "▼"
		}
		return text + " "
	}
	heading := " " + mark(" OWN 5s", byOwn) + mark(" CUM 5s", byCumulative)
	if m.width >= fourShares {
		heading += mark("    OWN", byOwnAll) + mark("    CUM", byCumulativeAll)
	}
	heading += " " + fill(mark("FUNCTION", byName), name) + " "
	if where > 0 {
		heading += "FILE:LINE"
	}
	rows := make([]string, 0, len(m.rows))
	for i, f := range m.rows {
		rows = append(rows, m.cursorMark(i)+m.functionRow(f, name, where))
	}
	if len(rows) == 0 {
		rows = []string{m.nothing()}
	}
	return heading, rows
}

// nothing says why the table is empty.
func (m *model) nothing() string {
	switch {
	case m.filter != "" && len(m.snapshot.Functions) > 0:
		return " no function or file has that in its name"
	case m.snapshot.Everything > 0:
		return " nothing of that state so far: m counts idle threads too"
	}
	return " no sample yet"
}

func (m *model) cursorMark(i int) string {
	if i == m.cursor {
		return ">"
	}
	return " "
}

func (m *model) functionRow(f app.TopFunction, name, where int) string {
	s := &m.snapshot
	line := fmt.Sprintf(" %s  %s", share(f.Recent.Own, s.Recent), share(f.Recent.Cumulative, s.Recent))
	if m.width >= fourShares {
		line += fmt.Sprintf("  %s  %s", share(f.All.Own, s.All), share(f.All.Cumulative, s.All))
	}
	line += "  " + fill(nameText(f.Name, name), name)
	if where > 0 {
		line += " " + m.placeText(f.TopKey, where)
	}
	return line
}

// nameText is a name that says where a function within another is only if there is room.
func nameText(name string, width int) string {
	if name = clean(name); utf8.RuneCountInString(name) > width {
		name = strings.ReplaceAll(name, ".<locals>.", "..")
	}
	return name
}

// nameWidths are those of functions and of their places, 0 where that is left out.
func (m *model) nameWidths() (name, where int) {
	left := m.width - 18
	if m.width >= fourShares {
		left -= 16
	}
	switch {
	case m.width < withPlace:
		return max(left, 8), 0
	case m.width < wholePlace:
		where = min(22, left/2)
	default:
		where = left * 6 / 10
	}
	return left - where - 1, where
}

// placeText is the place of a function, of narrow terminals without its folder.
func (m *model) placeText(key app.TopKey, width int) string {
	if key.File == "" {
		return ""
	}
	if m.width < wholePlace {
		key.File = path.Base(key.File)
	}
	return cutFront(place(key), width)
}

// threadTable is the heading and the rows of the threads.
func (m *model) threadTable() (string, []string) {
	several := m.snapshot.Processes > 1
	heading := "   RUN 5s  GIL 5s "
	if m.width >= fourShares {
		heading += "    RUN     GIL "
	}
	heading += " STATE   "
	if several {
		heading += "    PID "
	}
	heading += "    TID NAME             NOW"
	var rows []string
	for i, th := range m.snapshot.Threads {
		line := fmt.Sprintf("%s  %s  %s ", m.cursorMark(i), share(th.Running, th.Looked), share(th.Holding, th.Looked))
		if m.width >= fourShares {
			line += fmt.Sprintf(" %s  %s ", share(th.AllRunning, th.AllTime), share(th.AllHolding, th.AllTime))
		}
		state, now := th.State.String(), clean(th.Now.Name)
		if th.Gone {
			state, now = "ended", ""
		}
		line += fmt.Sprintf(" %-8s", state)
		if several {
			line += fmt.Sprintf("%7d ", th.PID)
		}
		line += fmt.Sprintf("%7d %s %s", th.TID, fill(clean(th.Name), 16), now)
		if now != "" && m.width >= wholePlace {
			line += " (" + place(th.Now) + ")"
		}
		rows = append(rows, line)
	}
	if m.snapshot.Unlisted > 0 {
		rows = append(rows, fmt.Sprintf("   and more threads, with %s samples", thousands(m.snapshot.Unlisted)))
	}
	return heading, rows
}

// kindOfRow is what a row of the paths tells.
type kindOfRow int

const (
	titleRow kindOfRow = iota
	callerRow
	lineRow
	calleeRow
)

// pathRow is a row of the paths through some functions.
type pathRow struct {
	kind  kindOfRow
	text  string
	count int64
	step  *app.TopStep // of a caller or callee
	front bool
}

// linesShown is how many lines of a function are told.
const linesShown = 5

// pathRows are the callers, the function's own lines, and what it calls.
func (m *model) pathRows() []pathRow {
	p := &m.path
	rows := []pathRow{{kind: titleRow, text: "called by"}}
	for i := range p.Callers {
		rows = append(rows, pathRow{kind: callerRow, count: p.Callers[i].Samples, step: &p.Callers[i]})
	}
	if len(p.Callers) == 0 {
		rows[0].text = "called by nobody: it is where a thread begins"
	}
	rows = append(rows, pathRow{kind: titleRow, text: "runs itself", count: p.Own})
	for i, l := range p.Lines {
		if i == linesShown {
			break
		}
		rows = append(rows, pathRow{kind: lineRow, text: fmt.Sprintf("line %d", l.Line), count: l.Samples})
	}
	rows = append(rows, pathRow{kind: titleRow, text: "calls"})
	for i := range p.Callees {
		rows = append(rows, pathRow{kind: calleeRow, count: p.Callees[i].Samples, step: &p.Callees[i]})
	}
	if len(p.Callees) == 0 {
		rows[len(rows)-1].text = "calls nothing"
	}
	return rows
}

// pathTable is the heading and the rows of the paths.
func (m *model) pathTable() (string, []string) {
	var names []string
	for _, key := range m.keys {
		names = append(names, clean(key.Name))
	}
	heading := cutFront(strings.Join(names, " > "), max(8, m.width-8)) + " " + strings.TrimSpace(share(m.path.Through, m.snapshot.All))
	var rows []string
	for i, r := range m.pathRows() {
		text := m.cursorMark(i)
		switch {
		case r.kind == titleRow && r.count > 0:
			text += fmt.Sprintf("%s %s", share(r.count, m.snapshot.All), r.text)
		case r.kind == titleRow:
			text += "       " + r.text
		default:
			text += fmt.Sprintf("%s   ", share(r.count, m.snapshot.All)) + r.text
		}
		if r.step != nil {
			text += clean(r.step.Name)
			if where := place(r.step.TopKey); where != "" && m.width >= withPlace {
				text += " (" + cutFront(where, max(20, m.width-len(text)-4)) + ")"
			}
		}
		rows = append(rows, text)
	}
	if m.path.Lost > 0 {
		rows = append(rows, fmt.Sprintf("  %s are left out: too many different paths", share(m.path.Lost, m.snapshot.All)))
	}
	return heading, rows
}
