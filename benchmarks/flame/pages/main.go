// Command pages writes pages of profile/flame into a folder, for benchmarks/flame and testing/browser:
//
//	go run ./benchmarks/flame/pages FOLDER NAME...
//
// -h lists the names. Equal names give equal pages.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/cantil-py/cantil/benchmarks/bigprof"
	"github.com/cantil-py/cantil/profile/flame"
	"github.com/cantil-py/cantil/profile/pstats"
)

const millionNodes = 1_000_000

// page is one that can be written.
type page struct {
	name, what string
	make       func() (*flame.Page, error)
}

func pages() []page {
	return []page{
		{"small", "a sampled program of two processes and three threads, with a source", small},
		{"compared", "the same before and after a change", compared},
		{"exact", "a small profile of cProfile", func() (*flame.Page, error) { return exact(bigprof.Options{Functions: 300, Edges: 1200, Seed: 7}) }},
		{"exact-large", "a profile of cProfile with a million pairs of caller and function", func() (*flame.Page, error) { return exact(bigprof.Large()) }},
		{"hostile", "names with markup, and one of a megabyte", hostile},
		{"deep", "a stack of 100,000 calls", deep},
		{"empty", "no samples at all", empty},
		{"million", "a sampled profile with a million nodes", million},
	}
}

func main() {
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: pages [-served] [-rows] FOLDER NAME...")
		for _, p := range pages() {
			fmt.Fprintf(os.Stderr, "  %-12s %s\n", p.name, p.what)
		}
	}
	served := flag.Bool("served", false, "also as a server gives them out")
	rivals := flag.String("rivals", "", "a folder of node_modules: only write the million nodes for speedscope and d3-flame-graph")
	rows := flag.Bool("rows", false, "also small.rows, the figures of its functions as profile/stacks has them")
	flag.Parse()
	if flag.NArg() < 2 && (*rivals == "" || flag.NArg() < 1) {
		flag.Usage()
		os.Exit(2)
	}
	if *rivals != "" {
		if err := writeRivals(flag.Arg(0), *rivals); err != nil {
			fmt.Fprintln(os.Stderr, "pages:", err)
			os.Exit(1)
		}
		return
	}
	if err := run(flag.Arg(0), flag.Args()[1:], *served, *rows); err != nil {
		fmt.Fprintln(os.Stderr, "pages:", err)
		os.Exit(1)
	}
}

func run(folder string, names []string, served, rows bool) error {
	for _, name := range names {
		if err := write(folder, name); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if served {
		if err := writeServed(folder, names[0]); err != nil {
			return err
		}
	}
	if rows {
		return os.WriteFile(filepath.Join(folder, "small.rows"), []byte(smallRows()), 0o644)
	}
	return nil
}

// write writes NAME.html, the page in one file, and NAME.json, its data alone.
func write(folder, name string) error {
	at := slices.IndexFunc(pages(), func(p page) bool { return p.name == name })
	if at < 0 {
		return fmt.Errorf("there is no such page; -h lists them")
	}
	made, err := pages()[at].make()
	if err != nil {
		return err
	}
	var whole, data bytes.Buffer
	if err := made.Write(&whole); err != nil {
		return err
	}
	if err := made.WriteData(&data); err != nil {
		return err
	}
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path+".html", whole.Bytes(), 0o644); err != nil {
		return err
	}
	return os.WriteFile(path+".json", data.Bytes(), 0o644)
}

// writeServed writes the page as a server gives it out: NAME-served.html, which loads NAME.json and what is in assets.
func writeServed(folder, name string) error {
	shell, err := flame.Shell(name, "assets", name+".json")
	if err != nil {
		return err
	}
	if err := os.CopyFS(filepath.Join(folder, "assets"), flame.Assets()); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, name+"-served.html"), shell, 0o644)
}

func million() (*flame.Page, error) {
	return flame.New("a million nodes", flame.Sampled("million.pb.gz", wide(millionNodes)))
}

// exact is a page of a generated profile file.
func exact(o bigprof.Options) (*flame.Page, error) {
	var file bytes.Buffer
	if err := bigprof.Write(&file, o); err != nil {
		return nil, err
	}
	stats, err := pstats.Read(file.Bytes(), pstats.Source{Path: "big.prof"})
	if err != nil {
		return nil, err
	}
	return flame.New("", flame.Exact("big.prof", stats))
}
