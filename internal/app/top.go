package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/cantil-py/cantil/profile/sampler"
	"github.com/cantil-py/cantil/profile/sampler/remote"
	"github.com/cantil-py/cantil/run"
)

// TopOptions are which process to watch, and how.
type TopOptions struct {
	PID      int
	Rate     int // samples a second; 0 is the sampler's default
	Children bool
	Argv     []string // cantil's own command line, for advice
}

// Top watches a process: [Top.Run] samples it, and what was found so far may be asked
// for at any time, from other goroutines.
type Top struct {
	PID     int
	Command string // of the process, secrets masked
	Python  string // its version
	Rate    int    // samples a second that were asked for

	// CallersBiased says that this Python keeps its frames where they cannot be read in
	// one piece: cumulative shares of programs of very short calls are not to be trusted.
	CallersBiased bool

	sampler *sampler.Sampler
	argv    []string

	mu      sync.Mutex // guards all below
	began   time.Time
	bucket  int64 // of the latest sample
	all     *tally
	threads map[threadID]*topThread
	others  int64 // samples of threads beyond topThreads
	counts  sampler.Counts
	counted time.Time      // when counts were taken
	reset   sampler.Counts // at the last Reset
	ended   bool
}

type threadID struct{ pid, tid int }

// topThread is what is counted of a thread.
type topThread struct {
	id     threadID
	name   string // the kernel's
	python string // that of threading
	count  topCount
	now    TopKey        // what ran at the latest sample
	state  sampler.State // then
	table  *tally        // nil beyond ownTables
	seen   int64         // bucket of the latest sample
}

// topBucket is the time that the parts of the recent window last.
const topBucket = 500 * time.Millisecond

// TopWindow is the time that recent figures are of.
const TopWindow = topWindow * topBucket

// OpenTop finds the Python in the process. An error is an [Unreadable] where it is about
// the process.
func OpenTop(opts TopOptions) (*Top, error) {
	was := run.Alive(opts.PID)
	s, err := sampler.Open(opts.PID, sampler.Options{Rate: opts.Rate, Children: opts.Children})
	if errors.Is(err, remote.ErrGone) && was {
		return nil, &Unreadable{fmt.Errorf("process %d ended while it was read", opts.PID), ""}
	}
	if err != nil {
		return nil, unreadable(opts.PID, err, opts.Argv)
	}
	t := &Top{PID: opts.PID, Python: s.Version(), Rate: cmp.Or(opts.Rate, sampler.DefaultRate), CallersBiased: s.InclusiveBiased(),
		Command: shortCommand(opts.PID), sampler: s, argv: opts.Argv}
	t.Reset()
	return t, nil
}

// shortCommand is the command line of a process without the folder of its program.
func shortCommand(pid int) string {
	argv := commandOf(pid)
	if len(argv) > 0 {
		argv[0] = filepath.Base(argv[0])
	}
	return DumpProcess{Command: argv}.CommandLine()
}

// Run samples until the process has ended or ctx is done, and releases the process. ended
// says which.
func (t *Top) Run(ctx context.Context) (ended bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	var naming sync.WaitGroup
	naming.Go(func() { t.nameThreads(ctx) })
	var counted int64
	err = t.sampler.Run(ctx, func(x *sampler.Sample) error {
		bucket := int64(x.Time / topBucket)
		t.mu.Lock()
		defer t.mu.Unlock()
		if bucket != counted {
			counted = bucket
			t.counts, t.counted = t.sampler.Counts(), time.Now()
		}
		t.add(x, bucket)
		return nil
	})
	t.mu.Lock()
	t.counts, t.counted = t.sampler.Counts(), time.Now()
	t.ended = ctx.Err() == nil && err == nil
	ended = t.ended
	t.mu.Unlock()
	cancel()
	naming.Wait()
	if err != nil {
		err = unreadable(t.PID, err, t.argv)
	}
	return ended, errors.Join(err, t.sampler.Close())
}

// add counts a sample.
func (t *Top) add(x *sampler.Sample, bucket int64) {
	t.bucket = bucket
	t.all.add(x.Frames, x.State, bucket)
	id := threadID{x.PID, x.TID}
	th := t.threads[id]
	if th == nil {
		if len(t.threads) >= topThreads {
			t.others++
			return
		}
		th = &topThread{id: id}
		if len(t.threads) < ownTables {
			th.table = newTally(ownFunctions, ownPaths)
		}
		t.threads[id] = th
	}
	th.name, th.state, th.seen = x.Thread, x.State, bucket
	th.count.add(x.State, bucket)
	fn := x.Frames[0].Func
	th.now = TopKey{fn.Name, fn.File, x.Frames[0].Line}
	if th.table != nil {
		th.table.add(x.Frames, x.State, bucket)
	}
}

// Reset forgets what was counted so far.
func (t *Top) Reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all, t.threads, t.others = newTally(topFunctions, topPaths), map[threadID]*topThread{}, 0
	t.began, t.reset = time.Now(), t.counts
}

// nameEvery is how often threads without a name are looked for; nameAgain, how long a
// process is left alone that did not tell one.
const (
	nameEvery = 500 * time.Millisecond
	nameAgain = 10 * time.Second
)

// nameThreads asks for the names that threading has for threads. They are found by
// reading each stack once more, so only where there are new threads.
func (t *Top) nameThreads(ctx context.Context) {
	asked := map[threadID]time.Time{}
	timer := time.NewTicker(nameEvery)
	defer timer.Stop()
	for {
		for _, pid := range t.unnamed(asked) {
			stacks, err := sampler.Dump(pid)
			if err != nil {
				continue // it has ended, or will be told by the sampler
			}
			t.mu.Lock()
			for _, found := range stacks.Threads {
				if th := t.threads[threadID{pid, found.TID}]; th != nil && found.Main && found.Interp == 0 {
					th.python = "MainThread"
				} else if th != nil {
					th.python = found.Name
				}
			}
			t.mu.Unlock()
		}
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
	}
}

// unnamed lists the processes that have threads of which the name was not asked for lately.
func (t *Top) unnamed(asked map[threadID]time.Time) []int {
	t.mu.Lock()
	defer t.mu.Unlock()
	var pids []int
	for id, th := range t.threads {
		if th.python == "" && time.Since(asked[id]) > nameAgain {
			asked[id] = time.Now()
			if !slices.Contains(pids, id.pid) {
				pids = append(pids, id.pid)
			}
		}
	}
	return pids
}
