package web

import (
	"bufio"
	"encoding/json"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/cantil-py/cantil/internal/app"
)

// TestPages: each page is there with its twin, which has what internal/app answers, and shows markup as text.
func TestPages(t *testing.T) {
	dir, id := ran(t)
	c := serve(t, dir, filepath.Join(dir, "prog.py"))
	for path, has := range map[string]string{
		"/runs": "Runs", "/run?id=" + id: "&lt;img src=x&gt;", "/compare?before=" + id + "&after=" + id: "The same on both sides", "/launch": "prog.py",
		"/value?id=" + id + "&file=kept/secret.pkl": "&lt;b&gt;", "/value?id=" + id + "&file=run.json": "process_start",
	} {
		body := c.get(path, http.StatusOK)
		if !strings.Contains(body, has) || strings.Contains(body, "<img src=x>") {
			t.Errorf("%s: no %q, or markup of the program's, in\n%s", path, has, body)
		}
		for _, inline := range []string{"<script>", "<style", " style=", " onclick=", "javascript:"} {
			if strings.Contains(body, inline) {
				t.Errorf("%s: %q is in the page, which the policy forbids", path, inline)
			}
		}
		name, query, _ := strings.Cut(path, "?")
		var data any
		if err := json.Unmarshal([]byte(c.get(name+".json?"+query, http.StatusOK)), &data); err != nil {
			t.Errorf("%s.json: %v", name, err)
		}
	}
}

