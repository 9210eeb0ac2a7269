package app

import (
	"cmp"
	"encoding/json"
	"io"
	"slices"
	"time"

	"github.com/cantil-py/cantil/profile/sampler"
)

// TopDefaultMode is which samples count where nobody said otherwise: threads that are not idle.
const TopDefaultMode = sampler.CPU

// streamFunctions bounds the functions of one object of the stream, those with the most
// samples of that second first.
const streamFunctions = 100

// TopStream prints what a [Top] has found as lines of JSON: docs/formats/top.md.
type TopStream struct {
	top    *Top
	out    *json.Encoder
	before map[TopKey]TopFigures // at the line before
	states byState
	last   time.Time
}

// topLine is one line of the stream.
type topLine struct {
	Time      time.Time          `json:"time"`
	PID       int                `json:"pid"`
	Python    string             `json:"python"`
	Seconds   float64            `json:"seconds"` // since the line before
	Elapsed   float64            `json:"elapsed"` // since the beginning
	Samples   streamStates       `json:"samples"` // since the line before
	Total     streamStates       `json:"total"`   // since the beginning
	Rejected  int64              `json:"rejected"`
	Salvaged  int64              `json:"salvaged"`
	Missed    int64              `json:"missed"`
	Ticks     int64              `json:"ticks"`
	Functions []streamedFunction `json:"functions"`
	LeftOut   int                `json:"functions_left_out"`
	Threads   []streamedThread   `json:"threads"`
	Ended     bool               `json:"ended"`
}

// streamStates are numbers of samples by what the thread did.
type streamStates struct {
	Idle    int64 `json:"idle"`
	Running int64 `json:"running"`
	GIL     int64 `json:"gil"`
}

type streamedFunction struct {
	Function        string `json:"function"`
	File            string `json:"file"`
	FirstLine       int    `json:"first_line"`
	Own             int64  `json:"own"`
	Cumulative      int64  `json:"cumulative"`
	OwnTotal        int64  `json:"own_total"`
	CumulativeTotal int64  `json:"cumulative_total"`
}

type streamedThread struct {
	PID      int    `json:"pid"`
	TID      int    `json:"tid"`
	Name     string `json:"name"`
	State    string `json:"state"`
	Function string `json:"function"`
	Line     int    `json:"line"`
}

// NewTopStream prepares to write to w.
func NewTopStream(top *Top, w io.Writer) *TopStream {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	return &TopStream{top: top, out: out, before: map[TopKey]TopFigures{}, last: time.Now()}
}

// Write writes a line of what was found since the line before.
func (s *TopStream) Write() error {
	snapshot := s.top.Snapshot(TopScope{Mode: TopDefaultMode})
	now := time.Now()
	states := snapshot.States
	line := topLine{Time: now.UTC(), PID: s.top.PID, Python: s.top.Python, Seconds: now.Sub(s.last).Seconds(), Elapsed: snapshot.Elapsed.Seconds(),
		Samples: streamed(states, s.states), Total: streamed(states, byState{}), Rejected: snapshot.Counts.Rejects,
		Salvaged: snapshot.Counts.Salvaged, Missed: snapshot.Counts.Missed, Ticks: snapshot.Counts.Ticks,
		Functions: s.functions(snapshot.Functions), Threads: []streamedThread{}, Ended: snapshot.Ended}
	if n := len(line.Functions); n > streamFunctions {
		line.Functions, line.LeftOut = line.Functions[:streamFunctions], n-streamFunctions
	}
	for _, th := range snapshot.Threads {
		if !th.Gone {
			line.Threads = append(line.Threads, streamedThread{th.PID, th.TID, th.Name, th.State.String(), th.Now.Name, th.Now.Line})
		}
	}
	s.states, s.last = states, now
	return s.out.Encode(line)
}

// functions are those that have samples since the line before, most own samples first.
func (s *TopStream) functions(all []TopFunction) []streamedFunction {
	list := []streamedFunction{}
	for _, f := range all {
		then := s.before[f.TopKey]
		if f.All.Cumulative == then.Cumulative {
			continue
		}
		s.before[f.TopKey] = f.All
		list = append(list, streamedFunction{f.Name, f.File, f.Line, f.All.Own - then.Own, f.All.Cumulative - then.Cumulative, f.All.Own, f.All.Cumulative})
	}
	slices.SortFunc(list, func(a, b streamedFunction) int {
		return cmp.Or(cmp.Compare(b.Own, a.Own), cmp.Compare(b.Cumulative, a.Cumulative), cmp.Compare(a.Function, b.Function),
			cmp.Compare(a.File, b.File), cmp.Compare(a.FirstLine, b.FirstLine))
	})
	return list
}

func streamed(now, then byState) streamStates {
	return streamStates{now[sampler.Idle] - then[sampler.Idle], now[sampler.Running] - then[sampler.Running], now[sampler.Holding] - then[sampler.Holding]}
}

// Heaviest lists the n functions with the most own samples since the beginning.
func (s TopSnapshot) Heaviest(n int) []TopFunction {
	list := slices.DeleteFunc(slices.Clone(s.Functions), func(f TopFunction) bool { return f.All.Own == 0 })
	slices.SortFunc(list, func(a, b TopFunction) int {
		return cmp.Or(cmp.Compare(b.All.Own, a.All.Own), a.compare(b.TopKey))
	})
	return list[:min(n, len(list))]
}

// OwnShare is the share of a function's own samples in all that count, in percent.
func (f TopFunction) OwnShare(s TopSnapshot) float64 {
	return 100 * float64(f.All.Own) / float64(max(s.All, 1))
}
