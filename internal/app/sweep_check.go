package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/cantil-py/cantil/python/argspec"
)

const (
	// mostRefused is how many messages of a program are told; they are mostly the same few.
	mostRefused = 3
	// argsColumns is what usages are wrapped for; only their last line is told.
	argsColumns = 80
	// atOnce is how many Pythons are asked at a time.
	atOnce = 2
)

// check asks the program's interface about every command line, or where only its own parser knows, about so many that each value is in one.
func (c *commander) check(ctx context.Context, points []SweepPoint, names []string, opts SweepOptions) error {
	if c.spec == nil {
		return nil
	}
	var unsure []SweepPoint
	refused := &refusals{all: len(points)}
	for _, p := range points {
		answer, err := c.spec.Check(p.Args, argsColumns)
		switch {
		case errors.Is(err, argspec.ErrAskPython):
			unsure = append(unsure, p)
		case err != nil:
			return err
		default:
			refused.add(answer, p, names)
		}
	}
	if err := refused.err(); err != nil {
		return err
	}
	return c.ask(ctx, covering(unsure), names, opts)
}

// covering are points of which each value of each parameter is in one at least.
func covering(points []SweepPoint) []SweepPoint {
	seen := map[string]bool{}
	var some []SweepPoint
	for _, p := range points {
		isNew := len(p.Settings) == 0 && len(some) == 0
		for name, v := range p.Settings {
			key := name + "\x00" + strings.Join(v, "\x00")
			isNew = isNew || !seen[key]
			seen[key] = true
		}
		if isNew {
			some = append(some, p)
		}
	}
	return some
}

// ask has the program's own parser answer for some points.
func (c *commander) ask(ctx context.Context, points []SweepPoint, names []string, opts SweepOptions) error {
	if len(points) == 0 {
		return nil
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	refused := &refusals{all: len(points)}
	next := make(chan SweepPoint)
	var lock sync.Mutex
	var first error
	var workers sync.WaitGroup
	for range min(atOnce, len(points)) {
		workers.Go(func() {
			for p := range next {
				answer, err := argspec.DryParse(ctx, c.program, p.Args, argsColumns)
				lock.Lock()
				if err == nil {
					refused.add(answer, p, names)
				} else if first == nil {
					first = err
					cancel()
				}
				lock.Unlock()
			}
		})
	}
	for _, p := range points {
		if ctx.Err() != nil {
			break
		}
		next <- p
	}
	close(next)
	workers.Wait()
	if first != nil {
		return blamed(first)
	}
	return errors.Join(ctx.Err(), refused.err())
}

// refusals are the points that a program refuses, by what it says.
type refusals struct {
	all, count int
	messages   []string
	examples   []string // of each message, the first point
}

func (r *refusals) add(a ArgsAnswer, p SweepPoint, names []string) {
	if !a.Ended && a.Uncaught == "" {
		return
	}
	said := strings.TrimSpace(a.Stderr)
	said = said[strings.LastIndexByte(said, '\n')+1:]
	switch {
	case a.Uncaught != "":
		said = "it ends with an exception: " + a.Uncaught
	case said == "":
		said = "it only prints a text and ends"
	}
	r.count++
	if !slices.Contains(r.messages, said) {
		r.messages, r.examples = append(r.messages, said), append(r.examples, p.Text(names))
	}
}

// SweepRefused means that the program refuses some of the points.
type SweepRefused struct {
	Count, All int
	Messages   []string // what it says, each once, at most three
	Examples   []string // of each, the first point
}

func (e *SweepRefused) Error() string {
	what := "point"
	if e.All > 1 {
		what += "s"
	}
	return fmt.Sprintf("%d of %d %s would be refused: %s (%s)", e.Count, e.All, what, e.Messages[0], e.Examples[0])
}

func (r *refusals) err() error {
	if r.count == 0 {
		return nil
	}
	n := min(mostRefused, len(r.messages))
	return &BadInput{&SweepRefused{r.count, r.all, r.messages[:n], r.examples[:n]}}
}