// TestTwin: the twin of a run has what cantil runs show --json has.
func TestTwin(t *testing.T) {
	dir, id := ran(t)
	c := serve(t, dir)
	var got app.RunDetails
	if err := json.Unmarshal([]byte(c.get("/run.json?id="+id, http.StatusOK)), &got); err != nil {
		t.Fatal(err)
	}
	runs, err := app.OpenRuns(dir, func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	e, err := runs.Find(id)
	if err != nil {
		t.Fatal(err)
	}
	want := runs.Show(e)
	if got.ID != id || got.Code != 1 || got.Traceback == nil || got.Traceback.Value != want.Traceback.Value || len(got.Files) != len(want.Files) || got.Outcome.Wall != want.Outcome.Wall {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

// TestOutput: the rows come in the order in which they were printed, each with its stream, from any row on.
func TestOutput(t *testing.T) {
	dir, id := ran(t)
	c := serve(t, dir)
	var part app.OutputPart
	if err := json.Unmarshal([]byte(c.get("/output.json?id="+id+"&from=298&count=3", http.StatusOK)), &part); err != nil {
		t.Fatal(err)
	}
	if len(part.Rows) != 3 || part.Rows[0].Text != "line 298" || part.Rows[2].Stream != "stderr" || part.Rows[2].Text != "<script>alert(1)</script>" || !part.Over {
		t.Errorf("from row 298 on: %+v", part)
	}
	var hits app.OutputHits
	if err := json.Unmarshal([]byte(c.get("/search.json?id="+id+"&text=LINE+29", http.StatusOK)), &hits); err != nil {
		t.Fatal(err)
	}
	if len(hits.Rows) != 11 || hits.Rows[0] != 29 || hits.Rows[10] != 299 {
		t.Errorf("found in %v", hits.Rows)
	}
}

// TestErrors: what is wrong is told in the form that was asked for.
func TestErrors(t *testing.T) {
	c := serve(t, project(t))
	for path, status := range map[string]int{
		"/run?id=none": 404, "/run.json?id=none": 404, "/nothing": 404, "/value?place=x": 422, "/compare": 422, "/output.json?id=none": 404, "/events/run?id=none": 404, "/run/stop": 404,
	} {
		body := c.get(path, status)
		if isJSON := json.Valid([]byte(body)); isJSON != (strings.Contains(path, ".json") || strings.HasPrefix(path, "/events")) {
			t.Errorf("%s: %s", path, body)
		}
	}
	for path, body := range map[string]string{"/run/stop": "no JSON", "/launch/check": `{"unknown": 1}`, "/run/tag": `{"id": 7}`} {
		if response, text := c.send(c.known("POST", path, body)); response.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s with %s: %s: %s", path, body, response.Status, text)
		}
	}
	form := c.known("POST", "/run/stop", "id=x")
	form.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if response, _ := c.send(form); response.StatusCode != http.StatusUnsupportedMediaType {
		t.Errorf("a form of HTML: %s", response.Status)
	}
}

// TestNothingChangesByGET: what only looks leaves every file as it is.
func TestNothingChangesByGET(t *testing.T) {
	dir, id := ran(t)
	c := serve(t, dir, filepath.Join(dir, "prog.py"))
	c.get("/runs", http.StatusOK) // makes the index, which is only a copy
	state := func() string {
		var b strings.Builder
		err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() && !strings.Contains(path, "index.sqlite") {
				info, _ := e.Info()
				b.WriteString(path + info.ModTime().String() + "\n")
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	before := state()
	for _, path := range []string{"/runs", "/run?id=" + id, "/launch", "/launch?run=" + id, "/compare?before=" + id + "&after=" + id, "/output.json?id=" + id} {
		c.get(path, http.StatusOK)
	}
	for _, path := range []string{"/run/stop?id=" + id, "/run/tag?id=" + id, "/launch/start", "/launch/check", "/launch/form"} {
		c.get(path, http.StatusNotFound)
	}
	if after := state(); after != before {
		t.Errorf("before\n%s\nafter\n%s", before, after)
	}
}

// TestLaunch: a form is made, wrong arguments are refused in argparse's words, right ones start a run, which can be watched and stopped.
func TestLaunch(t *testing.T) {
	dir, _ := ran(t)
	script := filepath.Join(dir, "form.py")
	text := "import argparse, time\np = argparse.ArgumentParser()\np.add_argument('--epochs', type=int, default=3)\n" +
		"p.add_argument('--kind', choices=['a', 'b'])\na = p.parse_args()\nprint('epochs', a.epochs, flush=True)\ntime.sleep(60)\n"
	if err := os.WriteFile(script, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c := serve(t, dir, script)
	var list struct{ Programs []app.SiteProgram }
	if err := json.Unmarshal([]byte(c.get("/launch.json", http.StatusOK)), &list); err != nil || len(list.Programs) != 2 || list.Programs[0].Name != "form.py" {
		t.Fatalf("the programs are %+v, %v", list, err)
	}
	key := list.Programs[0].Key
	post := func(path, body string, into any) {
		t.Helper()
		response, text := c.send(c.known("POST", path, body))
		if response.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s: %s", path, response.Status, text)
		}
		if err := json.Unmarshal([]byte(text), into); err != nil {
			t.Fatal(err)
		}
	}
	var form app.Form
	post("/launch/form", `{"program": "`+key+`", "line": ""}`, &form)
	if fields := form.Sections[len(form.Sections)-1].Fields; len(fields) != 2 || fields[0].Kind != "number" || fields[1].Kind != "choice" || len(fields[1].Choices) != 2 {
		t.Errorf("the form is %+v", form)
	}
	var begun started
	post("/launch/start", `{"program": "`+key+`", "line": "--epochs ten"}`, &begun)
	if begun.ID != "" || begun.Answer == nil || begun.Answer.Code != 2 || !strings.Contains(begun.Answer.Stderr, "invalid int value: 'ten'") {
		t.Errorf("wrong arguments: %+v", begun)
	}
	post("/launch/start", `{"program": "`+key+`", "line": "--epochs 5"}`, &begun)
	if begun.ID == "" {
		t.Fatalf("right arguments: %+v", begun)
	}
	c.watchUntilPrinted(begun.ID)
	var ended app.RunEntry
	post("/run/stop", `{"id": "`+begun.ID+`"}`, &ended)
	if ended.Status != "stopped" {
		t.Errorf("it was stopped, and is %s", ended.Status)
	}
}

// watchUntilPrinted hears the events of a run until it has printed its first line.
func (c *client) watchUntilPrinted(id string) {
	c.t.Helper()
	response, err := c.http.Do(c.known("GET", "/events/run?id="+id, ""))
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	timer := time.AfterFunc(20*time.Second, func() { response.Body.Close() })
	defer timer.Stop()
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		var news app.RunNews
		text, is := strings.CutPrefix(lines.Text(), "data: ")
		if !is {
			continue
		}
		if err := json.Unmarshal([]byte(text), &news); err != nil {
			c.t.Fatal(err)
		}
		if news.Output == int64(len("epochs 5\n")) && news.Status == "running" {
			return
		}
	}
	c.t.Fatalf("its first line was not heard of: %v", lines.Err())
}

// TestAssets: every script and style that a page or a module names is there, with its type.
func TestAssets(t *testing.T) {
	c := serve(t, project(t))
	names := map[string]bool{}
	for _, files := range []fs.FS{templateFiles, assets} {
		err := fs.WalkDir(files, ".", func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			text, err := fs.ReadFile(files, path)
			for _, m := range regexp.MustCompile(`/(assets/[\w./]+)"|from '\./([\w.]+)'`).FindAllStringSubmatch(string(text), -1) {
				if m[1] != "" {
					names[m[1]] = true
				} else {
					names["assets/js/"+m[2]] = true
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(names) < 10 {
		t.Errorf("only %d files are named", len(names))
	}
	for name := range names {
		response, _ := c.send(c.known("GET", "/"+name, ""))
		if kind := response.Header.Get("Content-Type"); response.StatusCode != http.StatusOK || !strings.Contains(kind, "css") && !strings.Contains(kind, "javascript") && !strings.Contains(kind, "svg") {
			t.Errorf("%s: %s, %s", name, response.Status, kind)
		}
	}
}
