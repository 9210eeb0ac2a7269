//go:build unix

package run

import (
	"os"
	"os/signal"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// relay passes the signals that would end us on to the program.
type relay struct {
	signals chan os.Signal
	done    chan struct{}
}

func catchSignals() *relay {
	r := &relay{signals: make(chan os.Signal, 8), done: make(chan struct{})}
	for _, s := range []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT} {
		if !signal.Ignored(s) { // nohup's choice is the program's too
			signal.Notify(r.signals, s)
		}
	}
	return r
}

func (r *relay) to(p *os.Process) {
	go func() {
		for {
			select {
			case s := <-r.signals:
				if fromKeyboard(s) && inForeground() {
					continue // the terminal has sent it to the program as well
				}
				_ = p.Signal(s) // it may have ended meanwhile
			case <-r.done:
				return
			}
		}
	}()
}

func (r *relay) stop() {
	signal.Stop(r.signals)
	close(r.done)
}

func fromKeyboard(s os.Signal) bool { return s == syscall.SIGINT || s == syscall.SIGQUIT }

// inForeground says whether our process group is the one the terminal's keys go to.
func inForeground() bool {
	tty, err := os.Open("/dev/tty")
	if err != nil {
		return false
	}
	defer tty.Close()
	group, err := unix.IoctlGetInt(int(tty.Fd()), unix.TIOCGPGRP)
	return err == nil && group == unix.Getpgrp()
}

func askToEnd(p *os.Process) error { return p.Signal(syscall.SIGTERM) }

func signalOf(state *os.ProcessState) (int, string) {
	status, ok := state.Sys().(syscall.WaitStatus)
	if !ok || !status.Signaled() {
		return 0, ""
	}
	return int(status.Signal()), unix.SignalName(status.Signal())
}

// maxRSS is in bytes; Linux and most others count in KiB, macOS in bytes.
func maxRSS(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" || runtime.GOOS == "ios" {
		return int64(usage.Maxrss)
	}
	return int64(usage.Maxrss) << 10
}
