//go:build unix

package run

import (
	"bytes"
	"fmt"
	"os"
	"sync"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// terminals are the program's: one that is its controlling terminal, and takes what is typed, and one each for
// stdout and stderr, so that they stay apart and no echo is in a log.
type terminals struct {
	input   terminal // empty where nothing is typed, see terminalsOf
	stdin   bool     // the program's stdin is input
	outputs [2]*output
	link    *link
	flush   func() // the index: what was written before an echo or a mode is shown before it
	echoing sync.Mutex
}

// terminal is a pair of a terminal for the program and our end of it.
type terminal struct{ master, slave *os.File }

// output is the terminal of a stream.
type output struct {
	terminal
	all   *terminals
	modes unix.Termios // as last seen, when keys were passed on
	raw   bool         // LF goes out as it is
	cr    bool         // the last byte was CR, and was held back
}

func newTerminal(size windowSize) (terminal, error) {
	master, slave, err := pty.Open()
	if err != nil {
		return terminal{}, fmt.Errorf("making a terminal for the program: %w", err)
	}
	t := terminal{master, slave}
	err = control(master, func(fd int) error { return unix.SetNonblock(fd, true) }) // opening it has left it waiting
	if err != nil {
		return t, err
	}
	return t, t.resize(size)
}

func (t *terminal) resize(size windowSize) error {
	if t.master == nil {
		return nil
	}
	return control(t.master, func(fd int) error {
		return unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: size.Rows, Col: size.Cols})
	})
}

// fd is our end, as a descriptor that never waits, and that is to be closed.
func (t *terminal) fd() (ours int) {
	_ = control(t.master, func(fd int) (err error) { ours, err = unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0); return err })
	return ours
}

// control calls f with the descriptor, which stays as it is.
func control(file *os.File, f func(fd int) error) error {
	if file == nil {
		return os.ErrInvalid
	}
	raw, err := file.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = raw.Control(func(fd uintptr) { failed = f(int(fd)) })
	if err == nil {
		err = failed
	}
	return err
}

// newTerminals makes what the spec asks for; the first becomes the controlling terminal of the shim's session.
func newTerminals(s *shim) (*terminals, error) {
	t := &terminals{link: s.link, flush: s.capture.index.flush, stdin: s.shared.Terminal[0]}
	if takesKeys(s.shared.Terminal) {
		if err := t.openInput(s.shared.Size); err != nil {
			return nil, err
		}
	}
	for i := range t.outputs {
		if !s.shared.Terminal[i+1] {
			continue
		}
		pair, err := newTerminal(s.shared.Size)
		if err != nil {
			return nil, err
		}
		t.outputs[i] = &output{terminal: pair, all: t}
		if modes, err := getModes(pair.master); err == nil {
			t.outputs[i].modes = *modes
		}
	}
	return t, nil
}

func (t *terminals) openInput(size windowSize) (err error) {
	if t.input, err = newTerminal(size); err != nil {
		return err
	}
	err = control(t.input.slave, func(fd int) error { return unix.IoctlSetInt(fd, unix.TIOCSCTTY, 0) })
	if err != nil {
		return fmt.Errorf("making a terminal the controlling one: %w", err)
	}
	go t.echo()
	return nil
}

// takesKeys says whether the program has a terminal to which keys are passed on.
func takesKeys(is [3]bool) bool { return is[0] || is[1] }

// foreground makes the program's group the one that the terminal's keys go to.
func (t *terminals) foreground(group int) {
	_ = control(t.input.slave, func(fd int) error { return unix.IoctlSetPointerInt(fd, unix.TIOCSPGRP, group) })
}

func (t *terminals) foregroundGroup() (group int) {
	_ = control(t.input.slave, func(fd int) (err error) { group, err = unix.IoctlGetInt(fd, unix.TIOCGPGRP); return err })
	return group
}

// resize tells the sizes of the outputs first: the program is told by a signal when the input's changes.
func (t *terminals) resize(size windowSize) {
	for _, o := range t.outputs {
		if o != nil {
			_ = o.resize(size)
		}
	}
	_ = t.input.resize(size) // a terminal that is gone has no size
}

// keys passes on what was typed. A full-screen program sets modes on its stdout: they are the input's from then on.
func (t *terminals) keys(typed []byte) {
	if t.input.master == nil {
		return
	}
	for _, o := range t.outputs {
		if o == nil {
			continue
		}
		modes, err := getModes(o.master)
		if err != nil || sameInput(modes, &o.modes) {
			continue
		}
		o.modes = *modes
		if input, err := getModes(t.input.slave); err == nil {
			input.Iflag, input.Lflag, input.Cc = modes.Iflag, modes.Lflag, modes.Cc
			_ = setModes(t.input.slave, input)
		}
	}
	_, _ = t.input.master.Write(typed)
}

