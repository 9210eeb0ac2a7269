package permute

import (
	"errors"
	"fmt"
	"math/big"
)

// MaxItems bounds the number of items where ranks are concerned: the number of
// arrangements of that many has 35,660 digits, and unranking takes n*n steps.
const MaxItems = 10_000

var errNegative = errors.New("permute: a rank is never negative")

// Space is all arrangements of r of n positions, numbered in their order from 0.
type Space struct{ n, r int }

// New is the space of the arrangements of r of n positions. Either must be from 0 to
// [MaxItems]; an r above n gives a space without arrangements.
func New(n, r int) (Space, error) {
	if n < 0 || n > MaxItems || r < 0 || r > MaxItems {
		return Space{}, fmt.Errorf("permute: arrangements of %d of %d items: both must be from 0 to %d", r, n, MaxItems)
	}
	return Space{n, r}, nil
}

// Count is the number of arrangements, n!/(n-r)!.
func (s Space) Count() *big.Int {
	if s.r > s.n {
		return new(big.Int)
	}
	return new(big.Int).MulRange(int64(s.n-s.r+1), int64(s.n))
}

// Unrank is the arrangement at rank k: r positions, each from 0 to n-1.
func (s Space) Unrank(k *big.Int) ([]int, error) {
	if k.Sign() < 0 || k.Cmp(s.Count()) >= 0 {
		return nil, fmt.Errorf("permute: no arrangement has rank %s: there are %s", brief(k), brief(s.Count()))
	}
	return s.order(k)[:s.r:s.r], nil
}

// order is the arrangement at rank k, with the positions it leaves out behind it.
func (s Space) order(k *big.Int) []int {
	digits := make([]int, s.r)
	rest, digit, base := new(big.Int).Set(k), new(big.Int), new(big.Int)
	for i := s.r - 1; i >= 0; i-- {
		rest.QuoRem(rest, base.SetInt64(int64(s.n-i)), digit)
		digits[i] = int(digit.Int64())
	}
	order := ascending(s.n)
	for i, d := range digits { // the d-th of those left moves to the front
		chosen := order[i+d]
		copy(order[i+1:i+d+1], order[i:i+d])
		order[i] = chosen
	}
	return order
}

// Rank is the place of an arrangement in the order, counted from 0: the inverse of
// [Space.Unrank].
func (s Space) Rank(arrangement []int) (*big.Int, error) {
	if len(arrangement) != s.r {
		return nil, fmt.Errorf("permute: an arrangement of %d positions, where %d are wanted", len(arrangement), s.r)
	}
	used := make([]bool, s.n)
	rank, base, digit := new(big.Int), new(big.Int), new(big.Int)
	for i, p := range arrangement {
		if p < 0 || p >= s.n || used[p] {
			return nil, fmt.Errorf("permute: place %d holds %d, which is there already or not from 0 to %d", i, p, s.n-1)
		}
		used[p] = true
		free := int64(0)
		for _, u := range used[:p] {
			if !u {
				free++
			}
		}
		rank.Mul(rank, base.SetInt64(int64(s.n-i)))
		rank.Add(rank, digit.SetInt64(free))
	}
	return rank, nil
}

// Range is the arrangements from rank From up to, and without, rank To.
type Range struct{ From, To *big.Int }

// Split cuts the space into at most parts ranges, as equal as can be and none of them
// empty, for [Between] to work on them at the same time.
func (s Space) Split(parts int) []Range {
	count := s.Count()
	if parts < 1 || count.Sign() == 0 {
		return nil
	}
	n := big.NewInt(int64(parts))
	if count.Cmp(n) < 0 {
		n = count
	}
	ranges := make([]Range, n.Int64())
	from := new(big.Int)
	for i := range ranges {
		to := new(big.Int).Mul(count, big.NewInt(int64(i+1)))
		to.Quo(to, n)
		ranges[i] = Range{from, to}
		from = to
	}
	return ranges
}

// brief is k, or for the very long the number of its digits.
func brief(k *big.Int) string {
	const most = 40
	if text := k.String(); len(text) > most {
		return fmt.Sprintf("%s... (%d digits)", text[:most/2], len(text))
	}
	return k.String()
}
