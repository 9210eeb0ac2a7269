package boot

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
)

const (
	// watchVariable carries a Watch to the bootstrap, which takes it away at once.
	watchVariable = "CANTIL_WATCH"
	watchFile     = "cantil_run.py"
)

// Watch is what is kept of a program that is run without the profiler. What each leaves in
// Folder is described in docs/formats/run-folder.md.
type Watch struct {
	Folder    string   `json:"folder"`    // the run's, absolute
	Keep      []string `json:"keep"`      // variables of __main__, pickled on every way out: kept/
	Traceback bool     `json:"traceback"` // an uncaught exception, with the locals of its frames: traceback.json
	Timed     []string `json:"timed"`     // functions whose calls are timed, as module:qualname; without a module those of __main__: timings.jsonl
}

// Wanted says whether anything is asked for: if not, the program is better started plainly.
func (w Watch) Wanted() bool { return len(w.Keep) > 0 || w.Traceback || len(w.Timed) > 0 }

// WatchCommand is the command line and environment that run p, not profiled, with the
// bootstrap in home keeping what w asks for. environ is what the program is to find.
func WatchCommand(home string, w Watch, p Program, environ []string) (argv, env []string) {
	w.Keep, w.Timed = append([]string{}, w.Keep...), append([]string{}, w.Timed...) // null is no list
	options, _ := json.Marshal(w)                                                   // strings always can be
	for _, v := range environ {
		if !strings.HasPrefix(v, watchVariable+"=") {
			env = append(env, v)
		}
	}
	return commandLine(filepath.Join(home, watchFile), p), append(env, watchVariable+"="+string(options))
}

// PlainCommand is the command line that starts p as a user would.
func PlainCommand(p Program) []string {
	if p.Module {
		return append([]string{p.Python, "-m", p.Name}, p.Args...)
	}
	name := p.Name
	if strings.HasPrefix(name, "-") {
		name = "." + string(os.PathSeparator) + name // a script, not an option of Python
	}
	return append([]string{p.Python, name}, p.Args...)
}

// commandLine starts p by way of a file of ours.
func commandLine(start string, p Program) []string {
	kind := "--"
	if p.Module {
		kind = "-m"
	}
	return append([]string{p.Python, start, kind, p.Name}, p.Args...)
}
