//go:build unix

package launch

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Main must be called first of all in main. In a process that [Open] made it is the whole life of that
// process: is is true, and main exits with code. In all others it returns at once, is false.
func Main() (code int, is bool) {
	if len(os.Args) == 0 || os.Args[0] != launcherName {
		return 0, false
	}
	runtime.LockOSThread() // counters belong to a thread, and so does the wish to die with one's parent
	for fd := requestFD; fd <= lifeFD; fd++ {
		syscall.CloseOnExec(fd)
	}
	m := &maker{event: instructions, counts: true}
	if err := m.open(); err != nil {
		return 1, true
	}
	adopt()
	go m.watch()
	settle()
	return m.serve(), true
}

// maker is the launcher's own side.
type maker struct {
	commands []Command
	null     *os.File
	event    event // what is counted in each program
	counts   bool  // the kernel does, as far as we know
	floor    int64 // our peak when it was looked at last

	mu      sync.Mutex
	running int // the process id, 0 if none runs
	end     string
	gone    bool // nobody wants more
}

// mostGrowth bounds what this process grows by between two runs: it reads a line and writes one.
const mostGrowth = 32 << 20

// garbageAfter so many answers, garbage is collected: 10 to 20 KB of each. That is never done while a program runs, which might want
// the processor.
const garbageAfter = 32

// sweepFor bounds how long processes that were killed are waited for: one that waits for a dead disk cannot die.
const sweepFor = 5 * time.Second

// What ended a program before its time.
const (
	endTimeout = "timeout"
	endKilled  = "killed"
)

func (m *maker) open() (err error) {
	m.null, err = os.OpenFile(os.DevNull, os.O_RDWR, 0)
	return err
}

// serve answers requests until there are no more.
func (m *maker) serve() (code int) {
	answered := 0
	requests, answers := lines(os.NewFile(requestFD, "requests")), os.NewFile(answerFD, "answers")
	for requests.Scan() {
		var r request
		if err := json.Unmarshal(requests.Bytes(), &r); err != nil {
			return 1 // nobody but Open speaks to us
		}
		if err := send(answers, m.answer(r)); err != nil {
			return 0
		}
		collect()
		if answered++; r.Add != nil || answered%garbageAfter == 0 {
			runtime.GC()
		}
	}
	return 0
}

func (m *maker) answer(r request) answer {
	switch {
	case r.Add != nil:
		m.commands = append(m.commands, *r.Add)
		return answer{}
	case r.Try:
		return m.try()
	case r.Run < 0 || r.Run >= len(m.commands):
		return answer{Error: "no such command"}
	}
	return m.run(&m.commands[r.Run], r.Pad)
}

// watch ends the program when we are told to, and us when nobody can tell us any more.
func (m *maker) watch() {
	life, one := os.NewFile(lifeFD, "life"), make([]byte, 1)
	for {
		_, err := life.Read(one)
		m.mu.Lock()
		m.gone = err != nil
		m.mu.Unlock()
		m.kill(endKilled)
		if err != nil {
			return
		}
	}
}

// kill ends the program that runs, with its group. Between the end of a program and running being 0 lie
// microseconds, in which no process of the same id can have come up.
func (m *maker) kill(why string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.running == 0 {
		return
	}
	m.end = why
	_ = syscall.Kill(-m.running, syscall.SIGKILL) // it may end at this moment
	killAdopted()
}

// try makes a process that fails to become a program: a folder cannot be executed.
func (m *maker) try() answer {
	began := time.Now()
	_, err := syscall.ForkExec("/", []string{"/"}, m.attr(&Command{}, nil))
	wall := time.Since(began)
	if err == nil {
		return answer{Error: "the root folder could be executed"}
	}
	return answer{Usage: Usage{Wall: wall}}
}

