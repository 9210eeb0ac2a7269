//go:build !unix

package launch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Main is false: there is no launcher of its own on this system.
func Main() (code int, is bool) { return 0, false }

// Launcher starts programs.
type Launcher struct {
	commands       []Command
	stdout, stderr *os.File
}

// Open returns a launcher. Programs that are to show their output write to stdout and stderr; nil is the null device.
func Open(stdout, stderr *os.File) (*Launcher, error) {
	return &Launcher{stdout: stdout, stderr: stderr}, nil
}

// Close does nothing on this system.
func (l *Launcher) Close() error { return nil }

// Add makes a command known and returns its number, counted from 0.
func (l *Launcher) Add(c Command) (int, error) {
	if len(c.Argv) == 0 {
		return 0, errors.New("adding a command: it has no program")
	}
	l.commands = append(l.commands, c)
	return len(l.commands) - 1, nil
}

// Run runs a command that was added, with pad bytes in [PadVariable], or without it where pad is below 0. The error
// is about starting it. When ctx is done the program is killed.
func (l *Launcher) Run(ctx context.Context, command, pad int) (Usage, error) {
	if command < 0 || command >= len(l.commands) {
		return Usage{}, fmt.Errorf("running command %d: there are %d", command, len(l.commands))
	}
	c := l.commands[command]
	bounded, cancel := ctx, context.CancelFunc(func() {})
	if c.Timeout > 0 {
		bounded, cancel = context.WithTimeout(ctx, c.Timeout)
	}
	defer cancel()
	cmd := exec.CommandContext(bounded, c.Argv[0], c.Argv[1:]...)
	cmd.Dir, cmd.Env = c.Dir, c.Env
	if pad >= 0 {
		cmd.Env = append(c.Env[:len(c.Env):len(c.Env)], PadVariable+"="+strings.Repeat("x", min(pad, MaxPad)))
	}
	if c.Show && l.stdout != nil {
		cmd.Stdout = l.stdout
	}
	if c.Show && l.stderr != nil {
		cmd.Stderr = l.stderr
	}
	if c.Input != "" {
		input, err := os.Open(c.Input)
		if err != nil {
			return Usage{}, fmt.Errorf("opening its input: %w", err)
		}
		defer input.Close()
		cmd.Stdin = input
	}
	began := time.Now()
	err := cmd.Run()
	u := Usage{Wall: time.Since(began)}
	if cmd.ProcessState == nil {
		return Usage{}, fmt.Errorf("starting %s: %w", c.Argv[0], err)
	}
	u.User, u.System, u.Code = cmd.ProcessState.UserTime(), cmd.ProcessState.SystemTime(), cmd.ProcessState.ExitCode()
	u.TimedOut, u.Killed = bounded.Err() != nil && ctx.Err() == nil, ctx.Err() != nil
	return u, ctx.Err()
}

// Cost is not known on this system: the list is empty.
func (l *Launcher) Cost(context.Context, int) ([]time.Duration, error) { return nil, nil }
