package run

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

const (
	countTo  = 300 // what the programs of the rounds print
	counting = `i=0; while [ $i -lt 300 ]; do echo $i; i=$((i+1)); [ $((i%10)) = 0 ] && sleep 0.001; done; exit 0`
	// strangers left their session, and do not listen to SIGTERM.
	strangers = `(trap '' TERM; setsid sleep 30 & setsid sh -c 'sleep 30 & sleep 30' &) ; `
)

// TestKillsAtAnyMoment kills a party of a run: after each, the folder reads well and no process is left.
func TestKillsAtAnyMoment(t *testing.T) {
	rounds := 18
	if os.Getenv("CANTIL_SLOW") == "1" {
		rounds = 501
	} else {
		t.Log("18 rounds; CANTIL_SLOW=1 makes 501")
	}
	began := time.Now()
	killRound(t, "nobody", 0)
	within := time.Since(began) * 3 // several run at once; some moments are before the program runs, some after its end
	parties := []string{"program", "front", "shim"}
	var hits [3]atomic.Int64
	var running sync.WaitGroup
	next := make(chan int)
	for range 4 {
		running.Go(func() {
			for i := range next {
				if killRound(t, parties[i%3], within) {
					hits[i%3].Add(1)
				}
			}
		})
	}
	for i := range rounds {
		next <- i
	}
	close(next)
	running.Wait()
	all := 0
	for i, party := range parties {
		t.Logf("the %s was there to be killed in %d of %d rounds", party, hits[i].Load(), rounds/3)
		all += int(hits[i].Load())
	}
	if all < rounds/3 {
		t.Error("hardly anyone was killed")
	}
}

// round is a front, in a process of its own, and its run.
type round struct {
	*testing.T
	party  string
	front  *exec.Cmd
	folder string
	killed bool
}

// killRound kills the party within that time, and says whether there was someone to kill.
func killRound(t *testing.T, party string, within time.Duration) bool {
	folder, err := os.MkdirTemp("", "cantil-kill")
	if err != nil {
		t.Error(err)
		return false
	}
	defer os.RemoveAll(folder)
	script := counting
	if party == "shim" {
		script = strangers + counting
	}
	spec, err := json.Marshal(Spec{Argv: []string{"/bin/sh", "-c", script}, Folder: folder, Grace: 50 * time.Millisecond})
	if err != nil {
		t.Error(err)
		return false
	}
	r := &round{T: t, party: party, front: exec.Command(os.Args[0]), folder: folder}
	r.front.Env = append(os.Environ(), frontVariable+"="+string(spec))
	r.front.Stderr = &bytes.Buffer{}
	if err := r.front.Start(); err != nil {
		t.Error(err)
		return false
	}
	if within > 0 {
		time.Sleep(rand.N(within))
		if pid := r.victim(); pid > 0 {
			r.killed = syscall.Kill(pid, syscall.SIGKILL) == nil
		}
	}
	_ = r.front.Wait() // its exit code is looked at below
	if _, err := ReadOutcome(folder); err == nil || !r.killed {
		r.endStrangers()
	}
	r.assertNobody()
	r.assertFolder()
	return r.killed
}

// victim is the process to kill; 0 if it is not there.
func (r *round) victim() int {
	front := r.front.Process.Pid
	if r.party == "front" {
		return front
	}
	all := processes()
	for _, shim := range all {
		if shim.parent != front || shim.zombie {
			continue
		}
		if args, _ := os.ReadFile("/proc/" + strconv.Itoa(shim.pid) + "/cmdline"); !strings.HasPrefix(string(args), shimName) {
			continue // not yet
		}
		if r.party == "shim" {
			return shim.pid
		}
		for _, program := range all {
			if program.parent == shim.pid && program.session == shim.pid && !program.zombie {
				return program.pid
			}
		}
	}
	return 0
}

// ofRun lists the processes that have the run's folder in their environment; the shim and the front in their spec.
func (r *round) ofRun() []int {
	all, _ := filepath.Glob("/proc/[0-9]*/environ")
	var pids []int
	for _, path := range all {
		env, err := os.ReadFile(path)
		pid, _ := strconv.Atoi(strings.Split(path, "/")[2])
		if err == nil && bytes.Contains(env, []byte(r.folder)) && Alive(pid) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// endStrangers: the run has ended, or will by itself, and what outlives the program is left alone.
func (r *round) endStrangers() {
	for _, pid := range r.ofRun() {
		if args, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cmdline"); !strings.HasPrefix(string(args), shimName) {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}
}

// assertNobody waits for the run to end, which it does by itself, and soon.
func (r *round) assertNobody() {
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		left := r.ofRun()
		if len(left) == 0 {
			return
		}
		if time.Now().After(deadline) {
			r.Errorf("%s killed: processes %d are left", r.party, left)
			r.endStrangers()
			return
		}
	}
}

// assertFolder: the output is what was written up to some moment, and Follow shows it; the outcome is right, or absent.
func (r *round) assertFolder() {
	_, err := os.Stat(filepath.Join(r.folder, IndexFile))
	log, _ := os.ReadFile(filepath.Join(r.folder, StdoutFile)) // made after the index
	if errors.Is(err, fs.ErrNotExist) {
		if !r.killed {
			r.Errorf("no log, though nobody was killed; the front says %s", r.front.Stderr)
		}
		return // it was killed before the program was started
	}
	whole := counted()
	if !strings.HasPrefix(whole, string(log)) {
		r.Errorf("%s killed: the log is %q", r.party, log)
	}
	var shown bytes.Buffer
	if err := Follow(r.Context(), r.folder, &shown, nil, nil); err != nil || shown.String() != string(log) {
		r.Errorf("%s killed: %d bytes are shown of %d, %v", r.party, shown.Len(), len(log), err)
	}
	o, err := ReadOutcome(r.folder)
	code := r.front.ProcessState.ExitCode()
	switch {
	case errors.Is(err, fs.ErrNotExist) && r.killed && r.party == "shim" && code == 125:
	case errors.Is(err, fs.ErrNotExist) && r.killed && r.party == "front" && len(log) == 0: // before it said what to run
	case err != nil:
		r.Errorf("%s killed: %v; the front ended with %d, saying %s", r.party, err, code, r.front.Stderr)
	case o.Signal == "SIGKILL" && r.killed && r.party == "program" && code == 137:
	case o.Status != Exited || o.Code != 0 || string(log) != whole || o.StdoutBytes != int64(len(log)):
		r.Errorf("%s killed: %+v, %d bytes of output", r.party, o, len(log))
	}
}

func counted() string {
	var b strings.Builder
	for i := range countTo {
		b.WriteString(strconv.Itoa(i) + "\n")
	}
	return b.String()
}
