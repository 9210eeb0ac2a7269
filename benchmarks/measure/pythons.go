package measure

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
)

// The minor versions of CPython 3 that cantil supports.
const oldestMinor, newestMinor = 6, 14

// notFound is cantil's exit code where there is no such Python.
const notFound = 127

// Python is an interpreter.
type Python struct {
	Path    string // absolute
	Version string // "3.13.0"
	Minor   int
}

// Pythons are those that `cantil profile --python 3.x` takes, the oldest first.
func (l *Lab) Pythons(ctx context.Context) ([]Python, error) {
	var list []Python
	for minor := oldestMinor; minor <= newestMinor; minor++ {
		python, err := l.Python(ctx, minor)
		var exit *exec.ExitError
		if errors.As(err, &exit) && exit.ExitCode() == notFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		list = append(list, python)
	}
	if len(list) == 0 {
		return nil, errors.New("cantil finds no CPython 3 to measure with")
	}
	return list, nil
}

// Python is the one that `cantil profile --python 3.MINOR` takes. What is measured is
// the program as its users have it, so it is the program that is asked.
func (l *Lab) Python(ctx context.Context, minor int) (Python, error) {
	script, err := l.Write("where.py", "import sys\nprint('%d.%d.%d' % sys.version_info[:3], sys.executable)\n")
	if err != nil {
		return Python{}, err
	}
	var out bytes.Buffer
	err = l.Output(ctx, &out, l.Cantil, "profile", "--python", fmt.Sprintf("3.%d", minor), script)
	if err != nil {
		return Python{}, fmt.Errorf("asking for Python 3.%d: %w", minor, err)
	}
	line, _, _ := strings.Cut(out.String(), "\n")
	version, path, _ := strings.Cut(line, " ")
	return Python{Path: path, Version: version, Minor: minor}, nil
}
