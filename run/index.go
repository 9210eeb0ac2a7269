package run

import (
	"fmt"
	"os"
	"sync"
	"time"
)

// The names of the streams in the index.
const (
	stdoutName = 'o'
	stderrName = 'e'
)

// mergeWithin is how close chunks of one stream must be to share a line, so that a program that writes
// single bytes makes an index of a bounded rate.
const mergeWithin = time.Millisecond

// index appends to output.idx. A chunk that comes after a pause is written at once; those that follow
// closely are gathered.
type index struct {
	mu      sync.Mutex
	file    *os.File
	end     int64 // of the last whole line
	started time.Time
	bell    func(end int64) // rung after each line

	stream  byte // of the chunk being gathered
	at      time.Time
	length  int64
	written time.Time // when the last line was
	timer   *time.Timer
}

func newIndex(file *os.File, bell func(end int64)) *index {
	x := &index{file: file, bell: bell, started: time.Now()}
	x.timer = time.AfterFunc(time.Hour, x.flush)
	x.timer.Stop()
	return x
}

// start sets the time that the lines count from.
func (x *index) start(t time.Time) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.started = t
}

// add notes bytes that are in the stream's log by now.
func (x *index) add(stream byte, length int64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	now := time.Now()
	if x.length > 0 && x.stream != stream {
		x.write()
	}
	if x.length > 0 {
		x.length += length
		return // the timer runs
	}
	x.stream, x.at, x.length = stream, now, length
	if wait := mergeWithin - now.Sub(x.written); wait > 0 {
		x.timer.Reset(wait)
	} else {
		x.write()
	}
}

// flush writes what was gathered.
func (x *index) flush() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.write()
}

// write puts the line at the end of the last whole one, so that half a line, left by a full disk, is
// written over. What no line tells of is shown all the same, once the run has ended.
func (x *index) write() {
	if x.length == 0 {
		return
	}
	line := fmt.Appendf(nil, "%.6f %c %d\n", max(0, x.at.Sub(x.started).Seconds()), x.stream, x.length)
	if _, err := x.file.WriteAt(line, x.end); err == nil {
		x.end += int64(len(line))
		x.length = 0
	}
	x.written = time.Now()
	x.bell(x.end)
}
