package app

import (
	"cmp"
	"slices"
	"time"

	"github.com/cantil-py/cantil/profile/sampler"
)

// TopScope is which samples count.
type TopScope struct {
	Mode     sampler.Mode
	PID, TID int // of one thread; 0, 0 for all
}

// TopSnapshot is what was found up to a moment.
type TopSnapshot struct {
	Elapsed     time.Duration // since the beginning, or the last Reset
	Rate        float64       // moments a second at which the process was looked at; 0 before it is known
	Recent, All int64         // samples that count
	Everything  int64         // samples of all modes, since the beginning
	States      [3]int64      // the same, for each sampler.State
	Functions   []TopFunction // in no order
	Threads     []TopThread   // by process and number
	Processes   int
	Counts      sampler.Counts // since the beginning, or the last Reset
	Unlisted    int64          // samples of threads that have no row: there are too many
	Ended       bool
}

// TopThread is a row of the table of threads; its figures are numbers of samples.
type TopThread struct {
	PID, TID                        int
	Name                            string
	Running, Holding                int64 // recently; Running has those that hold the GIL as well
	Looked                          int64 // samples recently, of any state
	AllRunning, AllHolding, AllTime int64 // since the beginning
	State                           sampler.State
	Now                             TopKey // what runs, with the line it is at
	Gone                            bool   // not seen recently
	Table                           bool   // it has functions of its own
}

// Snapshot is what was found so far.
func (t *Top) Snapshot(scope TopScope) TopSnapshot {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.bucket // a process that is not sampled any more keeps its last window
	s := TopSnapshot{Elapsed: time.Since(t.began), Counts: since(t.counts, t.reset), Unlisted: t.others, Ended: t.ended}
	if took := t.counted.Sub(t.began); took >= time.Second {
		s.Rate = float64(s.Counts.Ticks) / took.Seconds()
	}
	pids := map[int]bool{}
	for _, th := range t.threads {
		s.Threads = append(s.Threads, th.told(now))
		pids[th.id.pid] = true
	}
	s.Processes = len(pids)
	slices.SortFunc(s.Threads, func(a, b TopThread) int { return cmp.Or(cmp.Compare(a.PID, b.PID), cmp.Compare(a.TID, b.TID)) })
	if table := t.table(scope); table != nil {
		s.Recent, s.All = table.total.window(now).of(scope.Mode), table.total.all.of(scope.Mode)
		s.Everything = table.total.all.of(sampler.Wall)
		s.States = table.total.all
		s.Functions = table.functions(scope.Mode, now)
	}
	return s
}

// Path is what is known of the samples whose stack has these functions, each called by
// the one before.
func (t *Top) Path(scope TopScope, keys []TopKey) TopPath {
	t.mu.Lock()
	defer t.mu.Unlock()
	if table := t.table(scope); table != nil {
		return table.path(keys, scope.Mode)
	}
	return TopPath{}
}

func (t *Top) table(scope TopScope) *tally {
	if scope.PID == 0 {
		return t.all
	}
	if th := t.threads[threadID{scope.PID, scope.TID}]; th != nil {
		return th.table
	}
	return nil
}

func (th *topThread) told(now int64) TopThread {
	recent := th.count.window(now)
	return TopThread{PID: th.id.pid, TID: th.id.tid, Name: cmp.Or(th.python, th.name),
		Running: recent.of(sampler.CPU), Holding: recent.of(sampler.GIL), Looked: recent.of(sampler.Wall),
		AllRunning: th.count.all.of(sampler.CPU), AllHolding: th.count.all.of(sampler.GIL), AllTime: th.count.all.of(sampler.Wall),
		State: th.state, Now: th.now, Gone: th.seen+2 < now, Table: th.table != nil}
}

// since is what was counted after an earlier moment.
func since(now, then sampler.Counts) sampler.Counts {
	now.Ticks -= then.Ticks
	now.Samples -= then.Samples
	now.Rejects -= then.Rejects
	now.Rereads -= then.Rereads
	now.Salvaged -= then.Salvaged
	now.Missed -= then.Missed
	now.Late -= then.Late
	now.CPU -= then.CPU
	now.Wall -= then.Wall
	return now
}
