package bench

import (
	"iter"
	"math/big"
	"math/rand/v2"

	"github.com/cantil-py/cantil/algo/permute"
)

// mostDealt is the most candidates of which all orders are gone through: of five there are 120.
const mostDealt = 5

// orders gives the order of each round.
type orders struct {
	n      int
	random *rand.Rand
	space  permute.Space
	deck   [][]int // those still to come
}

func newOrders(n int, random *rand.Rand) *orders {
	space, _ := permute.New(n, n) // n is at most MostCandidates
	return &orders{n: n, random: random, space: space}
}

// next may be used until the next call.
func (o *orders) next() []int {
	if o.n > mostDealt {
		order, _ := o.space.Unrank(o.rank()) // a rank of the space
		return order
	}
	if len(o.deck) == 0 {
		o.deck = collect(permute.Copies(permute.Of(numbers(o.n), o.n)))
		o.random.Shuffle(len(o.deck), func(i, j int) { o.deck[i], o.deck[j] = o.deck[j], o.deck[i] })
	}
	order := o.deck[0]
	o.deck = o.deck[1:]
	return order
}

// rank draws an arrangement: 64 bits more than the count has make the difference between them too small to matter.
func (o *orders) rank() *big.Int {
	count := o.space.Count()
	words := make([]big.Word, count.BitLen()/64+2)
	for i := range words {
		words[i] = big.Word(o.random.Uint64())
	}
	r := new(big.Int).SetBits(words)
	return r.Mod(r, count)
}

func numbers(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

func collect(seq iter.Seq[[]int]) (list [][]int) {
	for order := range seq {
		list = append(list, order)
	}
	return list
}
