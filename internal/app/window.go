package app

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/cantil-py/cantil/run"
)

// RunInWindow starts a program and opens a window that shows its output; it returns when both stand. The window only
// shows: closing it does not end the program. self is cantil's own path. It returns where the
// window is, and the run's id.
func RunInWindow(ctx context.Context, opts RunOptions, self string, getenv func(string) string) (where, id string, err error) {
	if err := opts.check(); err != nil {
		return "", "", err
	}
	if _, _, err := window([]string{self}, "", getenv); err != nil {
		return "", "", err // before anything is started
	}
	python, kept, err := opts.open(ctx)
	if err != nil {
		return "", "", err
	}
	opts.Stdin, opts.TTY = nil, run.TTYNever
	_, err = opts.begin(ctx, python, kept)
	if err != nil {
		return "", "", err
	}
	cmd, where, err := window([]string{self, "runs", "attach", kept.Dir}, opts.name(), getenv)
	if err != nil {
		return "", "", err
	}
	if err := open(cmd); err != nil {
		return "", "", fmt.Errorf("opening a window in %s (the program runs, as %s): %w", where, kept.ID, err)
	}
	return where, kept.ID, nil
}

// settled is how long a terminal program takes to say that it cannot open a window.
const settled = 500 * time.Millisecond

// open starts what opens a window. Some of such programs end at once, some only when the window is closed.
func open(cmd *exec.Cmd) error {
	said, err := os.CreateTemp("", "cantil-window-*")
	if err != nil {
		return err
	}
	defer os.Remove(said.Name())
	defer said.Close()
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err = <-ended:
	case <-time.After(settled):
	}
	if err != nil {
		text, _ := os.ReadFile(said.Name())
		return fmt.Errorf("%w: %s", err, bytes.TrimSpace(text))
	}
	return nil
}
