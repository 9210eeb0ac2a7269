package stacks

import (
	"math"
	"time"
)

// Share is a part of all samples, and the interval in which its true value lies.
//
// The interval is Wilson's for 95 %, widened where several threads were sampled at the
// same moments. It is about this run: the share of its time, of all its threads together,
// that the function really had. The sampler looks once at a random moment of every period,
// so whether one look meets the function is independent of the others, however long the
// program stays in one place; that staying makes the true error smaller than the
// interval, never larger. What another run of the program would do it does not tell:
// for that, take several. Samples that are missing (Counts) are not in it either.
type Share struct {
	Count            int64
	Value, Low, High float64 // of 1
}

// Row is a function and its shares: of samples with it on top, and of samples with it
// anywhere on the stack, where recursion counts once.
type Row struct {
	Func       FuncID
	Own        Share
	Cumulative Share
}

// Rows lists the functions that are on any stack, by FuncID.
func (p *Profile) Rows() []Row {
	own, all := newTally(p), newTally(p)
	p.eachTick(func(samples []Sample) {
		own.begin(len(samples))
		all.begin(len(samples))
		for _, s := range samples {
			own.meet(p.Nodes[s.Stack].Func)
			all.nextStack()
			for f := range p.Stack(s.Stack) {
				all.meetOnce(f.Func)
			}
		}
		own.end()
		all.end()
	})
	var rows []Row
	for id := range p.Funcs {
		if all.count[id] > 0 {
			rows = append(rows, Row{FuncID(id), own.share(id), all.share(id)})
		}
	}
	return rows
}

// eachTick calls f with the samples of each moment. Where their order is not known
// each sample is a moment of its own.
func (p *Profile) eachTick(f func([]Sample)) {
	for begin := 0; begin < len(p.Samples); {
		end := begin + 1
		for !p.Untimed && end < len(p.Samples) && p.Samples[end].At == p.Samples[begin].At {
			end++
		}
		f(p.Samples[begin:end])
		begin = end
	}
}

// tally counts samples by function, and what the variance of their share needs: the
// samples of one moment are not independent of each other, those of different ones are.
// The share is a ratio of sums over the moments, sum(x)/sum(m), with the variance
// sum((x - share*m)^2) / sum(m)^2.
type tally struct {
	count   []int64   // sum(x)
	squares []float64 // sum(x*x)
	mixed   []float64 // sum(x*m)
	met     []int     // in this tick
	touched []FuncID  // those with met > 0
	stamp   []int     // of the last stack that had it
	stacks  int
	m       float64
	total   int64   // sum(m)
	sizes   float64 // sum(m*m)
	ticks   int64
}

func newTally(p *Profile) *tally {
	n := len(p.Funcs)
	return &tally{
		count: make([]int64, n), squares: make([]float64, n), mixed: make([]float64, n),
		met: make([]int, n), stamp: make([]int, n),
	}
}

func (t *tally) begin(samples int) {
	t.m = float64(samples)
	t.total += int64(samples)
	t.sizes += t.m * t.m
	t.ticks++
}

func (t *tally) nextStack() { t.stacks++ }

func (t *tally) meetOnce(f FuncID) {
	if t.stamp[f] != t.stacks {
		t.stamp[f] = t.stacks
		t.meet(f)
	}
}

func (t *tally) meet(f FuncID) {
	if t.met[f] == 0 {
		t.touched = append(t.touched, f)
	}
	t.met[f]++
}

func (t *tally) end() {
	for _, f := range t.touched {
		x := float64(t.met[f])
		t.count[f] += int64(t.met[f])
		t.squares[f] += x * x
		t.mixed[f] += x * t.m
		t.met[f] = 0
	}
	t.touched = t.touched[:0]
}

// share has Wilson's interval for as many independent samples as would have this
// variance: never more than there are, nor fewer than there are moments where the
// variance cannot be told.
func (t *tally) share(id int) Share {
	s := Share{Count: t.count[id], Value: float64(t.count[id]) / float64(t.total)}
	n, p := float64(t.total), s.Value
	variance := (t.squares[id] - 2*p*t.mixed[id] + p*p*t.sizes) / (n * n)
	switch effective := p * (1 - p) / variance; {
	case t.ticks == t.total: // one sample a moment
	case p == 0, p == 1:
		n = float64(t.ticks)
	case effective > 0 && effective < n:
		n = effective
	}
	s.Low, s.High = Wilson(p, n)
	return s
}

// Wilson returns the interval in which the true share lies, in 95 of 100 cases, of which
// n independent samples had the share p. By E. B. Wilson, "Probable inference, the law of
// succession, and statistical inference", 1927. It is 0 to 1 where n is not positive.
func Wilson(p, n float64) (low, high float64) {
	const z = 1.959963984540054 // the normal distribution has 95 % within
	if !(n > 0) {
		return 0, 1
	}
	scale := 1 / (1 + z*z/n)
	middle := (p + z*z/(2*n)) * scale
	half := z * math.Sqrt(p*(1-p)/n+z*z/(4*n*n)) * scale
	return max(0, min(p, middle-half)), min(1, max(p, middle+half)) // p is within, whatever rounding does
}

// Time is the time that a number of samples stands for.
func (p *Profile) Time(samples int64) time.Duration {
	return time.Duration(float64(samples) * float64(p.Period()))
}
