package call

import (
	"errors"
	"io"
	"os"
	"runtime"
	"testing"
	"time"
)

// TestPipeReader: a deadline that has passed before the first read hides nothing, and an
// open pipe is not waited for.
func TestPipeReader(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("pipes take no deadline here")
	}
	for _, closed := range []bool{true, false} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		defer w.Close()
		if _, err := io.WriteString(w, "what was printed"); err != nil {
			t.Fatal(err)
		}
		if closed {
			_ = w.Close()
		}
		if err := r.SetReadDeadline(time.Unix(1, 0)); err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(&pipeReader{file: r})
		if string(got) != "what was printed" || errors.Is(err, os.ErrDeadlineExceeded) == closed {
			t.Errorf("closed %v: read %q, %v", closed, got, err)
		}
	}
}

// TestPipeReaderEnds: whoever goes on writing is not read for ever.
func TestPipeReaderEnds(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("pipes take no deadline here")
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	go func() {
		for some := make([]byte, 4096); ; {
			if _, err := w.Write(some); err != nil {
				return // the test is over
			}
		}
	}()
	if err := r.SetReadDeadline(time.Now().Add(20 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	p := &pipeReader{file: r}
	if _, err := io.Copy(io.Discard, p); !errors.Is(err, os.ErrDeadlineExceeded) || p.left > maxLeft+64<<10 {
		t.Errorf("ended with %v after %d bytes too many", err, p.left)
	}
}
