package web

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/cantil-py/cantil/internal/app"
)

//go:embed assets
var assets embed.FS

//go:embed templates
var templateFiles embed.FS

// page is an address and what is to be seen there: a function of the site, shown by a template, or with .json behind the
// address, as it is.
type page struct {
	path     string
	title    string
	template string // "" for data that has no page of its own
	data     func(r *http.Request) (any, error)
}

// action is something that the person does: a POST, answered by JSON.
type action struct {
	path string
	do   func(r *http.Request) (any, error)
}

// errorTemplate is the page about an error.
const errorTemplate = "error.html"

// pages is all that the guard guards.
type pages struct {
	site      *app.Site
	root      string // what the browser has before every path
	mux       *http.ServeMux
	templates map[string]*template.Template
}

func newPages(site *app.Site) (*pages, error) {
	p := &pages{site: site, mux: http.NewServeMux(), templates: map[string]*template.Template{}}
	p.handle("GET /{$}", p.start)
	p.handle("GET /assets/", p.asset)
	p.handle("GET /file", p.sendFile)
	p.flameRoutes()
	p.handle("GET /events/runs", p.watchRuns)
	p.handle("GET /events/run", p.watchRun)
	if err := p.parse(errorTemplate); err != nil {
		return nil, err
	}
	for _, one := range p.list() {
		if err := p.add(one); err != nil {
			return nil, err
		}
	}
	for _, one := range p.actions() {
		p.handle("POST "+one.path, func(w http.ResponseWriter, r *http.Request) { p.act(w, r, one) })
	}
	return p, nil
}

func (p *pages) handle(pattern string, handler http.HandlerFunc) { p.mux.HandleFunc(pattern, handler) }

// ServeHTTP answers what is there, and tells in a page what is not.
func (p *pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if _, pattern := p.mux.Handler(r); pattern == "" {
		p.fail(w, r, &app.NoRun{Err: errors.New("there is no such page")})
		return
	}
	p.mux.ServeHTTP(w, r)
}

// add makes a page and its twin.
func (p *pages) add(one page) error {
	p.handle("GET "+one.path+".json", func(w http.ResponseWriter, r *http.Request) {
		data, err := one.data(r)
		if err != nil {
			p.fail(w, r, err)
			return
		}
		sendJSON(w, http.StatusOK, data)
	})
	if one.template == "" {
		return nil
	}
	if err := p.parse(one.template); err != nil {
		return err
	}
	p.handle("GET "+one.path, func(w http.ResponseWriter, r *http.Request) {
		data, err := one.data(r)
		if err != nil {
			p.fail(w, r, err)
			return
		}
		p.render(w, http.StatusOK, one.template, shown{Root: p.root, Title: one.title, Site: p.site, Path: one.path, Query: r.URL.Query(), Data: data})
	})
	return nil
}

// shown is what a template is given.
type shown struct {
	Root  string
	Title string
	Path  string
	Query url.Values
	Site  *app.Site
	Data  any
}

func (p *pages) parse(name string) error {
	t, err := template.New("layout.html").Funcs(texts()).ParseFS(templateFiles, "templates/layout.html", "templates/"+name)
	if err != nil {
		return fmt.Errorf("reading the template %s: %w", name, err)
	}
	p.templates[name] = t
	return nil
}

// render sends the whole page or, where the template fails, an error.
func (p *pages) render(w http.ResponseWriter, status int, name string, data shown) {
	var out bytes.Buffer
	if err := p.templates[name].Execute(&out, data); err != nil {
		http.Error(w, "This page cannot be made: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(out.Bytes()) // the browser may be gone
}

// fail tells what went wrong, in the form in which the answer was asked for.
func (p *pages) fail(w http.ResponseWriter, r *http.Request, err error) {
	status := statusOf(err)
	if r.Method == http.MethodPost || strings.HasSuffix(r.URL.Path, ".json") || strings.HasPrefix(r.URL.Path, "/events/") {
		sendJSON(w, status, map[string]string{"error": err.Error()})
		return
	}
	p.render(w, status, errorTemplate, shown{Root: p.root, Title: http.StatusText(status), Site: p.site, Data: err.Error()})
}

// statusOf says whose fault an error is.
func statusOf(err error) int {
	var none *app.NoRun
	var input *app.BadInput
	var profile *app.BadProfile
	var python *app.IncompatiblePython
	var missing *app.NotFound
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &none):
		return http.StatusNotFound
	case errors.As(err, &large):
		return http.StatusRequestEntityTooLarge
	case errors.As(err, &input), errors.As(err, &profile), errors.As(err, &python), errors.As(err, &missing):
		return http.StatusUnprocessableEntity
	}
	return http.StatusInternalServerError
}

func sendJSON(w http.ResponseWriter, status int, data any) {
	text, err := json.Marshal(data)
	if err != nil {
		status, text = http.StatusInternalServerError, []byte(`{"error": "the answer cannot be written as JSON"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // the browser may be gone
}

// act reads what the person filled in, does it, and tells what came of it.
func (p *pages) act(w http.ResponseWriter, r *http.Request, one action) {
	if kind := r.Header.Get("Content-Type"); kind != "application/json" {
		sendJSON(w, http.StatusUnsupportedMediaType, map[string]string{"error": "what is sent must be JSON"})
		return
	}
	data, err := one.do(r)
	if err != nil {
		p.fail(w, r, err)
		return
	}
	sendJSON(w, http.StatusOK, data)
}

// sent reads the body of an action.
func sent[T any](r *http.Request) (v T, err error) {
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&v); err != nil {
		return v, &app.BadInput{Err: fmt.Errorf("reading what was filled in: %w", err)}
	}
	return v, nil
}

// errNoFile is about a part of a page that is not there.
var errNoFile = &app.NoRun{Err: errors.New("there is no such file")}

// assetKind is the type of a file of the pages, by its name; "" for none.
func assetKind(name string) string {
	return map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}[path.Ext(name)]
}

// asset sends a file of the pages themselves.
func (p *pages) asset(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/")
	data, err := fs.ReadFile(assets, name)
	kind := assetKind(name)
	if err != nil || kind == "" {
		p.fail(w, r, errNoFile)
		return
	}
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(data) // the browser may be gone
}

// start leads to what was named on the command line, else to the runs.
func (p *pages) start(w http.ResponseWriter, r *http.Request) {
	to := "/runs"
	files, runs := len(p.site.Files), p.site.Named
	switch {
	case files == 1 && len(runs) == 0:
		to = "/value?place=0"
	case files == 0 && len(runs) == 1:
		to = "/run?" + url.Values{"id": runs}.Encode()
	case files == 0 && len(runs) == 2:
		to = "/compare?" + url.Values{"before": runs[:1], "after": runs[1:]}.Encode()
	}
	http.Redirect(w, r, p.root+to, http.StatusSeeOther)
}
