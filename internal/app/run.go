package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/cantil-py/cantil/internal/store"
	"github.com/cantil-py/cantil/python/boot"
	"github.com/cantil-py/cantil/python/interp"
	"github.com/cantil-py/cantil/run"
)

// RunOptions are a program to run, and what is kept of it.
type RunOptions struct {
	Launch
	Keep        []string // variables of its __main__
	Traceback   bool     // an uncaught exception, with the locals of its frames
	Timed       []string // functions, as module:qualname
	InScriptDir bool     // its working folder is that of the script
	Out         string   // a template: a copy of its stdout is written there; "" for none
	Quiet       bool     // its output is kept, not shown
}

// RunResult is what became of the program.
type RunResult struct {
	run.Outcome
	ID      string   `json:"id"`
	Dir     string   `json:"folder"`
	Kept    []string `json:"kept,omitempty"`     // files with the variables
	NotKept []string `json:"not_kept,omitempty"` // "name: why"
	Out     string   `json:"output_file,omitempty"`
}

// Run runs a program to its end, shows its output and keeps all there is to keep. A program that fails is
// no error here: its code is in the result. The error is a [NotFound] or [NotExecutable]
// where the program or the Python was at fault.
func Run(ctx context.Context, opts RunOptions) (RunResult, error) {
	if err := opts.check(); err != nil {
		return RunResult{}, err
	}
	python, kept, err := opts.open(ctx)
	if err != nil {
		return RunResult{}, err
	}
	process, err := opts.begin(ctx, python, kept)
	if err != nil {
		return RunResult{}, err
	}
	ended, err := opts.watch(ctx, process, kept)
	if err != nil {
		return RunResult{}, err
	}
	return opts.sum(ended, kept)
}

// check finds what is wrong before anything is started.
func (o *RunOptions) check() error {
	if err := o.Launch.check(); err != nil {
		return err
	}
	if o.Command && o.asked().Wanted() {
		return fmt.Errorf("running %s: variables, tracebacks and timings can be kept of a Python script or module only", o.Program)
	}
	for _, name := range o.Keep {
		if !isIdentifier(name) {
			return fmt.Errorf("keeping %q: that is no name of a variable", name)
		}
	}
	if o.InScriptDir && !o.Module && !o.Command {
		script := o.path(o.Program)
		o.Dir, o.Program = filepath.Dir(script), filepath.Base(script)
	}
	return nil
}

// asked is what the bootstrap must keep, without the folder.
func (o *RunOptions) asked() boot.Watch {
	return boot.Watch{Keep: o.Keep, Traceback: o.Traceback, Timed: o.Timed}
}

// begin starts the program: plainly, unless something of its inside is to be kept.
func (o *RunOptions) begin(ctx context.Context, python interp.Interpreter, kept *store.Run) (*run.Process, error) {
	watch := o.asked()
	switch {
	case o.Command:
		return o.start(ctx, append([]string{o.called}, o.Args...), o.Env, kept)
	case !watch.Wanted():
		return o.start(ctx, boot.PlainCommand(o.program(python)), o.Env, kept)
	}
	home, err := boot.Install(kept.Boot())
	if err != nil {
		return nil, err
	}
	watch.Folder = kept.Dir
	argv, env := boot.WatchCommand(home, watch, o.program(python), o.Env)
	return o.start(ctx, argv, env, kept)
}

// watch shows the output until the program has ended.
func (o *RunOptions) watch(ctx context.Context, process *run.Process, kept *store.Run) (run.Outcome, error) {
	timings := o.tellTimings(kept)
	defer timings.stop()
	if o.Quiet {
		return o.follow(ctx, process, nil, nil)
	}
	return o.follow(ctx, process, o.Stdout, o.Stderr)
}

// sum gathers what was kept.
func (o *RunOptions) sum(ended run.Outcome, kept *store.Run) (RunResult, error) {
	result := RunResult{Outcome: ended, ID: kept.ID, Dir: kept.Dir}
	if len(o.Keep) > 0 {
		result.readKept(o.Keep, kept)
	}
	if o.Out == "" {
		return result, nil
	}
	var err error
	result.Out, err = o.copyOutput(kept)
	return result, err
}

// readKept reads what the bootstrap says of the variables.
func (r *RunResult) readKept(names []string, kept *store.Run) {
	var report struct {
		Variables []struct{ Name, File, Error string }
	}
	data, err := os.ReadFile(kept.Path(filepath.Join("kept", "report.json")))
	if err == nil {
		err = json.Unmarshal(data, &report)
	}
	if err != nil {
		r.NotKept = []string{strings.Join(names, ", ") + ": the program was ended before they could be kept"}
		return
	}
	for _, v := range report.Variables {
		if v.File != "" {
			r.Kept = append(r.Kept, kept.Path(filepath.Join("kept", v.File)))
		} else {
			r.NotKept = append(r.NotKept, v.Name+": "+v.Error)
		}
	}
}

// stdout is the path of what the program printed.
func (r *RunResult) stdout() string { return filepath.Join(r.Dir, run.StdoutFile) }

// How says how the program ended, in words; "" if by itself.
func (r *RunResult) How() string {
	switch {
	case r.Status == run.TimedOut && r.Killed:
		return "its time was up; it did not end when asked, and was killed"
	case r.Status == run.TimedOut:
		return "its time was up; it was ended"
	case r.Status == run.Stopped && r.Killed:
		return "it was stopped, and had to be killed"
	case r.Status == run.Stopped:
		return "it was stopped"
	case r.Status == run.Signalled:
		return r.Signal + " ended it"
	}
	return ""
}

// ShowOutput writes the output of a run that has ended, in the order in which it came.
func (r *RunResult) ShowOutput(ctx context.Context, stdout, stderr io.Writer) error {
	return run.Follow(ctx, r.Dir, stdout, stderr, nil)
}

// isIdentifier says whether text can be the name of a variable.
func isIdentifier(text string) bool {
	for i, c := range text {
		if c != '_' && !unicode.IsLetter(c) && (i == 0 || !unicode.IsNumber(c)) {
			return false
		}
	}
	return text != ""
}
