package bench

import (
	"cmp"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// relabelled is a row whose labels are dealt out anew. A deal says of each run whether it counts as one of after.
type relabelled struct {
	x      []float64 // logarithms, sorted
	run    []int     // which run each belongs to: those of before come first
	first  []float64 // room for a side
	second []float64
}

func newRelabelled(p Pair) relabelled {
	logs := slices.Concat(p.Before, p.After)
	for i, v := range logs {
		logs[i] = math.Log(v)
	}
	n := len(logs)
	r := relabelled{run: numbers(n), first: make([]float64, 0, n), second: make([]float64, 0, n)}
	slices.SortStableFunc(r.run, func(a, b int) int { return cmp.Compare(logs[a], logs[b]) })
	for _, i := range r.run {
		r.x = append(r.x, logs[i])
	}
	return r
}

// middle is by how much after lies above before in a deal, and its standard error. As x is sorted, nothing else has to be.
func (r *relabelled) middle(deal []bool) (middle, deviation float64) {
	first, second := r.first[:0], r.second[:0]
	for i, v := range r.x {
		if deal[r.run[i]] {
			second = append(second, v)
		} else {
			first = append(first, v)
		}
	}
	a, da := trimmed(first)
	b, db := trimmed(second)
	return b - a, math.Hypot(da, db)
}

// observed is the deal as it was.
func observed(before, after int) []bool {
	deal := make([]bool, before+after)
	for i := before; i < len(deal); i++ {
		deal[i] = true
	}
	return deal
}

// isObserved tells that deal from the others.
func isObserved(before int) func([]bool) bool {
	return func(deal []bool) bool {
		for i, after := range deal {
			if after != (i >= before) {
				return false
			}
		}
		return true
	}
}

// deals are all, or drawn ones with the observed one first. Of paired runs only those of one round are exchanged.
func deals(before, after int, paired bool) [][]bool {
	switch n := arrangements(before, after, paired); {
	case n >= MostRelabelled || before+after >= bits.UintSize-1:
		return drawnDeals(before, after, paired)
	case paired:
		return allExchanges(before)
	}
	return allSplits(before, after)
}

func drawnDeals(before, after int, paired bool) [][]bool {
	random := rand.New(rand.NewPCG(uint64(before), uint64(after)))
	list := make([][]bool, MostRelabelled)
	for i := range list {
		list[i] = observed(before, after)
		switch {
		case i == 0:
		case paired:
			list[i] = exchanged(before, func(int) bool { return random.IntN(2) == 1 })
		default:
			random.Shuffle(len(list[i]), func(a, b int) { list[i][a], list[i][b] = list[i][b], list[i][a] })
		}
	}
	return list
}

// exchanged is the observed deal with some of the rounds turned.
func exchanged(rounds int, turned func(round int) bool) []bool {
	deal := observed(rounds, rounds)
	for i := range rounds {
		if turned(i) {
			deal[i], deal[rounds+i] = true, false
		}
	}
	return deal
}

func allExchanges(rounds int) (list [][]bool) {
	for set := range uint(1) << rounds {
		list = append(list, exchanged(rounds, func(i int) bool { return set>>i&1 == 1 }))
	}
	return list
}

// allSplits goes through all sets of the size of after, each the next larger number with as many bits (Gosper).
func allSplits(before, after int) (list [][]bool) {
	n := before + after
	for set := uint(1)<<after - 1; set < 1<<n; {
		deal := make([]bool, n)
		for i := range deal {
			deal[i] = set>>i&1 == 1
		}
		list = append(list, deal)
		low := set & -set
		next := set + low
		set = next | (set^next)>>2/low
	}
	return list
}
