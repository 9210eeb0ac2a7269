// Package measure runs programs against each other and tells whether promises are
// kept. Call [Program.Main] from main. It gives a [Lab], a folder with a freshly built
// cantil, whose [Lab.Run] tells the cost of one run, and a [Report] for the verdicts;
// [Spread] is the middle of many costs.
//
// Two programs that are compared run in turns, so that a busy machine is as unkind
// to the one as to the other. Beside the time on the clock stands the processor
// time, which hardly depends on what else runs.
package measure

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

const (
	// patience bounds one run: the slowest, CPython's pstats on the largest profile of a busy machine, takes a minute.
	patience = 10 * time.Minute
	// mostStderr is what is shown of a program that failed.
	mostStderr = 2 << 10
)

// Lab is a folder to measure in. It lies in the repository's build folder, for that is
// on the disk where people keep their projects, and syncing to the disk has its price.
type Lab struct {
	Dir    string // absolute
	Cantil string // the program, built from this repository
	env    []string
}

// Open makes a Lab below the working folder, which is the root of the repository.
func Open(ctx context.Context) (*Lab, error) {
	if err := os.MkdirAll("build", 0o755); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("build", "bench-")
	if err != nil {
		return nil, err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, err
	}
	lab := &Lab{Dir: dir, env: append(os.Environ(), "CANTIL_DIR="+dir)}
	if lab.Cantil, err = lab.Build(ctx, "./cmd/cantil"); err != nil {
		lab.Close()
		return nil, fmt.Errorf("building from the root of cantil's repository: %w", err)
	}
	return lab, nil
}

// Close removes the folder.
func (l *Lab) Close() { _ = os.RemoveAll(l.Dir) } // what is left lies in build, which may be deleted

// Build builds a command of this repository into the folder and returns its path.
func (l *Lab) Build(ctx context.Context, pkg string) (string, error) {
	path := l.Path(filepath.Base(pkg))
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", path, pkg)
	cmd.Env = append(l.env, "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build %s: %w\n%s", pkg, err, out)
	}
	return path, nil
}

// Path is the path of a file in the folder.
func (l *Lab) Path(name string) string { return filepath.Join(l.Dir, name) }

// Runs is the folder of the runs that cantil keeps here.
func (l *Lab) Runs() string { return l.Path("runs") }

// Write makes a file in the folder and returns its path.
func (l *Lab) Write(name, text string) (string, error) {
	return l.Path(name), os.WriteFile(l.Path(name), []byte(text), 0o600)
}

// Cost is what one run of a program took.
type Cost struct {
	Wall time.Duration // from before its start to after its end
	CPU  time.Duration // user and system time of it and the children it waited for
	Peak int64         // the most memory resident, in bytes; never below our own, see [OwnPeak]
}

// Run runs argv with its output thrown away. A program that fails is an error.
func (l *Lab) Run(ctx context.Context, argv ...string) (Cost, error) {
	return l.run(ctx, nil, argv) // no writer is the null device itself, without a pipe
}

// Output runs argv and copies to w what it prints.
func (l *Lab) Output(ctx context.Context, w io.Writer, argv ...string) error {
	_, err := l.run(ctx, w, argv)
	return err
}

func (l *Lab) run(ctx context.Context, stdout io.Writer, argv []string) (Cost, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	// Not through a pipe: a goroutine of ours that reads it would take its time too.
	stderr, err := os.Create(l.Path("stderr"))
	if err != nil {
		return Cost{}, err
	}
	defer stderr.Close()
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Env, cmd.Stdout, cmd.Stderr = l.env, stdout, stderr
	began := time.Now()
	err = cmd.Run()
	wall := time.Since(began)
	if err != nil {
		return Cost{}, fmt.Errorf("running %s: %w\n%s", strings.Join(argv, " "), err, beginning(stderr.Name()))
	}
	state := cmd.ProcessState
	return Cost{Wall: wall, CPU: state.UserTime() + state.SystemTime(), Peak: peak(state)}, nil
}

func beginning(path string) []byte {
	data, err := os.ReadFile(path)
	if err != nil {
		return []byte(err.Error())
	}
	return data[:min(len(data), mostStderr)]
}

// Pair runs a and b in turns, rounds times, the one that begins changing from round
// to round, and returns their costs. say hears of every round.
func (l *Lab) Pair(ctx context.Context, rounds int, a, b []string, say func(string)) (as, bs []Cost, err error) {
	for round := range rounds {
		order := []struct {
			argv []string
			to   *[]Cost
		}{{a, &as}, {b, &bs}}
		if round%2 == 1 {
			slices.Reverse(order)
		}
		for _, one := range order {
			cost, err := l.Run(ctx, one.argv...)
			if err != nil {
				return nil, nil, err
			}
			*one.to = append(*one.to, cost)
		}
		say(fmt.Sprintf("round %d of %d", round+1, rounds))
	}
	return as, bs, nil
}

// Spread is the middle of figures, and how far they reach.
type Spread struct{ Median, Min, Max float64 }

// SpreadOf is the spread of what of gives for each pair of a and b, which are as long.
func SpreadOf(a, b []Cost, of func(a, b Cost) float64) Spread {
	list := make([]float64, len(a))
	for i := range a {
		list[i] = of(a[i], b[i])
	}
	return SpreadOfAll(list)
}

// SpreadOfAll is the spread of the figures in list. Of none it is NaN, which keeps no promise.
func SpreadOfAll(list []float64) Spread {
	if len(list) == 0 {
		return Spread{math.NaN(), math.NaN(), math.NaN()}
	}
	list = slices.Sorted(slices.Values(list))
	n := len(list)
	return Spread{(list[(n-1)/2] + list[n/2]) / 2, list[0], list[n-1]}
}

// Text is the spread with decimals after the point: "52.1 (49.0 to 56.3)".
func (s Spread) Text(decimals int) string {
	return fmt.Sprintf("%.*f (%.*f to %.*f)", decimals, s.Median, decimals, s.Min, decimals, s.Max)
}

// ErrNotKept is the end of a report with a promise that was not kept.
var ErrNotKept = errors.New("a promise was not kept")

// Report prints verdicts and remembers whether all were good.
type Report struct {
	Out    io.Writer
	broken bool
}

// Section begins a list of verdicts.
func (r *Report) Section(title string) { fmt.Fprintf(r.Out, "\n%s\n\n", title) }

// AtLeast and AtMost tell a figure and what was promised of it.
func (r *Report) AtLeast(what, told string, figure, promised float64) {
	r.verdict(what, told, fmt.Sprintf("at least %.3g", promised), figure >= promised)
}

// AtMost is AtLeast for figures that are better low.
func (r *Report) AtMost(what, told string, figure, promised float64) {
	r.verdict(what, told, fmt.Sprintf("at most %.3g", promised), figure <= promised)
}

// Told tells a figure of which nothing was promised.
func (r *Report) Told(what, told string) { fmt.Fprintf(r.Out, "  %-38s %s\n", what, told) }

func (r *Report) verdict(what, told, promise string, kept bool) {
	word := "kept"
	if !kept {
		word, r.broken = "NOT KEPT", true
	}
	r.Told(what, fmt.Sprintf("%-28s promised: %s: %s", told, promise, word))
}

// End is ErrNotKept if strict is set and a promise was broken.
func (r *Report) End(strict bool) error {
	if strict && r.broken {
		return ErrNotKept
	}
	return nil
}
