package web

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/cantil-py/cantil/internal/app"
)

// list has every page and every answer, each a call of internal/app.
func (p *pages) list() []page {
	return []page{
		{"/runs", "Runs", "runs.html", func(*http.Request) (any, error) { return p.site.All() }},
		{"/run", "Run", "run.html", p.run},
		{"/compare", "Compare", "compare.html", p.compare},
		{"/launch", "Launch", "launch.html", p.launch},
		{"/value", "Value", "value.html", p.value},
		{"/output", "", "", p.output},
		{"/search", "", "", p.search},
		{"/profile", "", "", p.profile},
	}
}

// actions has all that changes something.
func (p *pages) actions() []action {
	return []action{
		{"/run/stop", p.stop},
		{"/run/tag", p.tag},
		{"/launch/form", p.form},
		{"/launch/check", p.check},
		{"/launch/start", p.startRun},
	}
}

// runPage is the page of a run.
type runPage struct {
	app.RunDetails
	Facts []app.RunFact `json:"facts"`
	Over  bool          `json:"over"`
	Again string        `json:"again,omitempty"` // the program's key, if it can be started from here
}

func (p *pages) run(r *http.Request) (any, error) {
	id := r.FormValue("id")
	details, err := p.site.Details(id)
	if err != nil {
		return nil, err
	}
	again, _ := p.site.Again(id)
	return runPage{details, details.Facts(), app.Over(details.RunEntry), again}, nil
}

func (p *pages) compare(r *http.Request) (any, error) {
	return p.site.Compare(r.URL.Query()["before"], r.URL.Query()["after"])
}

// launchPage is what can be started; of a run that is to be started again, with its arguments.
type launchPage struct {
	Programs []app.SiteProgram `json:"programs"`
	Chosen   string            `json:"chosen,omitempty"`
	Line     string            `json:"line"`
}

func (p *pages) launch(r *http.Request) (any, error) {
	programs, err := p.site.Programs()
	if err != nil {
		return nil, err
	}
	data := launchPage{Programs: programs, Chosen: r.FormValue("program")}
	if id := r.FormValue("run"); id != "" {
		data.Chosen, data.Line = p.site.Again(id)
	}
	return data, nil
}

func (p *pages) value(r *http.Request) (any, error) {
	if id := r.FormValue("id"); id != "" {
		return p.site.Value(id, r.FormValue("file"))
	}
	place, err := number(r, "place", 0)
	if err != nil {
		return nil, err
	}
	return p.site.FileValue(place)
}

func (p *pages) output(r *http.Request) (any, error) {
	e, err := p.site.Run(r.FormValue("id"))
	if err != nil {
		return nil, err
	}
	from, err := number(r, "from", 0)
	if err != nil {
		return nil, err
	}
	count, err := number(r, "count", 200)
	if err != nil {
		return nil, err
	}
	return p.site.Output(e).Part(r.Context(), app.Over(e), from, count)
}

func (p *pages) search(r *http.Request) (any, error) {
	e, err := p.site.Run(r.FormValue("id"))
	if err != nil {
		return nil, err
	}
	return p.site.Output(e).Search(r.Context(), app.Over(e), r.FormValue("text"))
}

func (p *pages) profile(r *http.Request) (any, error) {
	details, err := p.site.Details(r.FormValue("id"))
	if err != nil {
		return nil, err
	}
	return details.ProfileTable()
}

// number is a whole number in the address.
func number(r *http.Request, name string, missing int) (int, error) {
	text := r.FormValue(name)
	if text == "" {
		return missing, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, &app.BadInput{Err: fmt.Errorf("%s: %.40q is no number", name, text)}
	}
	return n, nil
}

// which is an action on one run.
type which struct {
	ID string `json:"id"`
}

func (p *pages) stop(r *http.Request) (any, error) {
	asked, err := sent[which](r)
	if err != nil {
		return nil, err
	}
	e, err := p.site.Run(asked.ID)
	if err != nil {
		return nil, err
	}
	return p.site.Stop(r.Context(), e)
}

func (p *pages) tag(r *http.Request) (any, error) {
	asked, err := sent[struct {
		ID     string   `json:"id"`
		Add    []string `json:"add"`
		Remove []string `json:"remove"`
	}](r)
	if err != nil {
		return nil, err
	}
	e, err := p.site.Run(asked.ID)
	if err != nil {
		return nil, err
	}
	tags, err := p.site.Tag(e, asked.Add, asked.Remove)
	if err != nil {
		return nil, &app.BadInput{Err: err}
	}
	return map[string][]string{"tags": tags}, nil
}

func (p *pages) form(r *http.Request) (any, error) {
	asked, err := sent[app.LaunchRequest](r)
	if err != nil {
		return nil, err
	}
	return p.site.Form(r.Context(), asked.Program)
}

func (p *pages) check(r *http.Request) (any, error) {
	asked, err := sent[app.LaunchRequest](r)
	if err != nil {
		return nil, err
	}
	return p.site.Check(r.Context(), asked)
}

// started is a run that was started, or why it was not.
type started struct {
	ID string `json:"id,omitempty"`
	app.LaunchCheck
}

func (p *pages) startRun(r *http.Request) (any, error) {
	asked, err := sent[app.LaunchRequest](r)
	if err != nil {
		return nil, err
	}
	id, check, err := p.site.Launch(r.Context(), asked)
	return started{id, check}, err
}
