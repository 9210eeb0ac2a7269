// Command flame measures the flame page: from a profile file to the page, and in a
// headless Chromium how soon a million nodes are drawn, how they are zoomed and panned,
// and in how much memory. From the root of the repository:
//
//	go run ./benchmarks/flame [-rounds 3] [-npm FOLDER] [write] [page] [rivals]
//
// ../README.md tells how, and what came of it.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/cantil-py/cantil/benchmarks/bigprof"
	"github.com/cantil-py/cantil/benchmarks/measure"
	"github.com/cantil-py/cantil/profile/flame"
	"github.com/cantil-py/cantil/profile/pstats"
)

// What was promised.
const (
	mostWriting = 3.0   // seconds, from a profile of a million pairs to its page
	mostDrawn   = 1.5   // seconds, until a million nodes are drawn
	leastFrames = 30.0  // a second
	mostMemory  = 500.0 // megabytes
)

// bench is all that the measurements share.
type bench struct {
	*measure.Frame
	rounds          int
	npm             string
	pages, chromium string
}

func main() {
	b := &bench{}
	flag.IntVar(&b.rounds, "rounds", 3, "how often each is measured")
	flag.StringVar(&b.npm, "npm", "", "the node_modules that have speedscope, d3 and d3-flame-graph, to compare with")
	file := flag.String("write", "", "only write the page of this profile file, to no one; this is what is measured")
	task := func() (bool, error) {
		if *file == "" {
			return false, nil
		}
		return true, write(*file)
	}
	os.Exit(measure.Program{Name: "flame", Task: task, Measure: b.measure}.Main(os.Stdout, os.Stderr))
}

// write does what cantil export --to html does.
func write(file string) error {
	stats, err := pstats.Open(file)
	if err != nil {
		return err
	}
	page, err := flame.New("", flame.Exact(file, stats))
	if err != nil {
		return err
	}
	out, err := os.Create(file + ".html")
	if err != nil {
		return err
	}
	defer out.Close()
	return page.Write(out)
}

func (b *bench) measure(ctx context.Context, f *measure.Frame) (err error) {
	b.Frame = f
	if b.pages, err = f.Build(ctx, "./benchmarks/flame/pages"); err != nil {
		return err
	}
	return measure.Parts(ctx, measure.Part{Name: "write", Measure: b.writing}, measure.Part{Name: "page", Measure: b.page}, measure.Part{Name: "rivals", Measure: b.rivals})
}

// writing measures whole processes, from a profile file to its page.
func (b *bench) writing(ctx context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	file, err := os.Create(b.Path("big.prof"))
	if err != nil {
		return err
	}
	if err := bigprof.Write(file, bigprof.Large()); err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	var seconds, processor []float64
	for range b.rounds {
		cost, err := b.Run(ctx, self, "-write", file.Name())
		if err != nil {
			return err
		}
		seconds, processor = append(seconds, cost.Wall.Seconds()), append(processor, cost.CPU.Seconds())
	}
	b.Section("A .prof of a million pairs of caller and function, as a page")
	spread := measure.SpreadOfAll(seconds)
	b.AtMost("from file to file", spread.Text(2)+" s", spread.Median, mostWriting)
	b.Told("processor time", measure.SpreadOfAll(processor).Text(2)+" s")
	return nil
}

// figures are those that ./chromium prints.
type figures struct {
	Drawn  float64 `json:"drawn_seconds"`
	Zoom   float64 `json:"zoom_frames"`
	Pan    float64 `json:"pan_frames"`
	Slow   float64 `json:"slowest_frame"`
	Memory float64 `json:"peak_megabytes"`
}

