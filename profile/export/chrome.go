package export

import (
	"bufio"
	"errors"
	"io"
	"strconv"
	"time"

	"github.com/cantil-py/cantil/profile/stacks"
)

// chrome is the Trace Event format: what ran when, a track for each thread. A span is a
// function that was on the stack in one sample after the other; what ran between two
// samples is not seen. Exact profiles do not know when anything ran.
//
// Format: https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU,
// complete events ("X"), in microseconds, and metadata ("M").
func chrome() Format {
	return Format{
		Name: "chrome", Summary: "ui.perfetto.dev, chrome://tracing: Trace Event JSON, what ran when in each thread", Ending: ".trace.json",
		Sampled: writeChrome, Refusal: "an exact profile does not know when anything ran; cantil profile --sample records it",
	}
}

var errUntimed = errors.New("the times of its samples are not known, for another tool has rewritten the file; only when each was taken makes a trace")

func writeChrome(w io.Writer, p *stacks.Profile) error {
	if p.Untimed && len(p.Samples) > 0 {
		return errUntimed
	}
	c := &chromeWriter{out: bufio.NewWriterSize(w, 1<<16), p: p, threads: make([]chromeThread, len(p.Threads))}
	c.period = max(p.Period(), time.Microsecond)
	c.funcs = make([][]byte, len(p.Funcs))
	c.out.WriteString(`{"displayTimeUnit":"ms","otherData":{"exporter":"cantil"},"traceEvents":[`)
	c.nameThreads()
	for i := range p.Samples {
		c.add(&p.Samples[i])
	}
	for id := range c.threads {
		c.close(&c.threads[id], 0)
	}
	c.out.WriteString("\n]}\n")
	return c.out.Flush() // it keeps the first error
}

type chromeWriter struct {
	out     *bufio.Writer
	p       *stacks.Profile
	period  time.Duration
	threads []chromeThread
	funcs   [][]byte // a function's part of an event
	frames  []stacks.FuncID
	events  int
	line    []byte
}

// chromeThread is a track, and the spans that are open on it, the outermost first.
type chromeThread struct {
	place []byte // its numbers, as every event has them
	open  []chromeSpan
	end   time.Duration // of the last sample
}

type chromeSpan struct {
	fn    stacks.FuncID
	begin time.Duration
}

// nameThreads gives each thread a number of its own: some have none.
func (c *chromeWriter) nameThreads() {
	type place struct{ pid, tid int }
	taken := map[place]bool{}
	processes := map[int]bool{}
	for id, t := range c.p.Threads {
		at := place{t.PID, t.TID}
		for next := 1; at.tid == 0 || taken[at]; next++ {
			at.tid = next
		}
		taken[at] = true
		line := strconv.AppendInt([]byte(`,"pid":`), int64(at.pid), 10)
		line = strconv.AppendInt(append(line, `,"tid":`...), int64(at.tid), 10)
		c.threads[id].place = line
		if !processes[t.PID] {
			processes[t.PID] = true
			c.metadata("process_name", line, shortened(commandName(c.p), maxText))
		}
		name := t.Name
		if name == "" {
			name = "thread"
		}
		c.metadata("thread_name", line, name)
	}
}

func (c *chromeWriter) metadata(what string, place []byte, name string) {
	c.line = append(append(append(c.line[:0], `{"ph":"M","name":"`...), what...), '"')
	c.line = append(append(c.line, place...), `,"args":{"name":`...)
	c.line = append(appendJSON(c.line, name), "}}"...)
	c.event()
}

func (c *chromeWriter) event() {
	if c.events > 0 {
		c.out.WriteByte(',')
	}
	c.events++
	c.out.WriteByte('\n')
	c.out.Write(c.line)
}

// add goes on with what the last sample of the thread had, as far as the stacks are the
// same. A thread that was not seen for two periods has ended what it did.
func (c *chromeWriter) add(s *stacks.Sample) {
	t := &c.threads[s.Thread]
	if s.At > t.end+c.period {
		c.close(t, 0)
	}
	c.frames = c.frames[:0]
	for f := range c.p.Stack(s.Stack) {
		c.frames = append(c.frames, f.Func)
	}
	same, depth := 0, len(c.frames)
	for same < min(depth, len(t.open)) && t.open[same].fn == c.frames[depth-1-same] {
		same++
	}
	t.end = min(t.end, s.At)
	c.close(t, same)
	for i := same; i < depth; i++ {
		t.open = append(t.open, chromeSpan{c.frames[depth-1-i], s.At})
	}
	t.end = s.At + c.period
}

// close writes the spans of a thread from a depth on, the innermost first.
func (c *chromeWriter) close(t *chromeThread, depth int) {
	for i := len(t.open) - 1; i >= depth; i-- {
		span := t.open[i]
		c.line = append(append(c.line[:0], `{"ph":"X"`...), c.function(span.fn)...)
		c.line = append(append(c.line, t.place...), `,"ts":`...)
		c.line = appendMicros(c.line, span.begin)
		c.line = append(appendMicros(append(c.line, `,"dur":`...), t.end-span.begin), '}')
		c.event()
	}
	t.open = t.open[:depth]
}

// function is the part of an event that a function has, made once.
func (c *chromeWriter) function(id stacks.FuncID) []byte {
	if c.funcs[id] == nil {
		f := c.p.Funcs[id]
		text := appendJSON([]byte(`,"cat":"python","name":`), f.Name)
		if f.Native {
			text = appendJSON([]byte(`,"cat":"native","name":`), f.Name)
		} else {
			text = appendJSON(append(text, `,"args":{"file":`...), f.File)
			text = append(strconv.AppendInt(append(text, `,"line":`...), int64(f.FirstLine), 10), '}')
		}
		c.funcs[id] = text
	}
	return c.funcs[id]
}

// appendMicros appends microseconds, with the nanoseconds behind the point.
func appendMicros(dst []byte, d time.Duration) []byte {
	return strconv.AppendFloat(dst, float64(d)/1e3, 'f', -1, 64)
}
