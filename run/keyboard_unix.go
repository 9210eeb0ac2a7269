//go:build unix

package run

import (
	"bytes"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// keyboardTurn is how often we look whether we have become the foreground: no signal tells that.
const keyboardTurn = 200 * time.Millisecond

// endOfInput is what a terminal takes for the end of what is typed (Ctrl-D).
const endOfInput = "\x04"

// keyboard is our terminal, lent to the program; or with TTYAlways and no terminal, our stdin.
type keyboard struct {
	process  *Process
	terminal *os.File // nil without
	lent     bool     // the program gets the keys
	pipe     *os.File // read in its place

	mu     sync.Mutex
	before *unix.Termios // the terminal's modes before they were ours to change; nil while they are not
	rawOut bool
}

func newKeyboard(p *Process) *keyboard {
	is, _ := terminalsOf(&p.spec)
	k := &keyboard{process: p, lent: takesKeys(is)}
	if is == [3]bool{} {
		return k
	}
	for _, file := range []*os.File{p.spec.Stdin, p.spec.Stdout, p.spec.Stderr} {
		if file != nil && isTerminal(file) {
			k.terminal = file
			return k
		}
	}
	if is[0] {
		k.pipe = p.spec.Stdin
	}
	return k
}

// begin takes the terminal if we are in its foreground. All keys are the program's then, also Ctrl-C; our output is still
// treated as before, unless the program wants its own to be raw.
func (k *keyboard) begin() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.lent || k.terminal == nil || k.before != nil || !k.inForeground() {
		return
	}
	modes, err := getModes(k.terminal)
	if err != nil {
		return
	}
	k.before = modes
	k.set()
	k.tellSize()
}

// set changes nothing in the background, where it would stop us.
func (k *keyboard) set() {
	if !k.inForeground() {
		return
	}
	modes := *k.before
	modes.Iflag &^= unix.IGNBRK | unix.BRKINT | unix.PARMRK | unix.ISTRIP | unix.INLCR | unix.IGNCR | unix.ICRNL | unix.IXON
	modes.Lflag &^= unix.ECHO | unix.ECHONL | unix.ICANON | unix.ISIG | unix.IEXTEN
	modes.Cc[unix.VMIN], modes.Cc[unix.VTIME] = 1, 0
	if k.rawOut {
		modes.Oflag &^= unix.OPOST
	}
	_ = setModes(k.terminal, &modes) // a terminal that is gone has no modes
}

// setRawOutput follows the program's stdout.
func (k *keyboard) setRawOutput(raw bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.rawOut = raw
	if k.before != nil {
		k.set()
	}
}

// end gives the terminal back as it was.
func (k *keyboard) end() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.before == nil {
		return
	}
	if k.inForeground() { // else it is another's by now
		_ = setModes(k.terminal, k.before)
	}
	k.before = nil
}

func (k *keyboard) inForeground() bool {
	var group int
	err := control(k.terminal, func(fd int) (err error) { group, err = unix.IoctlGetInt(fd, unix.TIOCGPGRP); return err })
	return err == nil && group == unix.Getpgrp()
}

func (k *keyboard) isOurs() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.before != nil
}

// write shows bytes that are in no log, and that the program's terminal has prepared for a screen; ours would
// do that once more.
func (k *keyboard) write(b []byte) {
	if k.terminal != nil {
		k.mu.Lock()
		defer k.mu.Unlock()
		if !k.rawOut {
			b = bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n"))
		}
		_, _ = k.terminal.Write(b) // a terminal that is gone shows nothing
	}
}

func (k *keyboard) tellSize() {
	if k.terminal == nil {
		return
	}
	if size, ok := sizeOf(k.terminal); ok {
		_ = k.process.send(kindSize, size) // it may end at this moment
	}
}

// pass passes on what is typed until over is closed. It never waits in a read, which would take the next key after
// the program's end.
func (k *keyboard) pass(over <-chan struct{}) {
	from := k.terminal
	if from == nil {
		from = k.pipe
	}
	if from == nil || !k.lent {
		return
	}
	woken, waker, err := os.Pipe()
	if err != nil {
		return
	}
	defer woken.Close()
	go func() {
		<-over
		waker.Close()
	}()
	for {
		if k.terminal != nil && !k.isOurs() {
			select {
			case <-over:
				return
			case <-time.After(keyboardTurn):
				k.begin()
			}
		} else if !k.passSome(from, woken) {
			return
		}
	}
}

// passSome waits for something typed and passes it on. It says whether more may come.
func (k *keyboard) passSome(from, woken *os.File) (more bool) {
	_ = control(woken, func(wake int) error {
		return control(from, func(fd int) error {
			ready := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}, {Fd: int32(wake), Events: unix.POLLIN}}
			_, err := unix.Poll(ready, int(keyboardTurn.Milliseconds()))
			switch {
			case err != nil && err != unix.EINTR || ready[1].Revents != 0:
			case ready[0].Revents == 0:
				more = true
			default:
				more = k.passTyped(fd)
			}
			return nil
		})
	})
	return more
}

// passTyped passes on what is there. After the end of a pipe the program is told so as a terminal would.
func (k *keyboard) passTyped(fd int) (more bool) {
	block := make([]byte, 4<<10) // a terminal holds no more
	n, err := unix.Read(fd, block)
	if n > 0 {
		_ = k.process.send(kindKeys, block[:n]) // the run may end at this moment
		return true
	}
	if err == nil {
		_ = k.process.send(kindKeys, []byte(endOfInput))
	}
	return err == unix.EINTR || err == unix.EAGAIN
}
