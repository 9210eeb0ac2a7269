package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"os"
	"path"
	"sync"
	"time"

	"github.com/cantil-py/cantil/internal/app"
)

const (
	// stallTime is how long a browser may leave an event unread.
	stallTime = 10 * time.Second
	// quietTime is after which an empty line is sent, which finds out whether the browser is still there.
	quietTime = 15 * time.Second
)

// stream sends server-sent events: each a line of JSON. It may be used by several at a time.
type stream struct {
	mu      sync.Mutex
	w       http.ResponseWriter
	control *http.ResponseController
}

func newStream(w http.ResponseWriter) *stream {
	w.Header().Set("Content-Type", "text/event-stream")
	setDeadlines(w, time.Time{})
	return &stream{w: w, control: http.NewResponseController(w)}
}

// send sends an event, or with nil the empty line.
func (s *stream) send(data any) error {
	line := []byte(":\n\n")
	if data != nil {
		text, err := json.Marshal(data)
		if err != nil {
			return err
		}
		line = fmt.Appendf(nil, "data: %s\n\n", text)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.control.SetWriteDeadline(time.Now().Add(stallTime)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	if _, err := s.w.Write(line); err != nil {
		return err
	}
	return s.control.Flush()
}

// keep sends empty lines until stop is called.
func (s *stream) keep() (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		ticker := time.NewTicker(quietTime)
		defer ticker.Stop()
		for {
			select {
			case <-done:
				return
			case <-ticker.C:
				if s.send(nil) != nil {
					return
				}
			}
		}
	}()
	return func() { close(done); <-ended }
}

func (p *pages) watchRuns(w http.ResponseWriter, r *http.Request) {
	s := newStream(w)
	defer s.keep()()
	err := p.site.WatchRuns(r.Context(), func(change app.RunsChange) error { return s.send(change) })
	if err != nil {
		_ = s.send(map[string]string{"error": err.Error()}) // the browser may be gone: that was the error
	}
}

func (p *pages) watchRun(w http.ResponseWriter, r *http.Request) {
	id := r.FormValue("id")
	if _, err := p.site.Run(id); err != nil {
		p.fail(w, r, err)
		return
	}
	s := newStream(w)
	defer s.keep()()
	err := p.site.WatchRun(r.Context(), id, func(news app.RunNews) error { return s.send(news) })
	if err != nil {
		_ = s.send(map[string]string{"error": err.Error()}) // likewise
	}
}

// sendFile sends a file of a run, to be saved: whatever it holds, the browser does not look into it.
func (p *pages) sendFile(w http.ResponseWriter, r *http.Request) {
	name, err := p.site.RunFile(r.FormValue("id"), r.FormValue("file"))
	if err != nil {
		p.fail(w, r, err)
		return
	}
	file, err := os.Open(name)
	if err != nil {
		p.fail(w, r, err)
		return
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		p.fail(w, r, err)
		return
	}
	setDeadlines(w, time.Time{}) // it may be large
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": path.Base(r.FormValue("file"))}))
	http.ServeContent(w, r, "", info.ModTime(), file)
}