func (b *bench) page(ctx context.Context) error {
	names := []string{"million", "exact-large", "deep"}
	if _, err := b.Run(ctx, append([]string{b.pages, b.Dir}, names...)...); err != nil {
		return err
	}
	for _, name := range names {
		all, err := b.look(ctx, "file://"+b.Path(name+".html"))
		if err != nil {
			return err
		}
		b.Section("The page " + name + ", 1920 by 1080, in headless Chromium")
		drawn, zoom, pan, memory := all.of(func(f figures) float64 { return f.Drawn }), all.of(func(f figures) float64 { return f.Zoom }), all.of(func(f figures) float64 { return f.Pan }), all.of(func(f figures) float64 { return f.Memory })
		b.AtMost("drawn after", drawn.Text(2)+" s", drawn.Median, mostDrawn)
		b.AtLeast("pictures a second while zoomed", zoom.Text(0), zoom.Median, leastFrames)
		b.AtLeast("pictures a second while panned", pan.Text(0), pan.Median, leastFrames)
		b.Told("the slowest picture", all.of(func(f figures) float64 { return f.Slow * 1000 }).Text(0)+" ms")
		b.AtMost("most memory of the page's process", memory.Text(0)+" MB", memory.Median, mostMemory)
	}
	return nil
}

// rivals shows the million nodes in speedscope and d3-flame-graph.
func (b *bench) rivals(ctx context.Context) error {
	if b.npm == "" {
		b.Section("Rivals: left out. npm install speedscope d3 d3-flame-graph, and -npm FOLDER/node_modules")
		return nil
	}
	modules, err := filepath.Abs(b.npm)
	if err != nil {
		return err
	}
	if _, err := b.Run(ctx, b.pages, "-rivals", modules, b.Dir); err != nil {
		return err
	}
	speedscope := "file://" + filepath.Join(modules, "speedscope/dist/release/index.html") + "#localProfilePath=" + b.Path("million-speedscope.js")
	if err := b.rival(ctx, "speedscope", speedscope, "-ready", `document.title.includes("train.py")`, "-target", "canvas"); err != nil {
		return err
	}
	return b.rival(ctx, "d3-flame-graph", "file://"+b.Path("million-d3.html"), "-ready", `document.querySelectorAll(".d3-flame-graph g").length > 0`, "-target", "")
}

func (b *bench) rival(ctx context.Context, name, address string, flags ...string) error {
	b.Section("The same million nodes in " + name)
	all, err := b.look(ctx, address, flags...)
	if err != nil {
		b.Told("it does not show them", err.Error())
		return nil
	}
	b.Told("drawn after", all.of(func(f figures) float64 { return f.Drawn }).Text(2)+" s")
	b.Told("pictures a second, zoomed, panned", fmt.Sprintf("%s, %s", all.of(func(f figures) float64 { return f.Zoom }).Text(0), all.of(func(f figures) float64 { return f.Pan }).Text(0)))
	b.Told("most memory of the page's process", all.of(func(f figures) float64 { return f.Memory }).Text(0)+" MB")
	return nil
}

// looks are the figures of all rounds.
type looks []figures

func (l looks) of(figure func(figures) float64) measure.Spread {
	var list []float64
	for _, f := range l {
		list = append(list, figure(f))
	}
	return measure.SpreadOfAll(list)
}

// look opens an address in one Chromium after the other.
func (b *bench) look(ctx context.Context, address string, flags ...string) (looks, error) {
	if b.chromium == "" {
		b.chromium = b.Path("chromium")
		if _, err := b.Run(ctx, "go", "-C", "benchmarks/flame/chromium", "build", "-o", b.chromium, "."); err != nil {
			return nil, err
		}
	}
	var all looks
	for round := range b.rounds {
		var out bytes.Buffer
		if err := b.Output(ctx, &out, append(append([]string{b.chromium}, flags...), address)...); err != nil {
			return nil, err
		}
		var f figures
		if err := json.Unmarshal(out.Bytes(), &f); err != nil {
			return nil, fmt.Errorf("reading the figures of %s: %w", address, err)
		}
		all = append(all, f)
		b.Say(fmt.Sprintf("%s: round %d of %d", filepath.Base(address), round+1, b.rounds))
	}
	return all, nil
}
