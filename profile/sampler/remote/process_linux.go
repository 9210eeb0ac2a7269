package remote

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Process is a running process. Its methods are for one goroutine at a time.
type Process struct {
	pid    int
	root   string   // the folder of the process in /proc
	mem    *os.File // read in place of process_vm_readv where that is forbidden, else nil
	local  [MaxRanges]unix.Iovec
	remote [MaxRanges]unix.RemoteIovec
	calls  int64
	traced map[int]*tracee // by Pause, by the numbers of the threads
}

// Open makes sure that the process is there and may be read.
func Open(pid int) (*Process, error) {
	p := &Process{pid: pid, root: filepath.Join("/proc", strconv.Itoa(pid))}
	maps, err := p.Maps()
	if err != nil {
		return nil, err
	}
	for _, m := range maps {
		if m.Readable && m.Inode != 0 {
			return p, p.tryRead(m.Start)
		}
	}
	if p.ofKernel() {
		return nil, fmt.Errorf("process %d: %w", pid, ErrKernel)
	}
	return nil, p.gone(fmt.Errorf("process %d has no program mapped: %w", pid, os.ErrNotExist))
}

// kernelThread is PF_KTHREAD of the kernel's include/linux/sched.h.
const kernelThread = 0x00200000

// ofKernel says whether it is a thread of the kernel, by the flags in stat, the seventh
// field after the name.
func (p *Process) ofKernel() bool {
	text, err := os.ReadFile(filepath.Join(p.root, "stat"))
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	if err != nil || len(fields) < 7 {
		return false
	}
	flags, err := strconv.ParseUint(string(fields[6]), 10, 64)
	return err == nil && flags&kernelThread != 0
}

// tryRead reads a byte, by the file where the system call is forbidden: seccomp
// filters of containers forbid the call and leave the file.
func (p *Process) tryRead(addr uint64) error {
	var one [1]byte
	err := p.Read(addr, one[:])
	if !errors.Is(err, unix.EPERM) && !errors.Is(err, unix.ENOSYS) {
		return err
	}
	file, openErr := os.Open(filepath.Join(p.root, "mem"))
	if openErr != nil {
		return p.explain(err)
	}
	p.mem = file
	if err := p.Read(addr, one[:]); err != nil {
		file.Close()
		return p.explain(err)
	}
	return nil
}

// PID is the number of the process.
func (p *Process) PID() int { return p.pid }

// Calls is the number of system calls that read memory so far.
func (p *Process) Calls() int64 { return p.calls }

// Close releases what Open opened; the process goes on.
func (p *Process) Close() error {
	if p.mem == nil {
		return nil
	}
	return p.mem.Close()
}

// Read fills buf from addr on.
func (p *Process) Read(addr uint64, buf []byte) error {
	_, err := p.ReadMany([]Range{{addr, buf}})
	return err
}

// ReadMany fills the ranges in one system call.
func (p *Process) ReadMany(ranges []Range) (int, error) {
	if len(ranges) > MaxRanges {
		return 0, fmt.Errorf("reading process %d: %d ranges, at most %d", p.pid, len(ranges), MaxRanges)
	}
	want, n := 0, 0
	for _, r := range ranges {
		if len(r.Buf) == 0 {
			return 0, &ReadError{p.pid, r.Addr, 0, 0, errors.New("an empty range")}
		}
		p.local[n] = unix.Iovec{Base: &r.Buf[0], Len: uint64(len(r.Buf))}
		p.remote[n] = unix.RemoteIovec{Base: uintptr(r.Addr), Len: len(r.Buf)}
		want += len(r.Buf)
		n++
	}
	if n == 0 {
		return 0, nil
	}
	if p.mem != nil {
		return p.readFile(ranges)
	}
	p.calls++
	// A raw call: the copy takes microseconds, less than telling Go's scheduler of it.
	got, _, errno := syscall.RawSyscall6(unix.SYS_PROCESS_VM_READV, uintptr(p.pid),
		uintptr(unsafe.Pointer(&p.local[0])), uintptr(n), uintptr(unsafe.Pointer(&p.remote[0])), uintptr(n), 0)
	if errno == 0 && int(got) == want {
		return n, nil
	}
	return p.short(ranges, int(got), errno)
}

