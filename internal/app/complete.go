package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/cantil-py/cantil/python/argspec"
)

const (
	// completeWait is how long Tab waits for a program that is not known yet: a small one is read in 100 ms.
	completeWait = 600 * time.Millisecond
	completePoll = 10 * time.Millisecond
	// completeAgain is after which time a program that could not be read is tried again.
	completeAgain = time.Minute
)

// Candidate is one way to complete an argument.
type Candidate = argspec.Candidate

// CompleteArgs tells how a program's argument that begins with current may go on. A program that is known costs some milliseconds; another one
// is read by a cantil of its own, which is waited for only a moment. files says that the name of a file may stand there.
func CompleteArgs(ctx context.Context, opts ArgsOptions, before []string, current string) (list []Candidate, files bool, err error) {
	p, done, err := opts.program(ctx)
	if err != nil {
		return nil, false, err
	}
	defer done()
	cache := argspec.Cache{Dir: p.Home}
	spec, err := cache.Lookup(p)
	if errors.Is(err, fs.ErrNotExist) && opts.readInBackground(p.Home) {
		for end := time.Now().Add(completeWait); err != nil && time.Now().Before(end); time.Sleep(completePoll) {
			if spec, err = cache.Lookup(p); err == nil {
				_ = os.Remove(opts.triedFile(p.Home)) // so that it is read again as soon as it changes
			}
		}
	}
	if err != nil {
		return nil, true, err
	}
	list, files = spec.Complete(before, current)
	return list, files, nil
}

// triedFile tells that a program is being read, or could not be.
func (o ArgsOptions) triedFile(home string) string {
	return filepath.Join(home, "tried-"+filepath.Base(o.Program))
}

// readInBackground has the program read by another cantil, unless that was tried a moment ago.
func (o ArgsOptions) readInBackground(home string) bool {
	tried := o.triedFile(home)
	if info, err := os.Stat(tried); err == nil && time.Since(info.ModTime()) < completeAgain {
		return false
	}
	self, err := os.Executable()
	if err != nil || os.WriteFile(tried, nil, 0o600) != nil {
		return false
	}
	argv := []string{"args", "--json"}
	if o.Python != "" {
		argv = append(argv, "--python", o.Python)
	}
	if o.Module {
		argv = append(argv, "-m")
	}
	cmd := exec.Command(self, append(argv, o.Program)...)
	cmd.Env = o.Env
	detach(cmd)
	return cmd.Start() == nil
}

// PythonLine is what a command line of Python runs: the script or module, where its arguments begin, and whether it has one.
func PythonLine(words []string) (opts ArgsOptions, first int, ok bool) {
	for i := 1; i < len(words); i++ {
		switch w := words[i]; {
		case w == "-m" && i+1 < len(words):
			return ArgsOptions{Python: words[0], Module: true, Program: words[i+1]}, i + 2, true
		case w == "-c" || w == "-m" || w == "-":
			return opts, 0, false
		case w == "-X" || w == "-W":
			i++
		case !strings.HasPrefix(w, "-"):
			return ArgsOptions{Python: words[0], Program: w}, i + 1, true
		}
	}
	return opts, 0, false
}
