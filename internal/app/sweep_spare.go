package app

import (
	"sync"

	"github.com/cantil-py/cantil/run"
)

// spareShim is a shim that comes up while another program runs: it takes some milliseconds, which the next program need not wait for.
type spareShim struct {
	mu     sync.Mutex
	shim   *run.Prepared // nil while there is none
	closed bool
}

// take returns the shim, or nil.
func (s *spareShim) take() *run.Prepared {
	s.mu.Lock()
	defer s.mu.Unlock()
	shim := s.shim
	s.shim = nil
	return shim
}

// prepare starts one, unless there is one.
func (s *spareShim) prepare() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shim != nil || s.closed {
		return
	}
	shim, err := run.Prepare()
	if err != nil {
		return // who needs one tries again, and tells
	}
	s.shim = shim
}

// close ends the shim that is not needed any more.
func (s *spareShim) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	if s.shim != nil {
		_ = s.shim.Close() // it ends when nobody holds the other end
		s.shim = nil
	}
}
