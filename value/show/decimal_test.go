package show

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/cantil-py/cantil/value/npy"
)

// The quick ways to the digits must give those of Dragon4: for all halves, and for
// awkward numbers of the other widths.
func TestQuickDigitsAreDragon4(t *testing.T) {
	var g generator
	count := 0
	compare := func(r real, q request) {
		count++
		got, want := g.decimal(r, q), dragon4(r, q)
		if string(got.digits) != string(want.digits) || got.point != want.point && len(want.digits) > 0 {
			t.Errorf("%v of %d bits, %+v: %s e%d, Dragon4 has %s e%d", r.f, r.width, q, got.digits, got.point, want.digits, want.point)
		}
	}
	for b := 1; b < 0x7C00; b++ {
		r := real{f: npy.Float16(uint16(b)), width: 16}
		compare(r, request{cutoff: b % 12, unique: b%5 > 0, total: b%7 == 0, least: noMinimum})
	}
	m := maker{Rand: rand.New(rand.NewPCG(7, 8))}
	for range 60_000 {
		for _, size := range []int{4, 8} {
			p := make([]byte, size)
			m.float(p, size, order(npy.DType{}), m.IntN(8))
			r := loadReal(p, 0, numeral{size: size})
			if !r.finite() || r.zero() {
				continue
			}
			compare(r, m.request(r))
		}
	}
	t.Logf("%d numbers", count)
}

// request is one of those that formats make.
func (g maker) request(r real) request {
	q := request{unique: !g.chance(4), cutoff: pick(g, 0, 1, 2, 3, 5, 8, 12, 15, 16, 17, 20, 25), least: noMinimum}
	q.total = math.Abs(r.f) > 1e8 || math.Abs(r.f) < 1e-8 || g.chance(3)
	if q.unique {
		q.least = pick(g, noMinimum, 0, q.cutoff)
		if q.total && q.least == 0 {
			q.least = noMinimum
		}
		if q.least == noMinimum && g.chance(3) {
			q.cutoff = noCutoff
		}
	}
	return q
}

func ExampleSlice() {
	text, err := Slice([]float64{1, 0.5, -12.25, 1.0 / 3, 2, 1e-9}, Wide(), 2, 3)
	fmt.Println(text, err)
	// Output:
	// [[  1.      0.5   -12.25 ]
	//  [  0.333   2.      0.   ]] <nil>
}
