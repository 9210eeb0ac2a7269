package app

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/cantil-py/cantil/internal/store"
	"github.com/cantil-py/cantil/profile/parts"
	"github.com/cantil-py/cantil/profile/pstats"
	"github.com/cantil-py/cantil/python/interp"
	"github.com/cantil-py/cantil/run"
)

const (
	// patience is how long processes that outlive the program have to save their last part.
	patience = time.Second
	// mostPartFiles bounds the parts written as profiles of their own, each synced to the disk;
	// all are in the merged one.
	mostPartFiles = 64
)

// gathered is the profile of a run: merged, and the parts it was merged from.
type gathered struct {
	path      string // of the merged profile, as it is told to the user
	merged    *pstats.Stats
	processes []parts.Process
	threads   [][]*pstats.Stats // of each process
}

// gather merges what the processes of the run left, keeps the result in the run's
// folder, and tells what is not as it should be.
func (o *ProfileOptions) gather(kept *store.Run, python interp.Interpreter, ended run.Outcome) (gathered, error) {
	processes, err := waitForParts(kept.Parts())
	if err != nil {
		o.Say(err.Error()) // what could be read is shown all the same
	}
	g := gathered{processes: withoutHelpers(processes)}
	if len(g.processes) == 0 {
		o.Say(noProfile(ended, python.Path))
		return g, nil
	}
	rename := o.typedNames()
	var all []*pstats.Stats
	for i := range g.processes {
		threads := statsOf(&g.processes[i], rename)
		g.threads = append(g.threads, threads)
		all = append(all, threads...)
	}
	if g.merged, err = merge(all); err != nil {
		return g, err
	}
	o.tellProcesses(g.processes, ended)
	return g, o.keep(&g, kept)
}

// waitForParts reads the parts, and again while a process that began is still to save.
func waitForParts(dir string) ([]parts.Process, error) {
	deadline := time.Now().Add(patience)
	for pause := 2 * time.Millisecond; ; pause *= 2 {
		processes, err := parts.Read(dir)
		if !anyRunning(processes) || time.Now().After(deadline) {
			return processes, err
		}
		time.Sleep(pause)
	}
}

func anyRunning(processes []parts.Process) bool {
	for i := range processes {
		if p := &processes[i]; p.Cut() && !p.Helper() && run.Alive(int(p.PID)) {
			return true
		}
	}
	return false
}

func withoutHelpers(processes []parts.Process) []parts.Process {
	var kept []parts.Process
	for _, p := range processes {
		if !p.Helper() {
			kept = append(kept, p)
		}
	}
	return kept
}

// typedNames gives the script the name it was typed with, as cProfile does; Python
// itself has made it absolute, in this process or for its children.
func (o *ProfileOptions) typedNames() func(string) string {
	absolute, err := filepath.Abs(o.path(o.Program))
	return func(file string) string {
		if err == nil && !o.Module && filepath.Clean(file) == absolute {
			return o.Program
		}
		return file
	}
}

func statsOf(p *parts.Process, rename func(string) string) []*pstats.Stats {
	list := make([]*pstats.Stats, len(p.Threads))
	for i := range p.Threads {
		list[i] = p.Threads[i].Stats(rename)
	}
	return list
}

// merge adds profiles into a new one, in their order.
func merge(all []*pstats.Stats) (*pstats.Stats, error) {
	merged := pstats.New(nil)
	backwards := slices.Clone(all) // Add takes the last first
	slices.Reverse(backwards)
	if err := merged.Add(backwards...); err != nil {
		return nil, fmt.Errorf("merging the profiles of the run: %w", err)
	}
	return merged, nil
}

// keep writes the merged profile into the run's folder and where the user asked, and
// each part as a profile of its own where there are several.
func (o *ProfileOptions) keep(g *gathered, kept *store.Run) error {
	if err := kept.WriteFile(profileFile, g.merged.Write); err != nil {
		o.Say(err.Error()) // a full disk: the table is still worth printing
	}
	g.path = o.Short(kept.Path(profileFile))
	g.merged.Sources = []pstats.Source{{Path: g.path, Modified: modified(kept.Path(profileFile))}}
	o.keepParts(g, kept)
	if o.Out != "" {
		return g.merged.WriteFile(o.path(o.Out))
	}
	return nil
}

func (o *ProfileOptions) keepParts(g *gathered, kept *store.Run) {
	if len(g.threads) == 1 && len(g.threads[0]) == 1 {
		return
	}
	written := 0
	for i, threads := range g.threads {
		for j, stats := range threads {
			p := &g.processes[i]
			name := filepath.Join("parts", fmt.Sprintf("%s-%d.prof", p.File, p.Threads[j].Serial))
			stats.Sources = []pstats.Source{{Path: o.Short(kept.Path(name)), Modified: p.Saved}}
			if len(stats.Rows) == 0 || written >= mostPartFiles {
				continue // pstats cannot load a profile without calls
			}
			written++
			if err := kept.WriteFile(name, stats.Write); err != nil {
				o.Say(err.Error())
				return
			}
		}
	}
}

func modified(path string) time.Time {
	if info, err := os.Stat(path); err == nil {
		return info.ModTime()
	}
	return time.Now()
}

// show prints the merged table, or one for each process or thread.
func (o *ProfileOptions) show(g gathered) error {
	if !o.PerThread && !o.PerProcess {
		return o.showOne(o.Stdout, g.merged)
	}
	for i, threads := range g.threads {
		p := &g.processes[i]
		if !o.PerThread {
			merged, err := merge(threads)
			if err != nil {
				return err
			}
			fmt.Fprintf(o.Stdout, "Process %s\n", processTitle(p))
			if err := o.showOne(o.Stdout, merged); err != nil {
				return err
			}
			continue
		}
		for j, stats := range threads {
			fmt.Fprintf(o.Stdout, "Thread %s of process %s\n", p.Threads[j].Name, processTitle(p))
			if err := o.showOne(o.Stdout, stats); err != nil {
				return err
			}
		}
	}
	return nil
}

func (o *ProfileOptions) showOne(w io.Writer, stats *pstats.Stats) error {
	if err := o.View.arrange(stats); err != nil {
		return err
	}
	return o.View.write(w, stats, o.Format)
}