func (m *maker) run(c *Command, pad int) answer {
	env := c.Env
	if pad >= 0 {
		env = append(env[:len(env):len(env)], PadVariable+"="+strings.Repeat("x", pad))
	}
	attr := m.attr(c, env)
	if c.Input != "" {
		input, err := os.Open(c.Input)
		if err != nil {
			return failed(fmt.Errorf("opening its input: %w", err))
		}
		defer input.Close()
		attr.Files[0] = input.Fd()
	}
	var u Usage
	var count *counter
	if m.counts {
		count = openCounter(m.event)
		m.counts = count != nil
		defer count.close()
	}
	began := time.Now()
	pid, err := syscall.ForkExec(c.Argv[0], c.Argv, attr)
	if err != nil {
		return failed(fmt.Errorf("starting %s: %w", c.Argv[0], err))
	}
	m.began(pid)
	memory := watchTogether(pid)
	var clock *time.Timer
	if c.Timeout > 0 {
		clock = time.AfterFunc(c.Timeout-time.Since(began), func() { m.kill(endTimeout) })
	}
	status, rusage, err := wait(pid)
	u.Wall = time.Since(began)
	seen := memory.end()
	if clock != nil {
		clock.Stop()
	}
	end := m.ended()
	if err != nil {
		return failed(fmt.Errorf("waiting for %s: %w", c.Argv[0], err))
	}
	u.Instructions, u.Counted = count.read()
	u.User, u.System = time.Duration(rusage.Utime.Nano()), time.Duration(rusage.Stime.Nano())
	u.Peak = int64(rusage.Maxrss) * maxRSSUnit
	u.Several = seen > 0
	u.Peak = max(u.Peak, seen)
	u.Floor = m.floorFor(u.Peak)
	u.Code = codeOf(status)
	u.TimedOut, u.Killed = end == endTimeout, end == endKilled
	if end != "" {
		sweep()
	}
	return answer{Usage: u}
}

// floorFor is our own peak, as of now or of a time when it was above the peak of the program already. It only
// grows, and looking takes a tenth of a short run.
func (m *maker) floorFor(peak int64) int64 {
	if peak > m.floor && peak < m.floor+mostGrowth {
		m.floor = highWater()
	}
	return m.floor
}

func (m *maker) began(pid int) {
	m.mu.Lock()
	m.running, m.end = pid, ""
	gone := m.gone
	m.mu.Unlock()
	if gone {
		m.kill(endKilled)
	}
}

func (m *maker) ended() (end string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.running = 0
	return m.end
}

// attr is how a program is started: in a group of its own, so that all of it can be killed.
func (m *maker) attr(c *Command, env []string) *syscall.ProcAttr {
	null := m.null.Fd()
	files := []uintptr{null, null, null}
	if c.Show {
		files[1], files[2] = 1, 2
	}
	return &syscall.ProcAttr{Dir: c.Dir, Env: env, Files: files, Sys: programAttr()}
}

// wait collects a process.
func wait(pid int) (status syscall.WaitStatus, used syscall.Rusage, err error) {
	for {
		_, err = syscall.Wait4(pid, &status, 0, &used)
		if err != syscall.EINTR {
			return status, used, err
		}
	}
}

// sweep kills what a program that was killed has left behind, and collects it.
func sweep() {
	for deadline := time.Now().Add(sweepFor); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		killAdopted()
		if left := collect(); !left {
			return
		}
	}
}

// collect waits for what has ended of that which programs left behind; left says whether something still lives.
func collect() (left bool) {
	for {
		pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil)
		if pid <= 0 && err != syscall.EINTR {
			return err == nil
		}
	}
}

func failed(err error) answer {
	var errno syscall.Errno
	errors.As(err, &errno)
	return answer{Error: err.Error(), Errno: int(errno)}
}

// codeOf is what a shell would report.
func codeOf(status syscall.WaitStatus) int {
	if status.Signaled() {
		return 128 + int(status.Signal())
	}
	return status.ExitStatus()
}
