package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// root is the repository's.
const root = "../.."

// written is the folder that has the pages of benchmarks/flame/pages, made once for all tests.
var written = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "cantil-pages-")
	if err != nil {
		return "", err
	}
	cmd := exec.Command("go", "run", "./benchmarks/flame/pages", "-served", "-rows", folder, "small", "compared", "exact", "hostile", "deep", "empty")
	cmd.Dir, cmd.Stderr = root, os.Stderr
	return folder, cmd.Run()
})

func TestMain(m *testing.M) {
	code := Main(m)
	if folder, err := written(); err == nil {
		_ = os.RemoveAll(folder)
	}
	os.Exit(code)
}

// flame opens a page of the flame graph, with a view as its address has it, and waits until it is drawn.
func flame(t *testing.T, name, fragment string) *Tab {
	t.Helper()
	tab := Open(t, 1280, 800)
	showFlame(t, tab, name, fragment)
	return tab
}

func showFlame(t *testing.T, tab *Tab, name, fragment string) {
	t.Helper()
	folder, err := written()
	if err != nil {
		t.Fatal(err)
	}
	tab.Do(chromedp.Navigate("about:blank"), chromedp.Navigate((&url.URL{Scheme: "file", Path: filepath.Join(folder, name+".html")}).String()+"#"+fragment))
	ready(tab)
}

func ready(tab *Tab) {
	tab.t.Helper()
	tab.Wait(`document.documentElement.dataset.ready`)
	if got := Value[string](tab, `document.documentElement.dataset.ready`); got != "yes" {
		tab.t.Fatalf("the page is %q: %s", got, tab.Text("#empty"))
	}
}

// boxAt is the middle of a level of the flame graph, at a part of its width.
func boxAt(tab *Tab, level int, part float64) (x, y float64) {
	tab.t.Helper()
	at := Value[[]float64](tab, `(() => { const box = document.getElementById('graph').getBoundingClientRect(); return [box.left, box.top, box.width] })()`)
	return at[0] + part*at[2], at[1] + 20 + 19*(float64(level)+0.5)
}

func (tab *Tab) clickBox(level int, part float64, options ...chromedp.MouseOption) {
	tab.t.Helper()
	x, y := boxAt(tab, level, part)
	tab.Do(chromedp.MouseClickXY(x, y, options...))
}

// wantName waits until the panel tells of a function.
func (tab *Tab) wantName(name string) {
	tab.t.Helper()
	tab.Wait(`document.getElementById('detail-name').textContent === ` + Quoted(name))
}

// wantAddress waits until the page's address has a view.
func (tab *Tab) wantAddress(part string) {
	tab.t.Helper()
	tab.Wait(`decodeURIComponent(location.hash).includes(` + Quoted(part) + `)`)
}

// TestEveryViewInBothThemes is for a person, too: CANTIL_PICTURES=FOLDER keeps what it sees.
func TestEveryViewInBothThemes(t *testing.T) {
	tab := Open(t, 1280, 800)
	for _, theme := range []string{"light", "dark"} {
		for _, name := range []string{"small", "compared", "exact"} {
			showFlame(t, tab, name, "theme="+theme)
			if got := Value[string](tab, `document.documentElement.dataset.theme`); got != theme {
				t.Errorf("the theme is %s", got)
			}
			for i, view := range []string{"flame", "sandwich", "table", "source"} {
				tab.Press(fmt.Sprint(i + 1))
				tab.Wait(`!document.getElementById('view-` + view + `').hidden && document.getElementById('tab-` + view + `').getAttribute('aria-selected') === 'true'`)
				tab.Picture(name + "-" + view + "-" + theme)
			}
		}
	}
}

// TestMouse points at boxes, clicks and double-clicks them, drags and turns the wheel.
func TestMouse(t *testing.T) {
	tab := flame(t, "small", "")
	x, y := boxAt(tab, 3, 0.1)
	tab.Do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x, y))
	tab.wantName("step")
	tab.clickBox(2, 0.1)
	tab.wantName("main")
	tab.clickBox(3, 0.4)
	tab.wantName("load")
	tab.clickBox(3, 0.4, chromedp.ClickCount(2))
	tab.wantAddress("from=0.35")
	if disabled := Value[bool](tab, `document.getElementById('act-out').disabled`); disabled {
		t.Error("there is no way back out")
	}
	tab.clickBox(4, 0.9) // the decoder is now as wide as the page
	tab.wantName("JSONDecoder.decode")
	tab.Click("#act-out")
	tab.Wait(`!location.hash.includes('from=')`)
}

