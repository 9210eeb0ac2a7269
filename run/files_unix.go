//go:build unix

package run

import (
	"fmt"
	"io"
	"os"
	"syscall"
)

// passed are the files that came with the spec.
type passed struct{ files []*os.File }

// stdin is the first, if there is one for it.
func (p *passed) stdin(has bool) *os.File {
	if !has || len(p.files) == 0 {
		return nil
	}
	return p.files[0]
}

// sendFiles writes a message, its header with the files.
func sendFiles(fd int, k kind, body []byte, files []*os.File) error {
	var rights []byte
	if len(files) > 0 {
		fds := make([]int, len(files))
		for i, file := range files {
			fds[i] = int(file.Fd())
		}
		rights = syscall.UnixRights(fds...)
	}
	for head := header(k, len(body)); ; {
		n, err := syscall.SendmsgN(fd, head, rights, nil, 0)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			return fmt.Errorf("passing files to the shim: %w", err)
		}
		if head = head[n:]; len(head) == 0 {
			return nil
		}
		rights = nil // they went with the first byte
	}
}

// receiveFiles reads a message's header and the files that came with it.
func receiveFiles(fd int) (head [headerSize]byte, files []*os.File, err error) {
	control := make([]byte, syscall.CmsgSpace(4*(maxExtraFiles+1)))
	for at := 0; at < headerSize; {
		n, used, _, _, err := syscall.Recvmsg(fd, head[at:], control, 0)
		if err == syscall.EINTR {
			continue
		}
		if err == nil && n == 0 {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return head, nil, err
		}
		at += n
		files = append(files, filesIn(control[:used])...)
	}
	return head, files, nil
}

func filesIn(control []byte) []*os.File {
	messages, err := syscall.ParseSocketControlMessage(control)
	if err != nil {
		return nil
	}
	var files []*os.File
	for i := range messages {
		fds, err := syscall.ParseUnixRights(&messages[i])
		if err != nil {
			continue
		}
		for _, fd := range fds {
			syscall.CloseOnExec(fd) // nothing else is started yet that could inherit it
			files = append(files, os.NewFile(uintptr(fd), "passed"))
		}
	}
	return files
}

// pollable is a descriptor as a file that can be read and written at once, and has deadlines.
func pollable(fd int, name string) *os.File {
	_ = syscall.SetNonblock(fd, true)
	return os.NewFile(uintptr(fd), name)
}

// newPipe returns our end, which never waits, and the one for the program; as large as the system lets us.
func newPipe() (ours int, child *os.File, err error) {
	var fds [2]int
	syscall.ForkLock.RLock()
	err = syscall.Pipe(fds[:])
	if err == nil {
		syscall.CloseOnExec(fds[0])
		syscall.CloseOnExec(fds[1])
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return 0, nil, err
	}
	enlarge(fds[0])
	return fds[0], os.NewFile(uintptr(fds[1]), "pipe"), syscall.SetNonblock(fds[0], true)
}

func (p *passed) extra(taken bool) []*os.File {
	if taken && len(p.files) > 0 {
		return p.files[1:]
	}
	return p.files
}

func (p *passed) close() {
	for _, file := range p.files {
		file.Close()
	}
}
