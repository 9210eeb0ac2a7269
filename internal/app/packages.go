package app

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/cantil-py/cantil/internal/store"
)

// packagesFile has what was installed before and after a run of pip, see
// docs/formats/run-folder.md.
const packagesFile = "packages.json"

// Package is an installed distribution.
type Package struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// PackageChange is what became of a package: installed, where From is "", removed, where To is.
type PackageChange struct {
	Name string `json:"name"`
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
}

// String tells it as a sentence without an end.
func (c PackageChange) String() string {
	switch {
	case c.From == "":
		return fmt.Sprintf("%s %s was installed", c.Name, c.To)
	case c.To == "":
		return fmt.Sprintf("%s %s was removed", c.Name, c.From)
	}
	return fmt.Sprintf("%s %s became %s", c.Name, c.From, c.To)
}

// RunPackages is packages.json.
type RunPackages struct {
	Before []Package `json:"before"`
	After  []Package `json:"after"` // nil until pip has ended
}

// Changes are the differences, by name. There are none where pip has not ended.
func (p *RunPackages) Changes() []PackageChange {
	changes := []PackageChange{}
	if p.After == nil {
		return changes
	}
	before, after := byName(p.Before), byName(p.After)
	for key, was := range before {
		if is := after[key]; is.Version != was.Version {
			changes = append(changes, PackageChange{was.Name, was.Version, is.Version})
		}
	}
	for key, is := range after {
		if _, known := before[key]; !known {
			changes = append(changes, PackageChange{is.Name, "", is.Version})
		}
	}
	slices.SortFunc(changes, func(a, b PackageChange) int { return strings.Compare(a.Name, b.Name) })
	return changes
}

// byName is the packages under their names as pip compares them: My_Package is my-package.
func byName(list []Package) map[string]Package {
	named := map[string]Package{}
	for _, p := range list {
		named[strings.ToLower(dashes().ReplaceAllString(p.Name, "-"))] = p
	}
	return named
}

var dashes = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[-_.]+`) })

// installation is what a Python says of itself.
type installation struct {
	Pip       bool      `json:"pip"`       // it has pip
	Ensurepip bool      `json:"ensurepip"` // it could make one
	Managed   bool      `json:"managed"`   // by the system's package manager, so that pip refuses to install
	Packages  []Package `json:"packages"`
}

// installation asks the Python what is installed.
func (a Asked) installation(ctx context.Context) (installation, error) {
	lines, err := a.ask(ctx, askPackages, "pip")
	if err != nil {
		return installation{}, err
	}
	found := installation{Packages: []Package{}}
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &found); err != nil {
		return installation{}, fmt.Errorf("asking %s what is installed: %w", a.Python, err)
	}
	return found, nil
}

// write keeps the packages in the run's folder.
func (p *RunPackages) write(kept *store.Run) error { return kept.WriteJSON(packagesFile, p) }
