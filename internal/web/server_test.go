package web

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cantil-py/cantil/internal/app"
	"github.com/cantil-py/cantil/internal/testpy"
)

func TestMain(m *testing.M) {
	if code, is := app.Shim(); is {
		os.Exit(code)
	}
	code := m.Run()
	for _, dir := range leftovers {
		_ = os.RemoveAll(dir) // the system cleans up what is held by others
	}
	os.Exit(code)
}

// client asks a server that was started for the test, as a browser that has come in by the address.
type client struct {
	t       *testing.T
	dir     string // of the project
	address string // with the token
	host    string
	root    string
	cookie  *http.Cookie
	http    http.Client
}

// serve starts a server on the runs of a new project, and enters.
func serve(t *testing.T, dir string, args ...string) *client {
	t.Helper()
	getenv := func(name string) string { return "" }
	site, err := app.OpenSite(app.SiteOptions{Args: args, Dir: dir, Getenv: getenv, Environ: os.Environ()})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ready, ended := make(chan string, 1), make(chan error, 1)
	go func() { ended <- Serve(ctx, site, 0, func(address string) { ready <- address }) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	select {
	case err := <-ended:
		t.Fatal(err)
	case address := <-ready:
		c := &client{t: t, dir: dir, address: address}
		c.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		c.enter()
		return c
	}
	return nil
}

func (c *client) enter() {
	c.t.Helper()
	at, err := url.Parse(c.address)
	if err != nil {
		c.t.Fatal(err)
	}
	c.host = at.Host
	response, body := c.send(c.request("GET", c.address, ""))
	if response.StatusCode != http.StatusOK || len(response.Cookies()) != 1 {
		c.t.Fatalf("entering: %s, %d cookies: %s", response.Status, len(response.Cookies()), body)
	}
	c.cookie = response.Cookies()[0]
	c.root = strings.TrimSuffix(c.cookie.Path, "/")
}

// request is plain: without the cookie.
func (c *client) request(method, address, body string) *http.Request {
	c.t.Helper()
	r, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

// known is a request of one of our own pages.
func (c *client) known(method, path, body string) *http.Request {
	r := c.request(method, "http://"+c.host+c.root+path, body)
	r.AddCookie(c.cookie)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if method == "POST" {
		r.Header.Set("Origin", "http://"+c.host)
		r.Header.Set("Content-Type", "application/json")
	}
	return r
}

func (c *client) send(r *http.Request) (*http.Response, string) {
	c.t.Helper()
	response, err := c.http.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return response, string(body)
}

// get is what a page of ours gets; the status must be as wanted.
func (c *client) get(path string, status int) string {
	c.t.Helper()
	response, body := c.send(c.known("GET", path, ""))
	if response.StatusCode != status {
		c.t.Fatalf("%s: %s, want %d: %.300s", path, response.Status, status, body)
	}
	return body
}

// program is one that prints to both streams, and fails.
const program = `import sys
for n in range(300):
    print("line", n, flush=True)
print("<script>alert(1)</script>", file=sys.stderr, flush=True)
secret = {"<b>": 1}
raise ValueError("<img src=x>")
`

// project is a folder that goes with the test. Processes that index a run may still be at it.
func project(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "cantil-web-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		until := time.Now().Add(5 * time.Second)
		for os.RemoveAll(dir) != nil {
			if time.Now().After(until) {
				t.Errorf("%s cannot be removed", dir)
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
	})
	if err := os.Mkdir(filepath.Join(dir, ".cantil"), 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

// original is a run of the program, made once for all tests; each looks at a copy of its own.
var original struct {
	once    sync.Once
	id, dir string
}

// ran makes a project with a run of the program, and returns its folder and the run's ID.
func ran(t *testing.T) (dir, id string) {
	t.Helper()
	py := testpy.Newest(t)
	original.once.Do(func() { original.id, original.dir = runProgram(t, py) })
	if original.id == "" {
		t.Fatal("the program could not be run, see above")
	}
	dir = project(t)
	if err := os.WriteFile(filepath.Join(dir, "prog.py"), []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(dir, ".cantil", "runs", original.id), os.DirFS(original.dir)); err != nil {
		t.Fatal(err)
	}
	record := filepath.Join(dir, ".cantil", "runs", original.id, "run.json")
	data, err := os.ReadFile(record)
	if err != nil {
		t.Fatal(err)
	}
	from := filepath.Dir(filepath.Dir(filepath.Dir(original.dir))) // the project where it ran
	if err := os.WriteFile(record, bytes.ReplaceAll(data, []byte(from), []byte(dir)), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir, original.id
}

// runProgram runs the program, in a project that is left for the other tests.
func runProgram(t *testing.T, py testpy.Python) (id, folder string) {
	t.Helper()
	dir, err := os.MkdirTemp("", "cantil-web-")
	if err != nil {
		t.Fatal(err)
	}
	leftovers = append(leftovers, dir)
	if err := os.Mkdir(filepath.Join(dir, ".cantil"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "prog.py"), []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	result, err := app.Run(ctx, app.RunOptions{Traceback: true, Keep: []string{"secret"}, Quiet: true, Launch: app.Launch{
		Python: py.Path, Program: "prog.py", Dir: dir, Env: os.Environ(), Argv: []string{"cantil", "run", "prog.py"}, TTY: "never", Say: func(line string) { t.Log(line) },
	}})
	if err != nil {
		t.Fatal(err)
	}
	if result.Code != 1 {
		t.Fatalf("the program ended with code %d, want 1", result.Code)
	}
	return result.ID, result.Dir
}

// leftovers are folders that go when all tests have ended.
var leftovers []string
