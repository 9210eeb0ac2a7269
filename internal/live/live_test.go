package live

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"github.com/cantil-py/cantil/internal/app"
	"github.com/cantil-py/cantil/profile/sampler"
)

// fake is a source whose figures a test sets.
type fake struct {
	snapshot app.TopSnapshot
	scope    app.TopScope // that was asked for last
	path     app.TopPath
	keys     []app.TopKey
	resets   int
}

func (f *fake) Snapshot(scope app.TopScope) app.TopSnapshot {
	f.scope = scope
	return f.snapshot
}

func (f *fake) Path(_ app.TopScope, keys []app.TopKey) app.TopPath {
	f.keys = keys
	return f.path
}

func (f *fake) Reset() { f.resets++ }

func function(name string, own, cum, ownAll, cumAll int64) app.TopFunction {
	return app.TopFunction{TopKey: app.TopKey{Name: name, File: "/a/long/way/to/" + name + ".py", Line: 7},
		Recent: app.TopFigures{Own: own, Cumulative: cum}, All: app.TopFigures{Own: ownAll, Cumulative: cumAll}}
}

func source() *fake {
	caller := app.TopKey{Name: "main", File: "/m.py", Line: 1}
	return &fake{
		snapshot: app.TopSnapshot{Elapsed: 65 * time.Second, Recent: 100, All: 1000, Everything: 4000, Processes: 2, Rate: 985,
			Functions: []app.TopFunction{function("alpha", 10, 90, 500, 900), function("Beta.gamma.<locals>.<genexpr>", 60, 60, 300, 300), function("delta\x1b[31m", 0, 0, 1, 1000)},
			Threads: []app.TopThread{{PID: 5, TID: 5, Name: "MainThread", Running: 9, Looked: 10, AllRunning: 90, AllTime: 100, Now: caller, Table: true},
				{PID: 5, TID: 6, Name: "gone", Gone: true}},
			Counts: sampler.Counts{Ticks: 64_000, Samples: 4000, Rejects: 3, Missed: 9, Salvaged: 4}},
		path: app.TopPath{Through: 300, Own: 200, Callers: []app.TopStep{{TopKey: caller, Samples: 300}},
			Callees: []app.TopStep{{TopKey: app.TopKey{Name: "below", File: "/b.py", Line: 2}, Samples: 100}}, Lines: []app.TopLine{{Line: 8, Samples: 200}}},
	}
}

func press(m *model, keys ...string) {
	special := map[string]tea.Key{"enter": {Code: tea.KeyEnter}, "esc": {Code: tea.KeyEscape}, "down": {Code: tea.KeyDown}, "backspace": {Code: tea.KeyBackspace}, "pgdown": {Code: tea.KeyPgDown}}
	for _, name := range keys {
		key, known := special[name]
		if !known {
			r, _ := utf8.DecodeRuneInString(name)
			key = tea.Key{Code: r, Text: name}
		}
		m.Update(tea.KeyPressMsg(key))
	}
}

func has(t *testing.T, m *model, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(m.text(), text) {
			t.Errorf("%q is not on the screen:\n%s", text, m.text())
		}
	}
}

// TestEveryScreenFits: at every size no line is wider and no screen higher than the
// terminal, and without styles there is no escape, whatever functions are called.
func TestEveryScreenFits(t *testing.T) {
	for _, keys := range [][]string{nil, {"t"}, {"enter"}, {"?"}, {"?", "pgdown"}, {"/", "x"}, {"down", "down", "pgdown", "p"}} {
		for width := 1; width < 220; width += 3 {
			for height := 1; height < 60; height += 7 {
				m := newModel(source(), About{PID: 5, Command: "python a.py --long argument", Python: "3.9.18", CallersBiased: true}, false)
				m.Update(tea.WindowSizeMsg{Width: width, Height: height})
				press(m, keys...)
				lines := strings.Split(m.text(), "\n")
				if len(lines) > height {
					t.Fatalf("%d lines on %d rows after %q", len(lines), height, keys)
				}
				for _, line := range lines {
					if utf8.RuneCountInString(line) > width || strings.ContainsRune(line, '\x1b') {
						t.Fatalf("%dx%d after %q: %q", width, height, keys, line)
					}
				}
			}
		}
	}
}

