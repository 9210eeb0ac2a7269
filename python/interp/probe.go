package interp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

const (
	// probeTimeout is some 500 times what an interpreter needs: room for a cold network disk.
	probeTimeout = 10 * time.Second
	// probeOutput bounds what is read: the paths of an interpreter are far shorter.
	probeOutput = 64 << 10
	// probeDrain is how long a child that inherited the pipe is waited for, once the interpreter is gone.
	probeDrain = time.Second
)

// Info is what an interpreter says of itself.
type Info struct {
	Version        Version `json:"version"`
	Implementation string  `json:"implementation"` // sys.implementation.name: "cpython", "pypy"
	FreeThreaded   bool    `json:"free_threaded"`  // built without the global lock
	Executable     string  `json:"executable"`     // sys.executable: not a shim's path but the program behind it
	Prefix         string  `json:"prefix"`         // sys.prefix: the virtual environment, else the installation
	BasePrefix     string  `json:"base_prefix"`    // sys.base_prefix: the installation
	Platform       string  `json:"platform"`       // sys.platform: "linux", "darwin", "win32"
}

// probeCode imports nothing but sys, so that no file of the user can be run by it.
const probeCode = `import sys
f = [sys.implementation.name, '%d.%d.%d.%s.%d' % tuple(sys.version_info), str('free-threading build' in sys.version),
     sys.executable or '', sys.prefix, sys.base_prefix, sys.platform]
sys.stdout.buffer.write(b'\0'.join(s.encode('utf-8', 'surrogateescape') for s in f))`

// Probe runs the interpreter at path, isolated and without its site packages, and
// returns what it says. The error is a *UnsupportedError for a Python too old to be asked.
func Probe(ctx context.Context, path string) (Info, error) {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, "-I", "-S", "-c", probeCode)
	cmd.WaitDelay = probeDrain
	stdout, stderr := &bounded{max: probeOutput}, &bounded{max: probeOutput}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	err := cmd.Run()
	if ctx.Err() != nil {
		return Info{}, fmt.Errorf("asking %s for its version: %w", path, ctx.Err())
	}
	if strings.Contains(stderr.String(), "Unknown option: -I") {
		return Info{}, &UnsupportedError{What: "the Python at " + path, Reason: tooOldReason}
	}
	if err != nil {
		return Info{}, fmt.Errorf("asking %s for its version: %w%s", path, err, lastLine(stderr.String()))
	}
	info, err := parseProbe(stdout.String())
	if err != nil {
		return Info{}, fmt.Errorf("asking %s for its version: %w", path, err)
	}
	if env, ok := environmentOf(path); ok {
		info.Prefix = env
	}
	return info, nil
}

// Supported returns a *UnsupportedError, naming path, unless cantil can run programs
// with the interpreter: a CPython of 3.6 or newer. Versions newer than those tested are not refused.
func (i Info) Supported(path string) error {
	what := fmt.Sprintf("Python %s at %s", i.Version, path)
	if i.Implementation != cpython {
		return &UnsupportedError{What: what, Reason: otherReason(i.Implementation)}
	}
	if i.Version.Major < 3 || i.Version.Major == 3 && i.Version.Minor < OldestMinor {
		return &UnsupportedError{What: what, Reason: tooOldReason}
	}
	return nil
}

func parseProbe(output string) (Info, error) {
	fields := strings.Split(output, "\x00")
	if len(fields) != 7 {
		return Info{}, fmt.Errorf("it is not a Python: it answered %.80q", output)
	}
	version, err := parseVersionInfo(fields[1])
	if err != nil {
		return Info{}, err
	}
	return Info{
		Version: version, Implementation: fields[0], FreeThreaded: fields[2] == "True",
		Executable: fields[3], Prefix: fields[4], BasePrefix: fields[5], Platform: fields[6],
	}, nil
}

// environmentOf returns the virtual environment that the program at path starts, by the rule of
// Python's site module: pyvenv.cfg stands beside it or one folder above. Before 3.14, site sets
// sys.prefix, and a probe does without site.
func environmentOf(path string) (string, bool) {
	dir := filepath.Dir(path)
	for _, folder := range []string{dir, filepath.Dir(dir)} {
		if _, err := os.Stat(filepath.Join(folder, "pyvenv.cfg")); err == nil {
			return folder, true
		}
	}
	return "", false
}

// lastLine is the line of a traceback that says what happened.
func lastLine(stderr string) string {
	stderr = strings.TrimSpace(stderr)
	if stderr == "" {
		return ""
	}
	return fmt.Sprintf(" (%.200s)", stderr[strings.LastIndexByte(stderr, '\n')+1:])
}

var errTooLong = errors.New("it wrote too much")

// bounded is a buffer that refuses to grow beyond max. The buffer is not embedded:
// its ReadFrom would go round the bound.
type bounded struct {
	buf bytes.Buffer
	max int
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.buf.Len()+len(p) > b.max {
		return 0, errTooLong
	}
	return b.buf.Write(p)
}

func (b *bounded) String() string { return b.buf.String() }
