package call

import (
	"io"
	"os"
	"sync"
	"time"
)

// streams are the function's stdin, stdout and stderr. A file is handed over as it is; any
// other reader or writer gets a pipe, and a goroutine that copies.
type streams struct {
	stdin, stdout, stderr *os.File // the function's; stdin nil is the null device

	theirs  []*os.File // to be closed here once the function has them
	pipes   []*os.File // our ends of the pipes that we read
	copying sync.WaitGroup
}

func (s *streams) open(p Python) error {
	var err error
	if s.stdin, err = s.input(p.Stdin); err != nil {
		return err
	}
	if s.stdout, err = s.outputTo(p.Stdout); err != nil {
		return err
	}
	if same(p.Stdout, p.Stderr) {
		s.stderr = s.stdout // one writer is never written to by two
		return nil
	}
	s.stderr, err = s.outputTo(p.Stderr)
	return err
}

// same says whether two writers are one. Those that cannot be compared are not.
func same(a, b io.Writer) (is bool) {
	defer func() {
		if recover() != nil {
			is = false
		}
	}()
	return a == b
}

func (s *streams) input(r io.Reader) (*os.File, error) {
	if r == nil {
		return nil, nil
	}
	if file, ok := r.(*os.File); ok {
		return file, nil
	}
	theirs, ours, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	s.theirs = append(s.theirs, theirs)
	go func() { // not waited for: a reader may never end
		_, _ = io.Copy(ours, r) // the function need not read all
		_ = ours.Close()
	}()
	return theirs, nil
}

func (s *streams) outputTo(w io.Writer) (*os.File, error) {
	if file, ok := w.(*os.File); ok {
		return file, nil
	}
	if w == nil {
		null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
		if err == nil {
			s.theirs = append(s.theirs, null)
		}
		return null, err
	}
	ours, theirs, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	s.theirs, s.pipes = append(s.theirs, theirs), append(s.pipes, ours)
	s.copying.Go(func() {
		if _, err := io.Copy(w, &pipeReader{file: ours}); err != nil {
			_ = ours.Close() // the function finds that nobody reads, as it would plainly
		}
	})
	return theirs, nil
}

func (s *streams) closeTheirs() {
	for _, file := range s.theirs {
		_ = file.Close()
	}
}

// finish waits for the last output. Processes that outlive the function and hold the pipe
// are not waited for.
func (s *streams) finish() {
	for _, pipe := range s.pipes {
		_ = pipe.SetReadDeadline(time.Now().Add(drain))
	}
	s.copying.Wait()
	s.abandon()
}

func (s *streams) abandon() {
	for _, pipe := range s.pipes {
		_ = pipe.Close()
	}
}
