package live

import (
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"github.com/cantil-py/cantil/internal/app"
	"github.com/cantil-py/cantil/profile/sampler"
)

// maxFilter bounds what is typed as a filter.
const maxFilter = 100

// typeFilter takes in a key while the filter is typed. The table follows every letter.
func (m *model) typeFilter(key tea.KeyPressMsg) {
	switch key.String() {
	case "enter":
		m.typing = false
	case "esc":
		m.typing, m.filter = false, ""
	case "backspace":
		if m.filter != "" {
			_, size := utf8.DecodeLastRuneInString(m.filter)
			m.filter = m.filter[:len(m.filter)-size]
		}
	case "ctrl+u":
		m.filter = ""
	default:
		if len(m.filter)+len(key.Text) <= maxFilter {
			m.filter += key.Text
		}
	}
	m.start()
	m.arrange()
}

// key does what a key asks for.
func (m *model) key(key string) tea.Cmd {
	switch key {
	case "q", "ctrl+c":
		return tea.Quit
	case "?", "h":
		m.toggleHelp()
	case "esc", "backspace", "left":
		m.back()
	case "alt+esc": // two of them in a hurry
		m.back()
		m.back()
	case "p", "space":
		m.paused = !m.paused
	case "r":
		m.source.Reset()
		m.refresh()
	case "m":
		m.scope.Mode = map[sampler.Mode]sampler.Mode{sampler.CPU: sampler.Wall, sampler.Wall: sampler.GIL, sampler.GIL: sampler.CPU}[m.scope.Mode]
		m.refresh()
	case "t":
		m.show(functionScreen, threadScreen)
	case "/":
		m.screen, m.typing = functionScreen, true
		m.start()
	case "enter", "right":
		m.enter()
	default:
		m.move(key)
		m.sort(key)
	}
	return nil
}

// show changes to a screen, or back from it.
func (m *model) show(otherwise, wanted screen) {
	if m.screen == wanted {
		wanted = otherwise
	}
	m.screen = wanted
	m.start()
	m.refresh()
}

func (m *model) toggleHelp() {
	if m.screen == helpScreen {
		m.screen = m.before
	} else {
		m.before, m.screen = m.screen, helpScreen
	}
	m.start()
}

// start puts the cursor on the first row.
func (m *model) start() { m.cursor, m.offset, m.chosen = 0, 0, nil }

// sort changes what the functions are sorted by.
func (m *model) sort(key string) {
	if m.screen != functionScreen {
		return
	}
	wanted, known := map[string]order{"o": byOwn, "c": byCumulative, "O": byOwnAll, "C": byCumulativeAll, "n": byName}[key]
	switch {
	case key == "s":
		wanted = (m.order + 1) % orders
	case !known:
		return
	}
	m.order = wanted
	m.start()
	m.arrange()
}

// move puts the cursor elsewhere; from then on it follows the function it is on.
func (m *model) move(key string) {
	by, known := map[string]int{"up": -1, "k": -1, "down": 1, "j": 1, "pgup": -m.room(), "pgdown": m.room(), "end": m.length(), "G": m.length()}[key]
	if key == "home" || key == "g" {
		m.start()
		return
	}
	if !known || m.length() == 0 {
		return
	}
	m.cursor = max(0, min(m.cursor+by, m.length()-1))
	if m.screen == functionScreen {
		chosen := m.rows[m.cursor].TopKey
		m.chosen = &chosen
	}
}

// enter goes into what the cursor is on: the paths through a function, the functions of
// a thread, a path with one function more.
func (m *model) enter() {
	if m.cursor >= m.length() {
		return
	}
	switch m.screen {
	case functionScreen:
		m.keys, m.front = []app.TopKey{m.rows[m.cursor].TopKey}, nil
		m.show(functionScreen, pathScreen)
		m.cursor = 1 // the row above is a title
	case threadScreen:
		th := m.snapshot.Threads[m.cursor]
		if !th.Table {
			return
		}
		m.scope.PID, m.scope.TID, m.thread = th.PID, th.TID, th.Name
		m.show(functionScreen, functionScreen)
	case pathScreen:
		row := m.pathRows()[m.cursor]
		if row.step == nil || row.step.Name == "" {
			return
		}
		if row.front = row.kind == callerRow; row.front {
			m.keys = append([]app.TopKey{row.step.TopKey}, m.keys...)
		} else {
			m.keys = append(m.keys, row.step.TopKey)
		}
		m.front = append(m.front, row.front)
		m.start()
		m.refresh()
		m.cursor = 1
	}
}

// back undoes the last step into something.
func (m *model) back() {
	switch {
	case m.screen == helpScreen:
		m.screen = m.before
	case m.screen == pathScreen && len(m.front) > 0:
		last := len(m.front) - 1
		if m.front[last] {
			m.keys = m.keys[1:]
		} else {
			m.keys = m.keys[:len(m.keys)-1]
		}
		m.front = m.front[:last]
	case m.screen == pathScreen, m.screen == threadScreen:
		m.screen = functionScreen
	case m.filter != "":
		m.filter = ""
	case m.scope.PID != 0:
		m.scope.PID, m.scope.TID, m.thread = 0, 0, ""
		m.screen = threadScreen
	}
	m.start()
	m.refresh()
}