// TestTable: shares, orders, filter.
func TestTable(t *testing.T) {
	m := newModel(source(), About{PID: 5, Command: "python a.py", Python: "3.12.1"}, false)
	m.Update(tea.WindowSizeMsg{Width: 99, Height: 24})
	has(t, m, "5: python a.py  Python 3.12.1", "1:05, 985/s, 4,000 samples, rejected 0.075%, missed 0.014%, salvaged 0.1%, 2 processes, 2 threads",
		"of threads not idle: 25.0% of the samples", ">  60.0%   60.0%   30.0%   30.0%  Beta.gamma.<locals>.<genexpr>", "   10.0%   90.0%   50.0%   90.0%  alpha")
	m.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	has(t, m, ">  60.0%   60.0%   30.0%   30.0%  Beta.gamma..<genexpr> ")
	for key, first := range map[string]string{"c": "alpha", "O": "alpha", "C": "delta", "o": "Beta", "n": "alpha"} {
		press(m, key)
		if got := m.rows[0].Name; !strings.HasPrefix(got, first) {
			t.Errorf("after %s the first is %s, want %s", key, got, first)
		}
	}
	press(m, "o", "/", "L", "P", "enter")
	if has(t, m, "filter: LP"); len(m.rows) != 1 || m.rows[0].Name != "alpha" {
		t.Errorf("filtered: %v", m.rows)
	}
	press(m, "/", "?")
	has(t, m, "no function or file has that in its name", "LP?_")
	press(m, "esc")
	if len(m.rows) != 3 || m.typing {
		t.Errorf("esc leaves %d rows, typing %v", len(m.rows), m.typing)
	}
}

// TestCursorFollows: once moved, the cursor stays with its function while the order changes.
func TestCursorFollows(t *testing.T) {
	from := source()
	m := newModel(from, About{}, false)
	press(m, "down")
	if m.rows[m.cursor].Name != "alpha" {
		t.Fatalf("the cursor is on %s", m.rows[m.cursor].Name)
	}
	from.snapshot.Functions[0].Recent.Own = 99
	m.Update(drawMsg{})
	if m.cursor != 0 || m.rows[0].Name != "alpha" {
		t.Errorf("the cursor is on row %d, %s first", m.cursor, m.rows[0].Name)
	}
	press(m, "p")
	from.snapshot.All = 7
	m.Update(drawMsg{})
	if has(t, m, "PAUSED"); m.snapshot.All == 7 {
		t.Error("a paused screen changes")
	}
	press(m, "p", "r")
	if m.Update(drawMsg{}); m.snapshot.All != 7 || from.resets != 1 {
		t.Errorf("after the pause: %d samples, %d resets", m.snapshot.All, from.resets)
	}
}

// TestPaths: into a function, its caller, what it calls, and back.
func TestPaths(t *testing.T) {
	from := source()
	m := newModel(from, About{}, false)
	press(m, "enter")
	has(t, m, "Beta.gamma.<locals>.<genexpr> 30.0%", "called by", "> 30.0%   main (/m.py:1)", "  20.0% runs itself", "  20.0%   line 8", "  10.0%   below (/b.py:2)")
	names := func() string {
		var list []string
		for _, key := range from.keys {
			list = append(list, key.Name)
		}
		return strings.Join(list, " ")
	}
	press(m, "enter")
	if got := names(); got != "main Beta.gamma.<locals>.<genexpr>" {
		t.Errorf("path %q", got)
	}
	press(m, "down", "down", "down", "down", "enter")
	if got := names(); got != "main Beta.gamma.<locals>.<genexpr> below" {
		t.Errorf("path %q", got)
	}
	press(m, "esc")
	if got := names(); got != "main Beta.gamma.<locals>.<genexpr>" {
		t.Errorf("path after going back %q", got)
	}
	press(m, "esc", "esc")
	has(t, m, "FUNCTION")
}

// TestThreads: their table, one of them, modes.
func TestThreads(t *testing.T) {
	from := source()
	m := newModel(from, About{}, false)
	press(m, "t")
	has(t, m, " 90.0%", "MainThread", "ended")
	press(m, "enter")
	if has(t, m, "thread 5 MainThread while not idle"); from.scope != (app.TopScope{Mode: sampler.CPU, PID: 5, TID: 5}) {
		t.Errorf("scope %+v", from.scope)
	}
	for _, want := range []sampler.Mode{sampler.Wall, sampler.GIL, sampler.CPU} {
		if press(m, "m"); from.scope.Mode != want {
			t.Errorf("mode %s, want %s", from.scope.Mode, want)
		}
	}
	press(m, "esc")
	if has(t, m, "NOW"); from.scope.PID != 0 {
		t.Errorf("scope %+v after going back", from.scope)
	}
	press(m, "down", "enter") // a thread without a table of its own
	has(t, m, "NOW")
	press(m, "?")
	has(t, m, "cantil top: keys", "OWN is the share", "q        leave")
	m.Update(tea.WindowSizeMsg{Width: 30, Height: 6})
	press(m, "G")
	if has(t, m, "calls, the top may be off by"); strings.Contains(m.text(), "OWN is") {
		t.Errorf("help does not scroll:\n%s", m.text())
	}
	press(m, "esc")
	has(t, m, "RUN 5s")
	if _, quit := m.Update(tea.KeyPressMsg{Code: 'q', Text: "q"}); quit == nil || fmt.Sprintf("%T", quit()) != "tea.QuitMsg" {
		t.Error("q does not leave")
	}
}
