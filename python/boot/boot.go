// Package boot starts Python programs under cantil's bootstrap: a few small Python
// files that make the program the true __main__, profile every thread of it and of
// the Pythons it starts, and save on every way out.
//
// Call [Install] once for a folder to keep the files in, then [Command] for what
// to start. The parts folder then fills with what docs/formats/parts.md describes;
// [Refusal] tells why Python could not be profiled, where that is so. [WatchCommand]
// is for programs that are run without the profiler, but keep variables, tracebacks or timings.
package boot

import (
	"embed"
	"os"
	"path/filepath"
	"strings"
)

//go:embed py/*.py
var sources embed.FS

const (
	// partsVariable tells every Python below the program where its profile goes.
	partsVariable = "CANTIL_PARTS"
	// rootVariable marks the program itself; the bootstrap takes it away at once.
	rootVariable = "CANTIL_ROOT"
	startFile    = "cantil_start.py"
	refusalFile  = "refused"
	maxRefusal   = 4 << 10
	// RefusedCode is the exit code of a Python that could not be profiled; see [Refusal].
	RefusedCode = 125
)

// Program is a Python program as the user names it.
type Program struct {
	Python string // path of the interpreter
	Module bool   // Name is that of a module, as after -m; else a script, folder or zip
	Name   string
	Args   []string
}

// Command is the command line and environment that run p under the bootstrap in home,
// with every profile written to the folder parts (absolute). environ is what the
// program is to find in its environment, as os.Environ gives it.
func Command(home, parts string, p Program, environ []string) (argv, env []string) {
	argv = commandLine(filepath.Join(home, startFile), p)
	path := home
	for _, v := range environ {
		name, value, _ := strings.Cut(v, "=")
		switch name {
		case "PYTHONPATH":
			if value != "" {
				path += string(os.PathListSeparator) + value
			}
		case partsVariable, rootVariable: // of a cantil that runs this one
		default:
			env = append(env, v)
		}
	}
	return argv, append(env, "PYTHONPATH="+path, partsVariable+"="+parts, rootVariable+"=1")
}

// Refusal returns the reason for which Python could not be profiled, if it left one
// in the parts folder. The program has not begun then.
func Refusal(parts string) (reason string, ok bool) {
	data, err := os.ReadFile(filepath.Join(parts, refusalFile))
	if err != nil {
		return "", false
	}
	return string(data[:min(len(data), maxRefusal)]), true
}