// TestKeys goes through the graph without a mouse.
func TestKeys(t *testing.T) {
	tab := flame(t, "small", "")
	tab.Do(chromedp.Focus(chromedp.CSS("#graph")))
	for _, step := range []struct{ key, name string }{
		{kb.ArrowDown, "train.py --epochs 100"}, {kb.ArrowDown, "<module>"}, {kb.ArrowRight, "Thread.run"}, {kb.ArrowLeft, "<module>"},
		{kb.ArrowDown, "main"}, {kb.ArrowDown, "step"}, {kb.ArrowRight, "load"}, {kb.ArrowUp, "main"},
	} {
		tab.Press(step.key)
		tab.wantName(step.name)
	}
	if said := tab.Text("#said"); !strings.Contains(said, "main") {
		t.Errorf("those who hear the page are told %q", said)
	}
	tab.Press(kb.Enter)
	tab.wantAddress("to=0.57")
	tab.Press(kb.Escape)
	tab.Wait(`!location.hash.includes('to=')`)
	tab.Press(kb.Escape)
	tab.wantName("Nothing is selected")
	tab.Press("?")
	tab.Wait(`document.getElementById('help').open`)
	tab.Picture("help")
	tab.Press(kb.Escape)
	tab.Wait(`!document.getElementById('help').open`)
}

// TestSearch: what is found is counted and shared, and gone through.
func TestSearch(t *testing.T) {
	tab := flame(t, "small", "")
	tab.Press("/")
	tab.Wait(`document.activeElement.id === 'search'`)
	tab.Type("#search", "JSON decoder") // a test's key is typed as well, which a person's is not
	tab.Wait(`document.getElementById('found').textContent === '2 functions, in 18.8 % of the time'`)
	tab.Picture("search")
	tab.Press(kb.Enter)
	tab.wantName("JSONDecoder.decode")
	tab.Press(kb.Escape)
	tab.Press("n")
	tab.wantName("JSONDecoder.raw_decode")
	tab.wantAddress("q=JSON")
	tab.Type("#search", "/^(dot|walk) /")
	tab.Wait(`document.getElementById('found').textContent.startsWith('2 functions')`)
	tab.Type("#search", "/(/")
	tab.Wait(`document.getElementById('search').getAttribute('aria-invalid') === 'true'`)
	tab.Press(kb.Escape)
	tab.Press("c")
	tab.Wait(`document.getElementById('search').value === '' && document.getElementById('found').textContent === ''`)
}

// TestFocusAndIgnore: what is left is told, in every view, and comes back with the address.
func TestFocusAndIgnore(t *testing.T) {
	tab := flame(t, "small", "")
	tab.clickBox(3, 0.1)
	tab.wantName("step")
	tab.Press("f")
	tab.Wait(`document.getElementById('summary').textContent.includes('2.40 s of 6.82 s')`)
	tab.Type("#ignore", "genexpr")
	tab.Wait(`document.getElementById('summary').textContent.includes('1.20 s of 6.82 s')`)
	tab.Press(kb.Escape)
	tab.Press("3")
	tab.Wait(`document.querySelectorAll('#table tr.row').length === 4`)
	hash := Value[string](tab, "location.hash.slice(1)")
	showFlame(t, tab, "small", hash)
	tab.Wait(`document.getElementById('summary').textContent.includes('1.20 s of 6.82 s') && !document.getElementById('view-table').hidden`)
	tab.Do(chromedp.Focus(chromedp.CSS("#table")))
	tab.Press("c")
	tab.Wait(`document.getElementById('summary').textContent.includes(', 6.82 s')`)
}

