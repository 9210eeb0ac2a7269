// Package browser has the tests that look at cantil's pages in a real Chromium. It is a
// module of its own, so that the library for that stays out of the product's go.mod.
// [Main] runs a package's tests with one browser for all; [Open] gives a test a tab of
// it, or skips the test and says what to install.
package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

const (
	// patience bounds a test: the slowest takes some seconds.
	patience = 60 * time.Second
	// waiting bounds what a page may take to show something, on a machine that does much else.
	waiting = 20 * time.Second
	// between is how long to wait before looking again.
	between = 15 * time.Millisecond
)

// started is the one browser of the tests, and how to end it.
var started struct {
	sync.Once
	ctx context.Context
	end []context.CancelFunc
	err error
}

// errMissing says what to install.
var errMissing = errors.New("no Chromium: these tests need it (Debian: apt-get install chromium)")

// Main is for TestMain: it runs the tests and ends the browser.
func Main(m *testing.M) int {
	defer func() {
		for _, end := range started.end {
			end()
		}
	}()
	return m.Run()
}

func start() {
	path, err := chromium()
	if err != nil {
		started.err = err
		return
	}
	allocator, endAllocator := chromedp.NewExecAllocator(context.Background(), chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox, chromedp.NoFirstRun,
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("force-prefers-reduced-motion", true))
	ctx, end := chromedp.NewContext(allocator)
	started.ctx, started.end = ctx, []context.CancelFunc{end, endAllocator}
	if err := chromedp.Do(ctx); err != nil {
		started.err = fmt.Errorf("starting %s: %w", path, err)
	}
}

func chromium() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errMissing
}

// Tab is a page that a test looks at.
type Tab struct {
	t   testing.TB
	ctx context.Context

	mu     sync.Mutex
	errors []string
}

// Open opens a tab of so many pixels, which ends with the test. Without Chromium the test
// is skipped; where CI is set, it fails.
func Open(t testing.TB, width, height int) *Tab {
	t.Helper()
	started.Do(start)
	if errors.Is(started.err, errMissing) && os.Getenv("CI") == "" {
		t.Skip("SKIP: " + started.err.Error())
	}
	if started.err != nil {
		t.Fatal(started.err)
	}
	ctx, end := chromedp.NewContext(started.ctx)
	tab := &Tab{t: t, ctx: ctx}
	if err := chromedp.Listen(ctx, tab.listen); err != nil {
		end()
		t.Fatal(err)
	}
	ctx, endTime := context.WithTimeout(ctx, patience)
	tab.ctx = ctx
	t.Cleanup(func() { endTime(); end() })
	tab.Do(chromedp.EmulateViewport(int64(width), int64(height)))
	return tab
}

// listen keeps what goes wrong in the page: a script's error, or a policy that was broken, fails the test.
func (tab *Tab) listen(event any) {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			text += " " + e.ExceptionDetails.Exception.Description
		}
		tab.errors = append(tab.errors, text)
	case *log.EventEntryAdded:
		if e.Entry.Level == "error" {
			tab.errors = append(tab.errors, e.Entry.Text+" "+e.Entry.URL)
		}
	}
}

// Do performs actions, and fails the test if they or the page's scripts do.
func (tab *Tab) Do(actions ...chromedp.Action[chromedp.Void]) {
	tab.t.Helper()
	if err := chromedp.Do(tab.ctx, actions...); err != nil {
		tab.t.Fatalf("%v; errors of the page: %q", err, tab.Errors())
	}
	if errors := tab.Errors(); len(errors) > 0 {
		tab.t.Fatalf("errors of the page: %q", errors)
	}
}

// Errors are those that the page had so far.
func (tab *Tab) Errors() []string {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	return append([]string{}, tab.errors...)
}

// Value is what an expression of JavaScript gives.
func Value[T any](tab *Tab, expression string) T {
	tab.t.Helper()
	value, err := chromedp.Run(tab.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		tab.t.Fatalf("%s: %v; errors of the page: %q", expression, err, tab.Errors())
	}
	return value
}

// Wait waits until an expression of JavaScript is true.
func (tab *Tab) Wait(expression string) {
	tab.t.Helper()
	for end := time.Now().Add(waiting); !Value[bool](tab, "Boolean("+expression+")"); time.Sleep(between) {
		if time.Now().After(end) {
			tab.t.Fatalf("never true: %s; errors of the page: %q; it shows:\n%s", expression, tab.Errors(), Value[string](tab, "document.body.innerText.slice(0, 1500)"))
		}
	}
}

// Text is the text of an element as it is seen.
func (tab *Tab) Text(selector string) string {
	tab.t.Helper()
	return strings.TrimSpace(Value[string](tab, "document.querySelector("+Quoted(selector)+")?.innerText ?? ''"))
}

// Press presses keys where the focus is.
func (tab *Tab) Press(keys string) {
	tab.t.Helper()
	tab.Do(chromedp.KeyEvent(keys))
}

// Click clicks an element, in its middle. A page that is only just there may take the place of its elements
// between looking and clicking: then it is looked for again.
func (tab *Tab) Click(selector string) {
	tab.t.Helper()
	for try := 1; ; try++ {
		err := chromedp.Do(tab.ctx, chromedp.Click(chromedp.CSS(selector)))
		if err != nil && try < 10 && strings.Contains(err.Error(), "Could not find node with given id") {
			continue
		}
		if err != nil {
			tab.t.Fatalf("clicking %s: %v; errors of the page: %q", selector, err, tab.Errors())
		}
		tab.Do() // which tells the page's errors
		return
	}
}

// Type writes into a field what a person would, in place of what is there.
func (tab *Tab) Type(selector, text string) {
	tab.t.Helper()
	tab.Do(chromedp.Focus(chromedp.CSS(selector)), chromedp.Evaluate[chromedp.Void]("void document.querySelector("+Quoted(selector)+").select()"), chromedp.KeyEvent(text))
}

// Picture keeps a picture of the page, if CANTIL_PICTURES names a folder: for a person to look at.
func (tab *Tab) Picture(name string) {
	tab.t.Helper()
	folder := os.Getenv("CANTIL_PICTURES")
	if folder == "" {
		return
	}
	png, err := chromedp.Run(tab.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		tab.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), png, 0o644); err != nil {
		tab.t.Fatal(err)
	}
}

// Quoted is a text as JavaScript has it.
func Quoted(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\n", `\n`).Replace(text) + "'"
}
