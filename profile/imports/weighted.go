package imports

import (
	"errors"
	"math"
	"time"

	"github.com/cantil-py/cantil/profile/stacks"
)

// maxSamples bounds what a file's weights become: more are scaled down to so many, each of which then stands for more time.
const maxSamples = 1 << 20

var (
	errNoSamples = errors.New("it has no samples")
	errWeight    = errors.New("a weight is negative, or no number")
)

// weighted is what a sampling tool kept: stacks, and the weight of each.
type weighted struct {
	rec     *stacks.Recorder
	list    []weighedStack
	total   float64
	least   float64 // of the weights, without those that are 0
	frames  int
	perUnit time.Duration // what a weight of 1 stands for; 0 where weights are counts of samples
	mode    string
	command string
}

type weighedStack struct {
	thread stacks.ThreadID
	frames []stacks.Frame // innermost first
	weight float64
}

// maxFrames bounds the frames of all stacks of a file together: 1 GiB.
const maxFrames = 64 << 20

var errFrames = errors.New("its stacks have too many frames")

func newWeighted() *weighted {
	return &weighted{rec: stacks.NewRecorder(), least: math.Inf(1), mode: "wall"}
}

// add takes one stack, innermost frame first.
func (w *weighted) add(thread stacks.Thread, frames []stacks.Frame, weight float64) error {
	if !(weight >= 0) || math.IsInf(weight, 1) {
		return errWeight
	}
	if weight == 0 || len(frames) == 0 {
		return nil
	}
	if w.frames += len(frames); w.frames > maxFrames {
		return errFrames
	}
	w.list = append(w.list, weighedStack{w.rec.Thread(thread), frames, weight})
	w.total += weight
	w.least = min(w.least, weight)
	return nil
}

// frame is a frame of a function that may be of no file.
func (w *weighted) frame(name, file string, firstLine, line int) stacks.Frame {
	f := stacks.Func{Name: name, File: file, FirstLine: bounded(firstLine), Native: file == ""}
	return stacks.Frame{Func: w.rec.Func(f), Line: int32(bounded(line))}
}

func bounded(line int) int { return int(max(0, min(int64(line), math.MaxInt32))) }

// profile makes samples of the weights: each stands for one, or in weights of time for the least of them, or for more
// where they would be too many.
func (w *weighted) profile() (Profile, error) {
	if len(w.list) == 0 {
		return Profile{}, errNoSamples
	}
	unit := 1.0
	if w.perUnit > 0 {
		unit = w.least
	}
	unit = max(unit, w.total/maxSamples)
	ticks := 0
	for _, s := range w.list {
		for range int(math.Round(s.weight / unit)) {
			w.rec.Add(time.Duration(ticks)*time.Microsecond, s.thread, stacks.Running, s.frames)
			ticks++
		}
	}
	info := stacks.Info{Mode: w.mode, Clock: "monotonic", Merged: 0, Counts: stacks.Counts{Ticks: int64(ticks)}}
	if w.command != "" {
		info.Command = []string{w.command}
	}
	if wall := w.total * float64(w.perUnit); wall < math.MaxInt64 {
		info.Counts.Wall = time.Duration(wall)
	}
	p := w.rec.Profile(info)
	p.Untimed = true
	for i := range p.Samples {
		p.Samples[i].At = 0
	}
	return Profile{Sampled: p}, nil
}