// TestThreadsAndTime: one thread alone, and lanes for all in the order of time.
func TestThreadsAndTime(t *testing.T) {
	tab := flame(t, "small", "")
	if got := Value[[]string](tab, `[...document.getElementById('thread').options].map((o) => o.label)`); !slices.Equal(got, []string{
		"all", "process 4711", "MainThread 4711, process 4711", "Heart 4712, process 4711", "process 4800", "MainThread 4800, process 4800"}) {
		t.Errorf("there are the threads %q", got)
	}
	tab.Do(chromedp.SetValue(chromedp.CSS("#thread"), "t4711/Heart 4712"), chromedp.Evaluate[chromedp.Void](`void document.getElementById('thread').dispatchEvent(new Event('change'))`))
	tab.Wait(`document.getElementById('summary').textContent.includes('2.92 s')`)
	showFlame(t, tab, "small", "order=time")
	tab.clickBox(0, 0.5)
	tab.wantName("MainThread 4711")
	tab.clickBox(1, 0.05)
	tab.wantName("<module>")
	tab.clickBox(3, 0.05)
	tab.wantName("load")
	tab.clickBox(3, 0.5)
	tab.wantName("step")
	tab.Picture("small-time")
	tab.Press("o")
	tab.wantAddress("order=heavy")
}

// TestTable: the figures are those of profile/stacks, and sorted as asked.
func TestTable(t *testing.T) {
	tab := flame(t, "small", "view=table")
	got := Value[[]string](tab, `[...document.querySelectorAll('#table tr.row')].map((row) => [...row.cells].map((cell) => cell.querySelector('.name')?.textContent ?? cell.textContent).join('|'))`)
	folder, err := written()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := os.ReadFile(filepath.Join(folder, "small.rows"))
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(strings.TrimSpace(string(rows)), "\n")
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the table has\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	first := func(name string) {
		t.Helper()
		tab.Wait(`document.querySelector('#table tr.row .name').textContent === ` + Quoted(name))
	}
	first("time.sleep")
	tab.Click("#table th button[data-key=name]")
	first("<module>")
	tab.wantAddress("sort=name&up=1")
	tab.Click("#table th button[data-key=name]")
	first("walk")
	tab.Click("#table th button[data-key=name]")
	first("<module>")
	tab.Click("#table tr.row:nth-child(3)")
	tab.wantName("JSONDecoder.decode")
	tab.Do(chromedp.Focus(chromedp.CSS("#table")))
	tab.Press(kb.ArrowDown)
	tab.wantName("JSONDecoder.raw_decode")
}

// TestSandwich: callers above, callees below, of what was picked.
func TestSandwich(t *testing.T) {
	tab := flame(t, "small", "view=sandwich")
	tab.Wait(`document.getElementById('sandwich-title').textContent === 'Called by <module>'`)
	tab.Do(chromedp.Evaluate[chromedp.Void](`void [...document.querySelectorAll('#picker tr.row')].find((row) => row.innerText.includes('JSONDecoder.decode')).click()`))
	tab.Wait(`document.getElementById('sandwich-title').textContent === 'Called by JSONDecoder.decode'`)
	at := Value[[]float64](tab, `(() => { const box = document.getElementById('callers').getBoundingClientRect(); return [box.left, box.bottom] })()`)
	tab.Do(chromedp.MouseClickXY(at[0]+200, at[1]-28)) // the second level from below
	tab.wantName("load")
	if got := tab.Text("#detail-figures"); !strings.Contains(got, "1.28 s, 18.8 %") {
		t.Errorf("the caller has %q", got)
	}
}

// TestSource: lines have the heat of what ran in them; where the text is missing, their numbers stand.
func TestSource(t *testing.T) {
	tab := flame(t, "small", "view=source")
	line := func(n int) string {
		return Value[string](tab, fmt.Sprintf(`[...document.querySelectorAll('#source tr.row')].find((row) => row.cells[2].textContent === '%d')?.innerText.trim() ?? ''`, n))
	}
	if got := line(20); got != "1.60 s\t1.60 s\t20\t    return sum(x * y for x, y in zip(a, b))" {
		t.Errorf("line 20 is %q", got)
	}
	if got := line(13); !strings.HasPrefix(got, "1.60 s\t13\t") {
		t.Errorf("line 13 is %q", got)
	}
	tab.Do(chromedp.Evaluate[chromedp.Void](`void (() => { const file = document.getElementById('file'); file.selectedIndex = [...file.options].findIndex((o) => o.label.endsWith('decoder.py')); file.dispatchEvent(new Event('change')) })()`))
	tab.Wait(`document.getElementById('file-note').textContent.includes('not in the page')`)
	if got := line(353); !strings.Contains(got, "300 ms") {
		t.Errorf("line 353 is %q", got)
	}
}

