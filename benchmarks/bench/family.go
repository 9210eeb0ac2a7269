package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/cantil-py/cantil/bench"
	"github.com/cantil-py/cantil/profile/diff"
)

const (
	// things are measured together in each run.
	things = 30
	// The noise of drawn figures: common to a run, of each figure, and the long tail that one in ten has.
	speedNoise, ownNoise, tailNoise = 0.02, 0.02, 0.1
	tailOf                          = 10
)

// family counts how often at least one of thirty things is accused that did not change, of figures that are drawn: how many there are
// of each side decides how good the method is.
func (t *trust) family(ctx context.Context) error {
	t.Section(fmt.Sprintf("%d things that did not change, with long tails, drawn %d times: any of them accused", things, t.families))
	random := rand.New(rand.NewPCG(11, 11))
	for _, c := range []struct {
		n      int
		paired bool
	}{{5, false}, {6, false}, {8, false}, {12, false}, {20, false}, {8, true}, {12, true}} {
		wrong := 0
		for range t.families {
			if err := ctx.Err(); err != nil {
				return err
			}
			changes, err := bench.CompareMany(drawn(random, c.n), c.paired, diff.Level)
			if err != nil {
				return err
			}
			wrong += count(anyDiffers(changes))
		}
		what := fmt.Sprintf("%d of each", c.n)
		if c.paired {
			what = fmt.Sprintf("%d rounds", c.n)
		}
		part := float64(wrong) / float64(t.families)
		t.AtMost(what, fmt.Sprintf("%d of %d, %.1f %%", wrong, t.families, 100*part), part, mostWrong)
	}
	return nil
}

func anyDiffers(changes []bench.Change) bool {
	for _, c := range changes {
		if c.Differs() {
			return true
		}
	}
	return false
}

// drawn are the figures of both sides, of one distribution.
func drawn(r *rand.Rand, n int) []bench.Pair {
	speed := make([]float64, 2*n)
	for i := range speed {
		speed[i] = math.Exp(speedNoise * r.NormFloat64())
	}
	list := make([]bench.Pair, things)
	for i := range list {
		all := make([]float64, 2*n)
		for run, s := range speed {
			all[run] = s * (1 + ownNoise*r.NormFloat64())
			if r.IntN(tailOf) == 0 {
				all[run] += tailNoise * r.ExpFloat64()
			}
		}
		list[i] = bench.Pair{Before: all[:n], After: all[n:]}
	}
	return list
}
