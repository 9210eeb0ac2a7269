package sampler

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/cantil-py/cantil/profile/sampler/cpython"
	"github.com/cantil-py/cantil/profile/sampler/remote"
)

// Options of a [Sampler]; the zero value is 1000 samples a second of every thread.
type Options struct {
	Rate     int // ticks a second; 0 is DefaultRate, FlatOut as many as possible
	Mode     Mode
	Children bool // the processes that it starts as well, as they appear

	// Native has stacks begin with the C function that the innermost frame has called,
	// where the code tells its name. Its Func is Native.
	Native bool

	// Pause stops each process while it is read, by ptrace, for some 50 us and 20 more
	// for each thread. No stack can then be put together of two moments, in any version
	// of Python; what runs is slowed down, by up to a fifth at 1 kHz. Nobody may wait for
	// the end of these processes (exec.Cmd.Wait) in this program while Run runs.
	Pause bool
}

// Rates.
const (
	DefaultRate = 1000
	MaxRate     = 1_000_000
	FlatOut     = -1
)

const (
	listEvery     = 2 * time.Millisecond  // that new threads are looked for
	codesEvery    = time.Second           // that remembered code is compared with memory
	familyEvery   = 50 * time.Millisecond // that children are looked for
	renameEvery   = 50 * time.Millisecond // that a thread's number and name are asked for: before 3.11 a new thread may look like the old
	retryEvery    = 10 * time.Millisecond // that a process is looked at which has become another program
	pausesATick   = 4                     // a thread that stands in the middle of a call is let go on for a moment
	betweenPauses = 100 * time.Microsecond
	statesATick   = 16 // threads whose state is asked for although nothing of them has changed
)

// Sampler samples a process, and its children if asked to. Its methods are for one
// goroutine at a time.
type Sampler struct {
	opts   Options
	family *family
	pacer  *pacer
	counts Counts
	began  time.Time
}

