package live

import (
	"cmp"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/cantil-py/cantil/internal/app"
	"github.com/cantil-py/cantil/profile/sampler"
)

// screen is which of the views is shown.
type screen int

const (
	functionScreen screen = iota
	threadScreen
	pathScreen
	helpScreen
)

// order is what the table of functions is sorted by.
type order int

const (
	byOwn order = iota
	byCumulative
	byOwnAll
	byCumulativeAll
	byName
	orders // how many there are
)

// model is all that the screen depends on.
type model struct {
	source Source
	about  About
	paint  paint

	width, height int
	screen        screen
	before        screen // that help returns to
	order         order
	paused        bool
	filter        string
	typing        bool // the filter

	scope  app.TopScope
	thread string // name of the thread that scope is of

	snapshot app.TopSnapshot
	rows     []app.TopFunction // filtered, sorted
	keys     []app.TopKey      // of the path that is looked at
	path     app.TopPath
	front    []bool // for each key that was added, whether it was at the front

	cursor int
	offset int         // the first row that is shown
	chosen *app.TopKey // the function that the cursor follows; nil before it was moved
}

func newModel(source Source, about About, styled bool) *model {
	m := &model{source: source, about: about, paint: paint(styled), width: 80, height: 24, scope: app.TopScope{Mode: sampler.CPU}}
	m.refresh()
	return m
}

type drawMsg struct{}

func draw() tea.Cmd {
	return tea.Tick(drawEvery, func(time.Time) tea.Msg { return drawMsg{} })
}

// Init starts the clock.
func (m *model) Init() tea.Cmd { return draw() }

// Update takes in a key, a new size or the time.
func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
	case drawMsg:
		if !m.paused {
			m.refresh()
		}
		return m, draw()
	case tea.KeyPressMsg:
		if m.typing && msg.String() != "ctrl+c" {
			m.typeFilter(msg)
			return m, nil
		}
		return m, m.key(msg.String())
	}
	return m, nil
}

// View is the screen as text.
func (m *model) View() tea.View {
	view := tea.NewView(m.text())
	view.AltScreen = true
	view.WindowTitle = "cantil top"
	return view
}

// refresh asks for the figures of this moment.
func (m *model) refresh() {
	m.snapshot = m.source.Snapshot(m.scope)
	m.arrange()
	if m.screen == pathScreen {
		m.path = m.source.Path(m.scope, m.keys)
	}
	m.follow()
}

// arrange filters and sorts the functions.
func (m *model) arrange() {
	m.rows = m.rows[:0]
	wanted := strings.ToLower(m.filter)
	for _, f := range m.snapshot.Functions {
		if strings.Contains(strings.ToLower(f.Name), wanted) || strings.Contains(strings.ToLower(f.File), wanted) {
			m.rows = append(m.rows, f)
		}
	}
	slices.SortFunc(m.rows, func(a, b app.TopFunction) int {
		return cmp.Or(m.order.compare(a, b), cmp.Compare(b.All.Own, a.All.Own), cmp.Compare(b.All.Cumulative, a.All.Cumulative),
			cmp.Compare(a.Name, b.Name), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
}

func (o order) compare(a, b app.TopFunction) int {
	switch o {
	case byOwn:
		return cmp.Compare(b.Recent.Own, a.Recent.Own)
	case byCumulative:
		return cmp.Compare(b.Recent.Cumulative, a.Recent.Cumulative)
	case byOwnAll:
		return cmp.Compare(b.All.Own, a.All.Own)
	case byCumulativeAll:
		return cmp.Compare(b.All.Cumulative, a.All.Cumulative)
	}
	return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
}

// follow keeps the cursor on the function it was put on, and within the list.
func (m *model) follow() {
	if m.screen == functionScreen && m.chosen != nil {
		if i := slices.IndexFunc(m.rows, func(f app.TopFunction) bool { return f.TopKey == *m.chosen }); i >= 0 {
			m.cursor = i
		}
	}
	m.cursor = max(0, min(m.cursor, m.length()-1))
}

// length is how many lines the list of the screen has.
func (m *model) length() int {
	switch m.screen {
	case functionScreen:
		return len(m.rows)
	case threadScreen:
		return len(m.snapshot.Threads)
	case pathScreen:
		return len(m.pathRows())
	case helpScreen:
		return len(wrapHelp(m.width))
	}
	return 0
}