// readFile does what the system call does, a range at a time.
func (p *Process) readFile(ranges []Range) (int, error) {
	for i, r := range ranges {
		p.calls++
		got, err := p.mem.ReadAt(r.Buf, int64(r.Addr))
		if got < len(r.Buf) {
			return i, p.gone(&ReadError{p.pid, r.Addr, len(r.Buf), got, err})
		}
	}
	return len(ranges), nil
}

// short tells which range was not filled by a call that copied got bytes.
func (p *Process) short(ranges []Range, got int, errno syscall.Errno) (int, error) {
	if errno != 0 {
		return 0, p.gone(&ReadError{p.pid, ranges[0].Addr, len(ranges[0].Buf), 0, errno})
	}
	for i, r := range ranges {
		if got < len(r.Buf) {
			return i, &ReadError{p.pid, r.Addr, len(r.Buf), got, nil}
		}
		got -= len(r.Buf)
	}
	return len(ranges), nil
}

// gone turns the system's ways of saying that there is no process, or no memory left of
// it, into ErrGone. While a process becomes another program it has none either, for a
// moment; and one that ends has none before it has ended, longer on a busy machine.
func (p *Process) gone(err error) error {
	for _, sign := range []error{unix.ESRCH, unix.EFAULT, unix.EIO, os.ErrNotExist, os.ErrProcessDone, io.EOF} {
		if !errors.Is(err, sign) {
			continue
		}
		for waited := time.Duration(0); p.alive(); waited += endingEvery {
			if waited >= endingWithin || sign != unix.ESRCH {
				return err
			}
			time.Sleep(endingEvery)
		}
		return fmt.Errorf("process %d: %w", p.pid, ErrGone)
	}
	return err
}

// A process without memory is looked at so often, for so long, until it has ended.
const (
	endingEvery  = time.Millisecond
	endingWithin = 20 * time.Millisecond
)

// alive says whether the process is there and no zombie. Its state stands in stat after
// the name, which may itself have parentheses.
func (p *Process) alive() bool {
	text, err := os.ReadFile(filepath.Join(p.root, "stat"))
	end := bytes.LastIndexByte(text, ')')
	return err == nil && end >= 0 && end+2 < len(text) && text[end+2] != 'Z' && text[end+2] != 'X'
}

// Maps lists what is mapped now, lowest first.
func (p *Process) Maps() ([]Mapping, error) {
	file, err := os.Open(filepath.Join(p.root, "maps"))
	if errors.Is(err, os.ErrPermission) {
		return nil, p.explain(err)
	}
	if err != nil {
		return nil, p.gone(fmt.Errorf("listing the memory of process %d: %w", p.pid, err))
	}
	defer file.Close()
	maps, err := parseMaps(file)
	if errors.Is(err, os.ErrPermission) {
		return nil, p.explain(err)
	}
	if err != nil {
		return nil, p.gone(fmt.Errorf("listing the memory of process %d: %w", p.pid, err))
	}
	if len(maps) == 0 && !p.alive() {
		return nil, fmt.Errorf("process %d: %w", p.pid, ErrGone)
	}
	return maps, nil
}

// Exe is the program's file, as the process sees it.
func (p *Process) Exe() (string, error) {
	name, err := os.Readlink(filepath.Join(p.root, "exe"))
	if err != nil {
		return "", p.gone(fmt.Errorf("finding the program of process %d: %w", p.pid, err))
	}
	return name, nil
}

// Tasks lists the kernel's numbers of the process's threads.
func (p *Process) Tasks() ([]int, error) {
	entries, err := os.ReadDir(filepath.Join(p.root, "task"))
	if err != nil {
		return nil, p.gone(fmt.Errorf("listing the threads of process %d: %w", p.pid, err))
	}
	tids := make([]int, 0, len(entries))
	for _, e := range entries {
		if tid, err := strconv.Atoi(e.Name()); err == nil {
			tids = append(tids, tid)
		}
	}
	return tids, nil
}