// Open finds the Python in a process. It fails with a *cpython.NotPythonError where
// there is none (yet), a *remote.PermissionError where it may not be read, and an
// error that wraps remote.ErrGone where the process has ended.
func Open(pid int, opts Options) (*Sampler, error) {
	if opts.Rate == 0 {
		opts.Rate = DefaultRate
	}
	if opts.Rate < FlatOut || opts.Rate > MaxRate {
		return nil, fmt.Errorf("a rate of %d samples a second; 1 to %d are possible", opts.Rate, MaxRate)
	}
	root, err := openMember(pid, opts.Native)
	if err != nil {
		return nil, err
	}
	s := &Sampler{opts: opts, family: newFamily(root, opts.Children), pacer: newPacer(opts.Rate)}
	if opts.Pause {
		if err := s.tryPause(); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	return s, nil
}

// tryPause finds out early whether the process may be paused.
func (s *Sampler) tryPause() error {
	return onOwnThread(func() error {
		err := s.family.root.p.Pause()
		s.family.root.p.Resume()
		return err
	})
}

// Version is the version of the process's Python, "3.12.1".
func (s *Sampler) Version() string { return s.family.root.target.Version() }

// File is the program or library that the process's Python is in.
func (s *Sampler) File() string { return s.family.root.target.File() }

// InclusiveBiased says that this Python (before 3.11) keeps its frames where they
// cannot be read in one piece: the functions that run are right, but in programs of
// very short calls the callers may be those of another moment.
func (s *Sampler) InclusiveBiased() bool { return s.family.root.target.InclusiveBiased() }

// Close releases what Open opened. The process goes on.
func (s *Sampler) Close() error {
	s.family.close()
	return nil
}

// Run samples until ctx is done, the process and its children have ended, or each
// returns an error, which it then returns; the first two are no errors. The Sample
// and its Frames are valid during the call only. each is called from one goroutine
// that is bound to its thread, with Options.Pause another than Run's; while it works
// no samples are taken, and the ticks that it missed are counted.
func (s *Sampler) Run(ctx context.Context, each func(*Sample) error) error {
	if s.opts.Pause {
		return onOwnThread(func() error { return s.run(ctx, each) })
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	return s.run(ctx, each)
}

// onOwnThread runs f on a thread of the system that ends with it, so that the kernel
// lets go whatever is still traced by then. The program's first thread does not end
// when it should; f is not run there.
func onOwnThread(f func() error) error {
	result := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // and never unlocked: that ends the thread
		defer close(result)
		if firstThread() {
			result <- onOwnThread(f)
		} else {
			result <- f()
		}
	}()
	return <-result
}

func (s *Sampler) run(ctx context.Context, each func(*Sample) error) error {
	if s.began.IsZero() {
		s.began = time.Now()
	}
	cpu, wall := threadCPU(), time.Now()
	defer func() {
		s.counts.CPU += threadCPU() - cpu
		s.counts.Wall += time.Since(wall)
	}()
	s.pacer.begin()
	for ctx.Err() == nil && len(s.family.members) > 0 {
		now, due := s.pacer.wait()
		if !due {
			continue // woken early, so that ctx is seen in time
		}
		s.counts.Ticks++
		if err := s.tick(now, each); err != nil {
			return err
		}
	}
	return nil
}

// tick samples every process once.
func (s *Sampler) tick(now time.Time, each func(*Sample) error) error {
	for _, m := range s.family.grow(now) {
		err := m.tick(now, s.opts.Pause)
		if errors.Is(err, remote.ErrGone) {
			s.leave(m)
			continue
		}
		var forbidden *remote.PermissionError
		if errors.As(err, &forbidden) {
			return err // to pause it
		}
		if err != nil && m.again(now) != nil {
			s.leave(m)
			continue
		}
		if err == nil {
			if err := s.hand(now, m, each); err != nil {
				return err
			}
		}
	}
	return nil
}

// leave forgets a process and keeps what was counted of it.
func (s *Sampler) leave(m *member) {
	s.counts.add(m)
	s.family.remove(m)
}

// hand passes the samples of one process on.
func (s *Sampler) hand(now time.Time, m *member, each func(*Sample) error) error {
	sample := &m.sample
	sample.Time, sample.PID = now.Sub(s.began), m.pid
	for i, th := range m.watch.Threads {
		if len(th.Frames) == 0 || s.opts.Mode == GIL && !th.Holds {
			continue
		}
		about := m.about(now, i, th)
		if s.opts.Mode == CPU && about.state == Idle {
			continue
		}
		s.counts.Samples++
		sample.TID, sample.Thread, sample.Interp = about.tid, about.name, th.ID
		sample.State, sample.Frames = about.state, th.Frames
		if err := each(sample); err != nil {
			return err
		}
	}
	return nil
}

// Counts is what was done so far. Call it after Run, or from each.
func (s *Sampler) Counts() Counts {
	c := s.counts
	for _, m := range s.family.members {
		c.add(m)
	}
	c.Missed, c.Late, c.MaxLate = s.pacer.missed, s.pacer.late, s.pacer.maxLate
	return c
}

// add adds what was counted of a process.
func (c *Counts) add(m *member) {
	st := m.stats()
	c.Rejects += st.Rejects
	c.Rereads += st.Rereads
	c.Salvaged += st.Salvaged
	c.Reads += m.p.Calls() - m.opened
}

// member is a process that is sampled.
type member struct {
	pid       int
	native    bool // Options.Native
	p         *remote.Process
	target    *cpython.Target
	watch     *cpython.Watch
	tasks     *tasks
	past      cpython.Stats // of programs that it ran before
	opened    int64         // reads that were needed to begin
	listed    time.Time     // when the list of threads was last compared
	codes     time.Time     // when the codes were
	lost      time.Time     // since when it is no Python that is known; zero while it is
	retried   time.Time
	sample    Sample
	known     map[uint64]*about // by address of the PyThreadState
	nextState int               // whose state is asked for in turn
	paused    bool              // the states are those from before the pause
}

// about is what is known of a thread beside its stack.
type about struct {
	thread cpython.Thread
	tid    int
	name   string
	state  State
	asked  time.Time // when tid and name were
}

func openMember(pid int, native bool) (*member, error) {
	p, err := remote.Open(pid)
	if err != nil {
		return nil, err
	}
	m := &member{pid: pid, p: p, native: native}
	if err := m.attach(time.Now()); err != nil {
		p.Close()
		return nil, err
	}
	m.opened = p.Calls()
	return m, nil
}

// attach finds the interpreter and its threads.
func (m *member) attach(now time.Time) error {
	target, err := cpython.Attach(m.p)
	if err != nil {
		return err
	}
	target.Natives(m.native)
	watch, err := cpython.NewWatch(target)
	if err != nil {
		return fmt.Errorf("process %d: %w", m.pid, err)
	}
	tasks, err := newTasks(m.p)
	if err != nil {
		return err
	}
	if m.watch != nil {
		m.past = m.stats()
		m.tasks.close()
	}
	m.target, m.watch, m.tasks, m.codes, m.known = target, watch, tasks, now, map[uint64]*about{}
	return nil
}

// again attaches to a process that has become another program, for as long as that
// may take to become Python.
func (m *member) again(now time.Time) error {
	if m.lost.IsZero() {
		m.lost = now
	}
	if now.Sub(m.retried) < retryEvery {
		return nil
	}
	m.retried = now
	err := m.attach(now)
	if err == nil {
		m.lost = time.Time{}
	} else if errors.Is(err, remote.ErrGone) || now.Sub(m.lost) > youth {
		return err
	}
	return nil
}

func (m *member) stats() cpython.Stats {
	st := m.watch.Stats()
	return cpython.Stats{Rereads: m.past.Rereads + st.Rereads, Salvaged: m.past.Salvaged + st.Salvaged, Rejects: m.past.Rejects + st.Rejects}
}

func (m *member) close() {
	m.tasks.close()
	m.p.Close()
}

// tick reads the stacks, and from time to time makes sure of what is remembered.
func (m *member) tick(now time.Time, pause bool) error {
	if now.Sub(m.codes) >= codesEvery {
		m.codes = now
		if err := m.target.Revalidate(); err != nil {
			return err
		}
		m.forget()
	}
	list := now.Sub(m.listed) >= listEvery
	if list {
		m.listed = now
	}
	m.nextState = (m.nextState + statesATick) % max(1, len(m.watch.Threads))
	if !pause {
		return m.watch.Tick(list)
	}
	m.askStates(now)
	for range pausesATick - 1 {
		if err := m.pausedTick(list); err != nil || !m.watch.Again() {
			return err
		}
		time.Sleep(betweenPauses) // or it would stand where it stood
	}
	return m.pausedTick(list)
}

// pausedTick reads the stacks of a process that stands still.
func (m *member) pausedTick(list bool) error {
	if err := m.p.Pause(); err != nil {
		return err
	}
	m.target.Still(true)
	defer m.p.Resume()
	return m.watch.Tick(list)
}

// askStates asks for the states of all threads before they are paused: afterwards they
// are all awake.
func (m *member) askStates(now time.Time) {
	m.paused = true
	for _, th := range m.watch.Threads {
		a := m.aboutThread(now, th)
		a.state = m.tasks.state(a.tid, false)
	}
}

// forget drops what is known of threads that have ended.
func (m *member) forget() {
	alive := map[uint64]bool{}
	for _, th := range m.watch.Threads {
		alive[th.Addr] = true
	}
	for addr, a := range m.known {
		if !alive[addr] {
			m.tasks.forget(a.tid)
			delete(m.known, addr)
		}
	}
}

// about tells number, name and state of a thread, the i-th of the list. The state of
// one that cannot have run Python since the last tick is asked for in turn only.
func (m *member) about(now time.Time, i int, th *cpython.Watched) *about {
	a := m.aboutThread(now, th)
	turn := i-m.nextState >= 0 && i-m.nextState < statesATick
	switch {
	case th.Holds:
		a.state = Holding
	case !m.paused && (th.Fresh || turn):
		a.state = m.tasks.state(a.tid, false)
	}
	return a
}

// aboutThread tells number and name of a thread.
func (m *member) aboutThread(now time.Time, th *cpython.Watched) *about {
	a := m.known[th.Addr]
	if a == nil || a.thread != th.Thread {
		a = &about{thread: th.Thread}
		m.known[th.Addr] = a
	}
	if now.Sub(a.asked) >= renameEvery {
		if tid := m.tasks.tidOf(th.Thread); tid != a.tid {
			m.tasks.forget(a.tid)
			a.tid = tid
		}
		a.name, a.asked = m.tasks.name(a.tid), now
	}
	return a
}