// sameInput says whether what is typed is treated alike.
func sameInput(a, b *unix.Termios) bool {
	return a.Iflag == b.Iflag && a.Lflag == b.Lflag && a.Cc == b.Cc
}

// echo sends on what the controlling terminal shows: the echo of keys, and what is written to /dev/tty.
func (t *terminals) echo() {
	raw, err := t.input.master.SyscallConn()
	if err != nil {
		return
	}
	for {
		var failed error
		err := raw.Read(func(fd uintptr) bool {
			failed = t.takeEcho(int(fd))
			return failed != unix.EAGAIN
		})
		if err != nil || failed != nil {
			return
		}
	}
}

// takeEcho sends on what there is, at once.
func (t *terminals) takeEcho(fd int) error {
	t.echoing.Lock()
	defer t.echoing.Unlock()
	block := make([]byte, 4<<10) // a terminal holds no more
	n, err := unix.Read(fd, block)
	if n > 0 {
		t.flush()
		t.link.offer(kindEcho, bytes.Clone(block[:n]))
	}
	return err
}

// copy takes some output. What was typed before the program wrote it is shown before it.
func (o *output) copy(s *stream) (int64, error) {
	if s.block == nil {
		s.block = make([]byte, blockSize)
	}
	n, err := readSome(s.from, s.block[1:])
	for waiting(o.all.input.master) > 0 {
		if control(o.all.input.master, o.all.takeEcho) != nil {
			break
		}
	}
	o.lookAtModes()
	if out := o.restore(s.block, n, err != nil); len(out) > 0 {
		s.keep(out)
	}
	return int64(n), err
}

// lookAtModes tells the front when the program has changed how its output is treated.
func (o *output) lookAtModes() {
	modes, err := getModes(o.master)
	if err != nil {
		return
	}
	raw := modes.Oflag&unix.OPOST == 0 || modes.Oflag&unix.ONLCR == 0
	if raw != o.raw {
		o.raw = raw
		o.all.flush()
		o.all.link.sendJSON(kindMode, modeMessage{Raw: raw})
	}
}

// restore undoes what the terminal did to the bytes block[1:n+1]: LF has become CR LF. A CR at their end may
// belong to an LF that is still to come, and is held back until then, or to the last.
func (o *output) restore(block []byte, n int, last bool) []byte {
	out := block[1 : n+1]
	if o.cr {
		block[0] = '\r'
		out = block[:n+1]
	}
	o.cr = false
	if o.raw || len(out) == 0 {
		return out
	}
	if !last && out[len(out)-1] == '\r' {
		o.cr = true
		out = out[:len(out)-1]
	}
	return bytes.ReplaceAll(out, []byte("\r\n"), []byte("\n"))
}

func getModes(file *os.File) (modes *unix.Termios, err error) {
	err = control(file, func(fd int) (err error) { modes, err = unix.IoctlGetTermios(fd, getTermios); return err })
	return modes, err
}

func setModes(file *os.File, modes *unix.Termios) error {
	return control(file, func(fd int) error { return unix.IoctlSetTermios(fd, setTermios, modes) })
}

// waiting is how many bytes can be read at once.
func waiting(file *os.File) (n int) {
	_ = control(file, func(fd int) (err error) { n, err = unix.IoctlGetInt(fd, bytesWaiting); return err })
	return n
}

// terminalsOf says which of the program's streams are terminals, and their size. Where our stdout is none, as in
// "cantil run x | less", the keys may be another's: a terminal that is our stdin is passed through as it is.
func terminalsOf(spec *Spec) (is [3]bool, size windowSize) {
	size = windowSize{Rows: 24, Cols: 80}
	for i, file := range []*os.File{spec.Stdin, spec.Stdout, spec.Stderr} {
		is[i] = spec.TTY == TTYAlways
		if file == nil || !isTerminal(file) {
			continue
		}
		is[i] = spec.TTY != TTYNever
		if real, ok := sizeOf(file); ok {
			size = real
		}
	}
	if !is[1] {
		is[0] = false
	}
	return is, size
}

func isTerminal(file *os.File) bool {
	_, err := getModes(file)
	return err == nil
}

func sizeOf(file *os.File) (windowSize, bool) {
	var size *unix.Winsize
	err := control(file, func(fd int) (err error) { size, err = unix.IoctlGetWinsize(fd, unix.TIOCGWINSZ); return err })
	if err != nil || size.Row == 0 || size.Col == 0 {
		return windowSize{}, false
	}
	return windowSize{Rows: size.Row, Cols: size.Col}, true
}
