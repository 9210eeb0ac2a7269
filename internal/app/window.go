package app

import (
	"context"
	"fmt"

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
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", "", fmt.Errorf("opening a window in %s (the program runs, as %s): %w: %s", where, kept.ID, err, out)
	}
	return where, kept.ID, nil
}
