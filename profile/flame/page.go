package flame

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/cantil-py/cantil/profile/diff"
)

// Page is one profile, or two to be compared, and the sources that were added.
type Page struct {
	title    string
	profiles []*Profile
	partners map[function]function // of the functions of before, as they are called after
	sources  []sourceData
}

// New makes a page of one profile, or of two: before and after. Profiles that cannot be
// compared, as sampled with exact, are an error of package profile/diff.
func New(title string, profiles ...*Profile) (*Page, error) {
	p := &Page{title: title, profiles: profiles}
	switch len(profiles) {
	case 1:
		return p, nil
	case 2:
		partners, err := match(profiles[0], profiles[1])
		p.partners = partners
		return p, err
	}
	return nil, errors.New("a page shows one profile, or two")
}

// match finds what the functions of before are called after, where that is not the same.
func match(before, after *Profile) (map[function]function, error) {
	d, err := diff.Compare([]diff.Profile{before.compared()}, []diff.Profile{after.compared()}, diff.Options{AsTimed: true})
	if err != nil {
		return nil, fmt.Errorf("comparing %s with %s: %w", before.name, after.name, err)
	}
	partners := map[function]function{}
	for _, row := range d.Rows {
		if row.Before != nil && row.After != nil && *row.Before != *row.After {
			partners[key(*row.Before)] = key(*row.After)
		}
	}
	return partners, nil
}

// key is a function without its kind, with the file that profile/diff has for built-ins.
func key(f diff.Func) function { return function{name: f.Name, file: f.File, line: f.Line} }

// pageData is what the page shows, as its scripts take it.
type pageData struct {
	Title     string        `json:"title"`
	Strings   []string      `json:"strings"`
	Functions functionsData `json:"functions"`
	Profiles  []profileData `json:"profiles"`
	Sources   []sourceData  `json:"sources"`
}

// functionsData has all functions of the page; names and files are places in Strings.
type functionsData struct {
	Count int    `json:"count"`
	Name  column `json:"name"`
	File  column `json:"file"`
	Line  column `json:"line"`
	Kind  column `json:"kind"`
}

type profileData struct {
	Name      string       `json:"name"`
	Sampled   bool         `json:"sampled"`
	Timed     bool         `json:"timed"`
	Period    float64      `json:"period"`
	Notes     []string     `json:"notes"`
	Threads   []threadData `json:"threads"`
	FuncCount int          `json:"funcCount"`
	Funcs     column       `json:"funcs"` // the page's number of each function of the profile
	Nodes     nodesData    `json:"nodes"`
	Samples   *samplesData `json:"samples,omitempty"`
	Exact     *exactData   `json:"exact,omitempty"`
}

// WriteData writes what the page shows, as JSON in which no "<" stands by itself: it may
// be put into a page.
func (p *Page) WriteData(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(true)
	if err := encoder.Encode(p.data()); err != nil {
		return fmt.Errorf("writing the data of a page: %w", err)
	}
	return nil
}

func (p *Page) data() pageData {
	data := pageData{Title: p.shownTitle(), Sources: append([]sourceData{}, p.sources...)}
	table := functionTable{known: map[function]int{}, compared: len(p.profiles) > 1}
	for i, profile := range p.profiles {
		partners := p.partners
		if i > 0 {
			partners = nil
		}
		data.Profiles = append(data.Profiles, profile.data(&table, partners))
	}
	data.Functions, data.Strings = table.data, append([]string{}, table.texts.list...)
	return data
}

func (p *Profile) data(table *functionTable, partners map[function]function) profileData {
	data := profileData{
		Name: p.name, Sampled: p.sampled, Timed: p.timed, Period: p.period,
		Notes: append([]string{}, p.notes...), Threads: append([]threadData{}, p.threads...),
		FuncCount: len(p.funcs), Nodes: p.nodes, Samples: p.samples, Exact: p.exact,
	}
	for _, f := range p.funcs {
		data.Funcs.add(int64(table.number(f, partners)))
	}
	return data
}

// shownTitle is the page's, or the name of the profile that it is about.
func (p *Page) shownTitle() string { return cmp.Or(p.title, p.profiles[len(p.profiles)-1].name) }
