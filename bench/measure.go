package bench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"time"
)

const (
	// fewestRounds is what is measured before the precision is looked at.
	fewestRounds = 10
	// leastRounds is what is measured even if the time is up: below, there is no interval.
	leastRounds = 3
	// MostRounds bounds the memory for the figures.
	MostRounds = 10_000_000
	// MostCandidates likewise, and the time between two runs of one.
	MostCandidates = 1000
	// lookEvery: the interval is computed anew when there are so many more rounds, as a part of all.
	lookEvery = 0.1
)

// Candidate is something to measure.
type Candidate struct {
	Name string
	// Measure runs it once. An error ends the measurement.
	Measure func(ctx context.Context) (Run, error)
}

// Plan is how long and how strictly to measure.
type Plan struct {
	WarmUp    int            // rounds that do not count
	Rounds    int            // exactly so many; 0 for until the precision is reached
	Precision float64        // half the width of the interval of each ratio to reach, as a part of it: 0.01
	MinTime   time.Duration  // measure at least as long
	MaxTime   time.Duration  // and begin no round later than this; 0 for no bound
	Metric    Metric         // what is compared; "" for Wall
	Seed      uint64         // of the orders
	Watch     func(Progress) // hears of every run; may be nil
}

// Progress is how far a measurement has come. Its Result must not be kept.
type Progress struct {
	Result  *Result
	WarmUp  bool
	Rounds  int           // that are complete
	Reached float64       // the precision reached so far; infinite before it is known
	Left    time.Duration // about; below 0 if not known
}

// Measure measures the candidates in rounds. The error is about the plan or from a candidate; where ctx was done it is
// ctx.Err(). With it comes what was measured up to then, unless the plan is wrong.
func Measure(ctx context.Context, plan Plan, candidates []Candidate) (*Result, error) {
	if err := plan.check(len(candidates)); err != nil {
		return nil, err
	}
	if plan.Metric == "" {
		plan.Metric = Wall
	}
	m := &measurement{plan: plan, candidates: candidates, reached: math.Inf(1), began: time.Now()}
	m.result = &Result{Began: m.began, Metric: plan.Metric, Precision: plan.Precision, Series: make([]Series, len(candidates))}
	for i, c := range candidates {
		m.result.Series[i].Name = c.Name
	}
	err := m.rounds(ctx)
	m.result.Elapsed = time.Since(m.began).Seconds()
	if err != nil {
		m.result.End = EndFailed
		if ctx.Err() != nil {
			m.result.End, err = EndInterrupted, ctx.Err()
		}
	}
	return m.result, err
}

func (p Plan) check(n int) error {
	switch {
	case n == 0:
		return errors.New("measuring: there is nothing to measure")
	case n > MostCandidates:
		return fmt.Errorf("measuring: %d candidates; at most %d", n, MostCandidates)
	case p.Rounds < 0 || p.Rounds > MostRounds || p.WarmUp < 0 || p.WarmUp > MostRounds:
		return fmt.Errorf("measuring: a number of rounds is from 0 to %d", MostRounds)
	case p.Rounds == 0 && p.MaxTime <= 0:
		return errors.New("measuring: without a number of rounds there must be a longest time")
	case p.Precision < 0 || math.IsNaN(p.Precision):
		return fmt.Errorf("measuring: a precision of %v", p.Precision)
	}
	return nil
}

// measurement is one that goes on.
type measurement struct {
	plan       Plan
	candidates []Candidate
	result     *Result
	began      time.Time
	first      time.Time // the first run that counts
	done       int       // rounds
	looked     int       // rounds when reached was computed
	reached    float64
}

func (m *measurement) rounds(ctx context.Context) error {
	orders := newOrders(len(m.candidates), rand.New(rand.NewPCG(m.plan.Seed, 0)))
	for round := range m.plan.WarmUp {
		if err := m.round(ctx, orders.next(), round-m.plan.WarmUp); err != nil {
			return err
		}
	}
	m.first = time.Now()
	for m.result.End == "" {
		if err := m.round(ctx, orders.next(), m.done); err != nil {
			return err
		}
		m.done++
		m.result.End = m.end()
	}
	return nil
}

// round runs each candidate once. A round below 0 is a warm-up.
func (m *measurement) round(ctx context.Context, order []int, round int) error {
	for place, i := range order {
		at := time.Since(m.first).Seconds()
		r, err := m.candidates[i].Measure(ctx)
		if err != nil {
			return err
		}
		if round >= 0 {
			r.Round, r.Place, r.At = round, place, at
			m.result.Series[i].Runs = append(m.result.Series[i].Runs, r)
		}
		m.tell(round < 0)
	}
	return ctx.Err()
}

func (m *measurement) tell(warmUp bool) {
	if m.plan.Watch != nil {
		m.plan.Watch(Progress{Result: m.result, WarmUp: warmUp, Rounds: m.done, Reached: m.reached, Left: m.left()})
	}
}

// end is "" while there is more to do.
func (m *measurement) end() End {
	elapsed := time.Since(m.first)
	m.look()
	switch {
	case m.plan.Rounds > 0:
		if m.done >= m.plan.Rounds && elapsed >= m.plan.MinTime {
			return EndRounds
		}
	case m.done >= fewestRounds && elapsed >= m.plan.MinTime && m.reached <= m.plan.Precision:
		return EndPrecision
	}
	switch {
	case m.done >= MostRounds:
		return EndRounds
	case m.plan.MaxTime > 0 && elapsed >= m.plan.MaxTime && m.done >= leastRounds:
		return EndTime
	}
	return ""
}

// look computes how precise the ratios are, from time to time.
func (m *measurement) look() {
	if m.plan.Precision <= 0 || m.plan.Rounds > 0 || m.done < fewestRounds || float64(m.done-m.looked) < lookEvery*float64(m.looked) {
		return
	}
	m.looked, m.reached = m.done, m.result.precision()
}

// left is what the rest will take: the interval narrows with the square root of the rounds.
func (m *measurement) left() time.Duration {
	if m.done == 0 {
		return -1
	}
	elapsed := time.Since(m.first)
	each := elapsed / time.Duration(m.done)
	until := time.Duration(math.MaxInt64)
	if m.plan.MaxTime > 0 {
		until = m.plan.MaxTime - elapsed
	}
	switch {
	case m.plan.Rounds > 0:
		until = min(until, each*time.Duration(m.plan.Rounds-m.done))
	case !math.IsInf(m.reached, 1) && m.plan.Precision > 0:
		more := float64(m.done) * (math.Pow(m.reached/m.plan.Precision, 2) - 1)
		until = time.Duration(min(float64(until), more*float64(each)))
	}
	return max(0, until, m.plan.MinTime-elapsed)
}
