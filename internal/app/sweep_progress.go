package app

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/cantil-py/cantil/run"
	"github.com/cantil-py/cantil/sweep"
)

// The states of a point that are told apart while a sweep runs.
const (
	SweepDone    = sweep.Done
	SweepStopped = sweep.Stopped
	SweepLost    = sweep.Lost
)

// SweepProgress is how far a sweep is. Call [Sweep.Progress], and Note for each change.
type SweepProgress struct {
	all, before, jobs int
	done, failed      int
	running           map[int]time.Time // since when
	took              []time.Duration
}

// Progress is that of a sweep which is about to be run.
func (s *Sweep) Progress(how SweepHow) SweepProgress {
	p := SweepProgress{all: len(s.Points), jobs: max(1, how.over(s.How).Jobs), running: map[int]time.Time{}}
	if entries, err := s.store.Tagged(s.Tag()); err == nil { // else it is told by the run
		p.before = s.report(nil, entries).Counts.Done
	}
	return p
}

// Before is ", 7 of them done before", or "".
func (p *SweepProgress) Before() string {
	if p.before == 0 {
		return ""
	}
	return fmt.Sprintf(", %d of them done before", p.before)
}

// Note takes news of a point.
func (p *SweepProgress) Note(c SweepChange) {
	if !c.State.Ended() {
		p.running[c.Index] = time.Now()
		return
	}
	delete(p.running, c.Index)
	switch {
	case c.State == sweep.Done:
		p.done++
		p.took = append(p.took, time.Duration(c.Seconds*float64(time.Second)))
	case !c.Again:
		p.failed++
	}
}

// Line says how far it is, and how long the rest may take: "37 of 500 done, 2 running, 3m20s to 4m10s left".
func (p *SweepProgress) Line() string {
	parts := []string{fmt.Sprintf("%d of %d done", p.before+p.done, p.all)}
	if p.failed > 0 {
		parts = append(parts, fmt.Sprintf("%d failed", p.failed))
	}
	parts = append(parts, fmt.Sprintf("%d running", len(p.running)))
	behind := make([]time.Duration, 0, len(p.running))
	for _, since := range p.running {
		behind = append(behind, time.Since(since))
	}
	waiting := p.all - p.before - p.done - p.failed - len(p.running)
	if low, high, ok := sweep.Left(p.took, waiting, behind, p.jobs); ok && waiting+len(behind) > 0 {
		parts = append(parts, leftText(low, high)+" left")
	}
	return strings.Join(parts, ", ")
}

// leftText is an interval of time, or one time where its ends look alike.
func leftText(low, high time.Duration) string {
	from, to := roughly(low), roughly(high)
	if from == to {
		return "about " + to
	}
	return from + " to " + to
}

// roughly is a time as exactly as one wants to know it: seconds, of more than ten minutes whole minutes, of more than a day hours.
func roughly(d time.Duration) string {
	switch {
	case d >= 24*time.Hour:
		return fmt.Sprintf("%.0fh", d.Hours())
	case d >= 10*time.Minute:
		return strings.TrimSuffix(d.Round(time.Minute).String(), "0s")
	}
	return d.Round(time.Second).String()
}

// Figures are those of a run that has ended, as "loss=0.31", without those that it has not.
func (s *Sweep) Figures(folder string) []string {
	var list []string
	for _, m := range s.metrics {
		if v := m.read(folder); v == v { // no NaN
			list = append(list, m.name+"="+strconv.FormatFloat(v, 'g', 6, 64))
		}
	}
	return list
}

// mostWords is how much of a program's stderr is looked at for its last line.
const mostWords = 4 << 10

// LastWords are the last line that is not empty of what a run said on stderr, or "".
func LastWords(folder string) string {
	output, err := tailOf(filepath.Join(folder, run.StderrFile), mostWords)
	if err != nil {
		return ""
	}
	text := strings.TrimSpace(string(output))
	return strings.TrimSpace(text[strings.LastIndexByte(text, '\n')+1:])
}
