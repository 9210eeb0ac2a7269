// Package live draws what changes while one looks at it, on a terminal that is all its
// own.
//
// Call [Top] to watch a running Python. The screen is drawn anew twice a second, of
// which only what has changed is sent; it follows the terminal's size, and the
// terminal is given back as it was found.
package live

import (
	"context"
	"errors"
	"io"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/cantil-py/cantil/internal/app"
)

// drawEvery is how often the screen is drawn anew.
const drawEvery = 500 * time.Millisecond

// Source is what is watched: an [app.Top].
type Source interface {
	Snapshot(app.TopScope) app.TopSnapshot
	Path(app.TopScope, []app.TopKey) app.TopPath
	Reset()
}

// About is what the screen tells of the process.
type About struct {
	PID           int
	Command       string
	Python        string
	CallersBiased bool
}

// Terminal is where the screen is and where its keys come from.
type Terminal struct {
	In      io.Reader
	Out     io.Writer
	Environ []string // TERM, NO_COLOR and the like
	Styled  bool     // bold, dim and reverse are wanted
}

// Top shows a process until ctx is done or the user leaves; neither is an error.
func Top(ctx context.Context, source Source, about About, at Terminal) error {
	program := tea.NewProgram(newModel(source, about, at.Styled),
		tea.WithContext(ctx), tea.WithInput(at.In), tea.WithOutput(at.Out), tea.WithEnvironment(at.Environ))
	_, err := program.Run()
	if errors.Is(err, tea.ErrInterrupted) || errors.Is(err, tea.ErrProgramKilled) && ctx.Err() != nil {
		return nil
	}
	return err
}
