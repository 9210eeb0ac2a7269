//go:build !linux

package remote

// Process is a running process; there are none to be had on this system.
type Process struct{}

// Open returns ErrSystem.
func Open(int) (*Process, error) { return nil, ErrSystem }

// PID is 0.
func (*Process) PID() int { return 0 }

// Calls is 0.
func (*Process) Calls() int64 { return 0 }

// Close does nothing.
func (*Process) Close() error { return nil }

// Read returns ErrSystem.
func (*Process) Read(uint64, []byte) error { return ErrSystem }

// ReadMany returns ErrSystem.
func (*Process) ReadMany([]Range) (int, error) { return 0, ErrSystem }

// Maps returns ErrSystem.
func (*Process) Maps() ([]Mapping, error) { return nil, ErrSystem }

// Exe returns ErrSystem.
func (*Process) Exe() (string, error) { return "", ErrSystem }

// Tasks returns ErrSystem.
func (*Process) Tasks() ([]int, error) { return nil, ErrSystem }

// Image returns ErrSystem.
func (*Process) Image(Mapping, []Mapping) (*Image, error) { return nil, ErrSystem }

// Pause returns ErrSystem.
func (*Process) Pause() error { return ErrSystem }

// Resume does nothing.
func (*Process) Resume() {}