// TestCompared: two profiles, their difference by colour, figures and words.
func TestCompared(t *testing.T) {
	tab := flame(t, "compared", "")
	tab.clickBox(1, 0.1)
	tab.wantName("<module>")
	if got := tab.Text("#detail-figures"); !strings.Contains(got, "−1.44 s (−37 %)") {
		t.Errorf("the change is told as %q", got)
	}
	tab.Press("3")
	tab.Wait(`document.querySelector('#table tr.row .name').textContent === 'time.sleep'`)
	if got := tab.Text("#table tr.row"); !strings.Contains(got, "−1.08 s (−37 %)") {
		t.Errorf("the first row is %q", got)
	}
}

// TestExact: an exact profile has calls, says what it guessed, and has no order of time.
func TestExact(t *testing.T) {
	tab := flame(t, "exact", "view=table")
	if got := Value[[]string](tab, `[...document.querySelectorAll('#table th')].map((th) => th.textContent)`); !slices.Equal(got, []string{"ncalls", "tottime", "percall", "cumtime", "percall", "Function"}) {
		t.Errorf("the columns are %q", got)
	}
	tab.Press("2") // the generated profile contradicts itself: its tree cannot have all of its times
	tab.Wait(`document.getElementById('sandwich-title').textContent.includes('the rest is on no path that is known')`)
	tab.Press("1")
	tab.Wait(`document.getElementById('order').querySelector('[value=time]').disabled`)
	tab.Do(chromedp.Focus(chromedp.CSS("#graph")))
	for range 4 {
		tab.Press(kb.ArrowDown)
	}
	tab.Wait(`/ · (known|bounded|guessed), /.test(document.getElementById('detail-place').textContent)`)
	if got := tab.Text("#detail-figures"); !strings.Contains(got, "calls") {
		t.Errorf("the figures are %q", got)
	}
}

// TestHostile: names are text, whatever they are made of.
func TestHostile(t *testing.T) {
	tab := flame(t, "hostile", "")
	for view := range 4 {
		tab.Press(fmt.Sprint(view + 1))
		tab.Picture(fmt.Sprint("hostile-", view+1))
	}
	tab.Press("3")
	tab.Wait(`[...document.querySelectorAll('#table .name')].some((name) => name.textContent.includes('<img src=x onerror='))`)
	if got := Value[string](tab, `[document.body.dataset.pwned, document.images.length, document.scripts.length, document.querySelectorAll('b, i').length, document.title].join(' ')`); got != ` 0 2 0 {{data}}</title><script>document.body.dataset.pwned=1</script>` {
		t.Errorf("the page has: %s", got)
	}
	if got := Value[int](tab, `Math.max(...[...document.querySelectorAll('#table .name')].map((name) => name.textContent.length))`); got > 400 {
		t.Errorf("a name of %d characters is in the table", got)
	}
	if got := Value[bool](tab, `document.body.innerText.includes('\u202e')`); got {
		t.Error("text is turned around")
	}
}

// TestDeep: 100,000 calls in each other are scrolled, and zoomed to, like any.
func TestDeep(t *testing.T) {
	tab := flame(t, "deep", "")
	tab.Do(chromedp.Focus(chromedp.CSS("#graph")))
	for range 30 {
		tab.Press(kb.ArrowDown)
	}
	tab.wantName("descend_8")
	showFlame(t, tab, "deep", "top=1899300")
	tab.Picture("deep")
	x, y := boxAt(tab, 5, 0.001)
	tab.Do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x, y))
	tab.Wait(`document.getElementById('detail-name').textContent.startsWith('descend_')`)
	tab.Press("2")
	tab.Wait(`document.getElementById('sandwich-title').textContent.startsWith('Called by descend_')`)
	tab.Press("4")
	tab.Wait(`document.querySelectorAll('#source tr.row').length > 10`)
}

func TestEmpty(t *testing.T) {
	tab := flame(t, "empty", "")
	if got := tab.Text("#empty"); !strings.Contains(got, "This profile is empty") {
		t.Errorf("an empty profile says %q", got)
	}
	for view := range 4 {
		tab.Press(fmt.Sprint(view + 1))
	}
	tab.Do()
}

