package cli

import (
	"fmt"
	"sync"
	"time"

	"github.com/cantil-py/cantil/internal/app"
	"github.com/cantil-py/cantil/internal/term"
)

// sweepEvery is how often the line with the time that is left is written anew.
const sweepEvery = time.Second

// sweepLive tells how far a sweep is: on a terminal a line for each point that ended, and below one with the time that is left; on a
// pipe the failures alone.
type sweepLive struct {
	env  Env
	s    *app.Sweep
	on   bool
	done chan struct{} // closed at the end
	wait sync.WaitGroup

	mu sync.Mutex
	app.SweepProgress
}

func newSweepLive(env Env, s *app.Sweep) *sweepLive {
	return &sweepLive{env: env, s: s, on: term.IsTerminal(env.Stderr), done: make(chan struct{})}
}

func (l *sweepLive) begin(how app.SweepHow) {
	l.SweepProgress = l.s.Progress(how)
	if !l.on {
		return
	}
	l.wait.Go(func() {
		ticker := time.NewTicker(sweepEvery)
		defer ticker.Stop()
		for {
			select {
			case <-l.done:
				return
			case <-ticker.C:
				l.mu.Lock()
				l.draw()
				l.mu.Unlock()
			}
		}
	})
}

func (l *sweepLive) end() {
	close(l.done)
	l.wait.Wait()
	l.clear()
}

func (l *sweepLive) clear() {
	if l.on {
		fmt.Fprint(l.env.Stderr, "\r\x1b[K")
	}
}

func (l *sweepLive) draw() {
	if l.on {
		l.clear()
		fmt.Fprint(l.env.Stderr, cut(l.Line(), term.Width(l.env.Stderr)-1))
	}
}

// changed is called when a point has begun, and when it has ended.
func (l *sweepLive) changed(c app.SweepChange) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.Note(c)
	l.clear()
	switch {
	case !c.State.Ended():
		if c.Found {
			l.env.say("%s runs since before; waiting for it", c.Text)
		}
	case c.State == app.SweepDone:
		if l.on {
			l.env.say("%s: %s%s", c.Text, runTime(c.Seconds), l.figures(c))
		}
	default:
		l.env.say("%s", l.failure(c))
	}
	l.draw()
}

func (l *sweepLive) figures(c app.SweepChange) string {
	text := ""
	for _, figure := range l.s.Figures(c.Folder) {
		text += ", " + figure
	}
	return text
}

// failure says how a point ended, and the last that it said.
func (l *sweepLive) failure(c app.SweepChange) string {
	text := oneLine(c.Text)
	switch {
	case c.State == app.SweepStopped:
		text += " was stopped"
	case c.State == app.SweepLost:
		text += " was lost: the process that kept it was killed"
	case c.How != "":
		text += fmt.Sprintf(" failed after %s: %s", runTime(c.Seconds), c.How)
	default:
		text += fmt.Sprintf(" failed with exit code %d after %s", c.Code, runTime(c.Seconds))
		if last := app.LastWords(c.Folder); last != "" {
			text += ": " + oneLine(last)
		}
	}
	if c.Again {
		return text + "; it will be tried again"
	}
	if c.State == app.SweepStopped {
		return text
	}
	return text + " (cantil runs logs " + c.Name + ")"
}
