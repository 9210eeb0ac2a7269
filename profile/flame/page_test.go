package flame_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/cantil-py/cantil/profile/diff"
	"github.com/cantil-py/cantil/profile/flame"
	"github.com/cantil-py/cantil/profile/pstats"
	"github.com/cantil-py/cantil/profile/stacks"
)

// sampled is a profile with functions of these names, of which each calls the next.
func sampled(names ...string) *stacks.Profile {
	r := stacks.NewRecorder()
	thread := r.Thread(stacks.Thread{PID: 1, Name: "MainThread"})
	var frames []stacks.Frame
	for i, name := range names {
		frames = append([]stacks.Frame{{Func: r.Func(stacks.Func{Name: name, File: "/srv/a.py", FirstLine: i + 1}), Line: int32(i + 1)}}, frames...)
		r.Add(time.Duration(i)*time.Second, thread, stacks.Running, frames)
	}
	n := int64(len(names))
	return r.Profile(stacks.Info{Mode: "wall", Rate: 1, Python: "3.12.1", Counts: stacks.Counts{Ticks: n, Wall: time.Duration(n) * time.Second}})
}

func exact(names ...string) *pstats.Stats {
	var rows []pstats.Row
	for i, name := range names {
		row := pstats.Row{Func: pstats.Func{File: "/srv/a.py", Line: int64(i + 1), Name: name}, Listed: true, Counts: pstats.Counts{Calls: 1, Primitive: 1, Own: 1, Cumulative: float64(len(names) - i)}}
		if i > 0 {
			row.Callers = []pstats.Edge{{Caller: pstats.FuncID(i - 1), Counts: row.Counts}}
		}
		rows = append(rows, row)
	}
	return pstats.New(rows)
}

func written(t *testing.T, profiles ...*flame.Profile) string {
	t.Helper()
	page, err := flame.New("a title", profiles...)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := page.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestPageNeedsNothingElse: no address in it could be loaded, and its policy allows none.
func TestPageNeedsNothingElse(t *testing.T) {
	page := written(t, flame.Exact("a.prof", exact("main", "work")))
	for _, pattern := range []string{`\ssrc=`, `<link`, `@import`, `url\(`, `https?://`, `{{`, `\sstyle=`, `\son\w+=`} {
		if found := regexp.MustCompile(pattern).FindString(page); found != "" {
			t.Errorf("the page has %q", found)
		}
	}
	if !strings.Contains(page, `content="default-src 'none'; style-src 'sha256-`) {
		t.Error("the page has no policy")
	}
}

// TestNamesAreNoMarkup: whatever a profile is called, the page has its own two scripts and no more.
func TestNamesAreNoMarkup(t *testing.T) {
	evil := `</script><script>alert(1)</script><!--<img src=x onerror=alert(1)>{{data}}`
	page, err := flame.New(evil, flame.Sampled(evil, sampled(evil, "{{script}}")))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := page.Write(&out); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), "<script"); n != 2 {
		t.Errorf("the page has %d scripts, not its data and its module alone", n)
	}
	if n := strings.Count(out.String(), "</script"); n != 2 {
		t.Errorf("the page ends %d scripts", n)
	}
	if strings.Contains(out.String(), "<img") || strings.Contains(out.String(), "<!--<") {
		t.Error("a name became markup")
	}
	shell, err := flame.Shell(evil, `/"><script>`, `/"><script>`)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(shell), "<script"); n != 2 {
		t.Errorf("the shell has %d scripts", n)
	}
}

// TestEqualProfilesGiveEqualBytes.
func TestEqualProfilesGiveEqualBytes(t *testing.T) {
	render := func() string {
		return written(t, flame.Sampled("before", sampled("a", "b", "c")), flame.Sampled("after", sampled("a", "c", "d")))
	}
	if first, second := render(), render(); first != second {
		t.Error("two pages of the same profiles differ")
	}
}

// TestFunctionsOfBothSidesAreOne: those that moved to another line have one number.
func TestFunctionsOfBothSidesAreOne(t *testing.T) {
	page, err := flame.New("", flame.Exact("before", exact("main", "gone", "work")), flame.Exact("after", exact("main", "work")))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := page.WriteData(&out); err != nil {
		t.Fatal(err)
	}
	var data struct {
		Title     string
		Strings   []string
		Functions struct{ Count int }
	}
	if err := json.Unmarshal(out.Bytes(), &data); err != nil {
		t.Fatal(err)
	}
	if data.Functions.Count != 3 {
		t.Errorf("%d functions of %q, want main, gone and work", data.Functions.Count, data.Strings)
	}
	if data.Title != "after" {
		t.Errorf("a page without a title is called %q", data.Title)
	}
}

func TestWhatCannotBeCompared(t *testing.T) {
	var incompatible *diff.IncompatibleError
	if _, err := flame.New("", flame.Exact("a", exact("main")), flame.Sampled("b", sampled("main"))); !errors.As(err, &incompatible) {
		t.Errorf("exact with sampled: %v", err)
	}
	if _, err := flame.New(""); err == nil {
		t.Error("a page of no profile was made")
	}
}

func TestSourcesHaveBounds(t *testing.T) {
	page, err := flame.New("", flame.Sampled("a", sampled("main")))
	if err != nil {
		t.Fatal(err)
	}
	var asked []string
	page.AddSources(func(file string) ([]byte, error) {
		asked = append(asked, file)
		return bytes.Repeat([]byte("x"), 2<<20), nil
	})
	var out bytes.Buffer
	if err := page.WriteData(&out); err != nil {
		t.Fatal(err)
	}
	if len(asked) != 1 || asked[0] != "/srv/a.py" {
		t.Errorf("asked for %q", asked)
	}
	if out.Len() > 10_000 {
		t.Errorf("a source of 2 MiB is in the page: %d bytes", out.Len())
	}
}

// TestUnknownPeriod: samples of unknown length are counted, not lost.
func TestUnknownPeriod(t *testing.T) {
	p := sampled("main")
	p.Info.Counts, p.Info.Rate = stacks.Counts{}, 0
	if page := written(t, flame.Sampled("a", p)); !strings.Contains(page, `"period":1,`) || !strings.Contains(page, "a second is one sample") {
		t.Error("the page does not count the samples, or does not say so")
	}
}

// TestShellLoadsWhatThereIs: each address in the shell, below the one it was given, is a file of Assets.
func TestShellLoadsWhatThereIs(t *testing.T) {
	shell, err := flame.Shell("t", "/assets/", "data.json")
	if err != nil {
		t.Fatal(err)
	}
	addresses := regexp.MustCompile(`(?:src|href)="/assets/([^"]+)"`).FindAllStringSubmatch(string(shell), -1)
	if len(addresses) != 2 {
		t.Fatalf("the shell loads %v", addresses)
	}
	for _, a := range addresses {
		if _, err := fs.Stat(flame.Assets(), a[1]); err != nil {
			t.Error(err)
		}
	}
	if !strings.Contains(string(shell), `data-from="data.json"`) {
		t.Error("the shell does not say where its data is")
	}
}