// TestSizes: nothing is wider than the page, on a telephone and on a wall.
func TestSizes(t *testing.T) {
	for _, size := range [][2]int{{360, 640}, {3840, 2160}} {
		tab := Open(t, size[0], size[1])
		for i, view := range []string{"flame", "sandwich", "table", "source"} {
			showFlame(t, tab, "small", "view="+view+"&fn=2")
			if got := Value[[]int](tab, `[document.documentElement.scrollWidth, document.documentElement.scrollHeight]`); got[0] > size[0] || got[1] > size[1] {
				t.Errorf("%s is %v, the window %v", view, got, size)
			}
			if got := Value[float64](tab, `document.querySelector('main').getBoundingClientRect().height`); got < float64(size[1])*0.45 {
				t.Errorf("%s has %v of %v pixels for the profile itself", view, got, size[1])
			}
			tab.Picture(fmt.Sprintf("size-%d-%d", size[0], i+1))
		}
	}
}

// TestNothingMoves: pointing at boxes leaves the graph where it is.
func TestNothingMoves(t *testing.T) {
	tab := flame(t, "small", "")
	place := `JSON.stringify(document.getElementById('graph').getBoundingClientRect())`
	before := Value[string](tab, place)
	for level := range 8 {
		x, y := boxAt(tab, level, 0.1)
		tab.Do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x, y))
		if after := Value[string](tab, place); after != before {
			t.Fatalf("the graph moved from %s to %s", before, after)
		}
	}
}

// TestPrint: paper is light, whatever the screen is, and has no fields to fill in.
func TestPrint(t *testing.T) {
	tab := flame(t, "small", "theme=dark")
	tab.Do(chromedp.Evaluate[chromedp.Void](`void window.dispatchEvent(new Event('beforeprint'))`))
	if _, err := chromedp.Call(tab.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
		t.Fatal(err)
	}
	tab.Wait(`document.documentElement.dataset.theme === 'light' && getComputedStyle(document.getElementById('controls')).display === 'none'`)
	if got := Value[float64](tab, `document.getElementById('graph').getBoundingClientRect().height`); got < 500 {
		t.Errorf("the graph is %v pixels high on paper", got)
	}
	tab.Picture("print")
	tab.Do(chromedp.Evaluate[chromedp.Void](`void window.dispatchEvent(new Event('afterprint'))`))
	tab.Wait(`document.documentElement.dataset.theme === 'dark'`)
}

// TestServedUnderAPolicy: as files, under a policy without inline script or style.
func TestServedUnderAPolicy(t *testing.T) {
	folder, err := written()
	if err != nil {
		t.Fatal(err)
	}
	files := http.FileServer(http.Dir(folder))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'")
		if r.URL.Path == "/favicon.ico" {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		files.ServeHTTP(w, r)
	}))
	defer server.Close()
	tab := Open(t, 1280, 800)
	tab.Do(chromedp.Navigate(server.URL + "/small-served.html"))
	ready(tab)
	for view := range 4 {
		tab.Press(fmt.Sprint(view + 1))
	}
	tab.Press("1")
	tab.clickBox(3, 0.1)
	tab.wantName("step")
}

// TestAccessible runs axe, where CANTIL_AXE names its axe.min.js (npm install axe-core): no serious finding, in any view and theme.
func TestAccessible(t *testing.T) {
	path := os.Getenv("CANTIL_AXE")
	if path == "" {
		t.Skip("SKIP: CANTIL_AXE does not name axe.min.js (npm install axe-core)")
	}
	axe, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	tab := Open(t, 1280, 800)
	for _, theme := range []string{"light", "dark"} {
		for _, name := range []string{"small", "compared"} {
			for _, view := range []string{"flame", "sandwich", "table", "source"} {
				showFlame(t, tab, name, "theme="+theme+"&view="+view+"&q=dot")
				tab.Do(chromedp.Evaluate[chromedp.Void](string(axe) + "; void 0"))
				found, err := chromedp.Run(tab.ctx, chromedp.Evaluate[[]string](`axe.run().then((r) => r.violations.flatMap((v) => v.nodes.map((n) => v.impact + ' ' + v.id + ': ' + n.target.join(' ') + ' ' + n.failureSummary)))`, chromedp.EvalAwaitPromise))
				if err != nil {
					t.Fatal(err)
				}
				for _, finding := range found {
					t.Errorf("%s %s %s: %s", name, view, theme, finding)
				}
			}
		}
	}
}
