package web

import (
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/cantil-py/cantil/profile/flame"
)

// flameRoutes are the flame page of package profile/flame: the page, its files and its data.
func (p *pages) flameRoutes() {
	p.handle("GET /flame", p.flameShell)
	p.handle("GET /flame.json", p.flameData)
	p.handle("GET /flame/", p.flameFile)
}

// flamePage is what the address asks for: run=ID, twice for a difference, or place=N of the files that were named.
func (p *pages) flamePage(r *http.Request) (*flame.Page, error) {
	if runs := r.URL.Query()["run"]; len(runs) > 0 {
		return p.site.RunFlame(runs)
	}
	place, err := number(r, "place", 0)
	if err != nil {
		return nil, err
	}
	return p.site.FileFlame(place)
}

func (p *pages) flameShell(w http.ResponseWriter, r *http.Request) {
	page, err := flame.Shell("Profile", p.root+"/flame", p.root+"/flame.json?"+r.URL.RawQuery)
	if err != nil {
		p.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(page) // the browser may be gone
}

func (p *pages) flameData(w http.ResponseWriter, r *http.Request) {
	page, err := p.flamePage(r)
	if err != nil {
		p.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = page.WriteData(w) // the browser may be gone
}

func (p *pages) flameFile(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/flame/")
	kind := assetKind(name)
	data, err := fs.ReadFile(flame.Assets(), name)
	if err != nil || kind == "" || path.Ext(name) == ".html" {
		p.fail(w, r, errNoFile)
		return
	}
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(data) // the browser may be gone
}
