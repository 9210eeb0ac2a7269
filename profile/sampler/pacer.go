package sampler

import (
	"math/rand/v2"
	"runtime"
	"time"
)

// pacer says when to look. Ticks stand on a grid of absolute times, so that lateness
// does not add up, and each is moved by up to half a period at random, so that a
// program with a period of its own is not met at the same place always.
type pacer struct {
	period  time.Duration // 0: flat out
	start   time.Time
	next    int64 // number of the next tick
	at      time.Duration
	missed  int64
	late    time.Duration
	maxLate time.Duration
}

const (
	spinBelow = 50 * time.Microsecond // periods too short to sleep in
	longNap   = 50 * time.Millisecond // of one sleep: between two, an end is noticed
)

func newPacer(rate int) *pacer {
	if rate == FlatOut {
		return &pacer{}
	}
	return &pacer{period: time.Second / time.Duration(rate)}
}

func (p *pacer) begin() {
	p.start, p.next, p.at = time.Now(), 0, 0
	fineTimers()
}

// wait sleeps until the next tick. It returns false where that is still far away.
func (p *pacer) wait() (time.Time, bool) {
	now := time.Now()
	if p.period == 0 {
		return now, true
	}
	since := now.Sub(p.start)
	if left := p.at - since; left > longNap {
		sleepUntil(p.start, since+longNap)
		return time.Now(), false
	} else if left > 0 && p.period > spinBelow {
		sleepUntil(p.start, p.at)
	}
	for since = time.Since(p.start); since < p.at; since = time.Since(p.start) {
	}
	p.account(since)
	return p.start.Add(since), true
}

// account notes how late the tick is and sets the next; those whose time has passed
// already are missed.
func (p *pacer) account(since time.Duration) {
	late := since - p.at
	p.late += late
	p.maxLate = max(p.maxLate, late)
	p.next++
	if now := int64(since / p.period); now > p.next {
		p.missed += now - p.next
		p.next = now
	}
	p.at = time.Duration(p.next)*p.period + time.Duration((rand.Float64()-0.5)*float64(p.period))
}

// BareLoop is the processor time, in microseconds, of a tick in which nothing is done:
// what any sampler of this rate pays on this machine for waking up. It takes d.
func BareLoop(rate int, d time.Duration) float64 {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	p := newPacer(rate)
	p.begin()
	ticks, cpu := 0, threadCPU()
	for begin := time.Now(); time.Since(begin) < d; {
		if _, due := p.wait(); due {
			ticks++
		}
	}
	return float64((threadCPU() - cpu).Nanoseconds()) / 1000 / float64(max(1, ticks))
}
