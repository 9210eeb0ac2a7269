package wire

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// ErrAuth is what a wrong or missing key, or a peer that does not follow the protocol
// of proving it, comes to.
var ErrAuth = errors.New("authentication failed")

// ErrMD5 is the error of a peer that has nothing better than HMAC-MD5, as CPython
// before 3.12, where Options.AllowMD5 is not set. It is an ErrAuth too.
var ErrMD5 = fmt.Errorf("%w: the other side has HMAC-MD5 only, which must be allowed", ErrAuth)

// errEnded is the error of sending after CloseWrite.
var errEnded = errors.New("sending: this side has said that nothing more comes")

// ShortError says that a message broke off.
type ShortError struct {
	Got, Want int64 // bytes of its body; Want is -1 if not even the length came
	Err       error // io.ErrUnexpectedEOF, a timeout, or what else ended it
}

func (e *ShortError) Error() string {
	if e.Want < 0 {
		return fmt.Sprintf("a message broke off in its length: %v", e.Err)
	}
	return fmt.Sprintf("a message broke off after %d of %d bytes: %v", e.Got, e.Want, e.Err)
}

func (e *ShortError) Unwrap() error { return e.Err }

// SizeError says that a message is larger than what is held in memory. The connection
// can go on: the next Recv or Next passes over it.
type SizeError struct{ Size, Max int64 }

func (e *SizeError) Error() string {
	return fmt.Sprintf("a message has %d bytes, more than the %d that are held in memory", e.Size, e.Max)
}

// broken is the cause of a ShortError: an end is unexpected, silence is told as such.
func broken(err error, stall time.Duration) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return silent(err, stall)
}

// silent tells a timeout with its length.
func silent(err error, after time.Duration) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return fmt.Errorf("nothing moved for %v: %w", after, err)
	}
	return err
}
