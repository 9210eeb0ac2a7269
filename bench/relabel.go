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
	middle    float64 // by how much after lies above before, in logarithms
	deviation float64 // its standard error

	x      []float64 // what each logarithm lies off its own side's trimmed mean, sorted
	run    []int     // which run each belongs to: those of before come first
	first  []float64 // room for a side
	second []float64
}

func newRelabelled(p Pair) relabelled {
	off := make([]float64, 0, len(p.Before)+len(p.After))
	a, da := offMiddle(p.Before, &off)
	b, db := offMiddle(p.After, &off)
	n := len(off)
	r := relabelled{
		middle: b - a, deviation: max(math.Hypot(da, db), finest),
		run: numbers(n), first: make([]float64, 0, n), second: make([]float64, 0, n),
	}
	slices.SortStableFunc(r.run, func(a, b int) int { return cmp.Compare(off[a], off[b]) })
	for _, i := range r.run {
		r.x = append(r.x, off[i])
	}
	return r
}

// offMiddle is the trimmed mean of the logarithms of a side and its standard error; what each lies off it is added to off.
func offMiddle(x []float64, off *[]float64) (middle, deviation float64) {
	sorted := make([]float64, len(x))
	for i, v := range x {
		sorted[i] = math.Log(v)
	}
	slices.Sort(sorted)
	middle, deviation = trimmed(sorted)
	for _, v := range x {
		*off = append(*off, math.Log(v)-middle)
	}
	return middle, deviation
}

// t is the size of t in a deal. As x is sorted, nothing else has to be.
func (r *relabelled) t(deal []bool) float64 {
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
	return math.Abs(b-a) / max(math.Hypot(da, db), finest)
}

// observed is the deal as it was.
func observed(before, after int) []bool {
	deal := make([]bool, before+after)
	for i := before; i < len(deal); i++ {
		deal[i] = true
	}
	return deal
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
