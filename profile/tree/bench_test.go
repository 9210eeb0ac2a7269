package tree

import (
	"math/rand/v2"
	"testing"

	"github.com/cantil-py/cantil/profile/pstats"
)

// large is a profile of a million calls among 200,000 functions, of which one in a hundred
// leads back.
func large() *pstats.Stats {
	const functions, callers = 200_000, 5
	rng := rand.New(rand.NewPCG(1, 2))
	rows := make([]pstats.Row, functions)
	for f := range rows {
		rows[f] = pstats.Row{Func: pstats.Func{File: "x.py", Line: int64(f), Name: "f"}, Listed: true}
		for range min(f, callers) {
			from := rng.IntN(f)
			if rng.IntN(100) == 0 {
				from = rng.IntN(functions)
			}
			c := pstats.Counts{Calls: 3, Primitive: 3, Own: rng.Float64(), Cumulative: 1 + rng.ExpFloat64()*float64(functions-f)}
			rows[f].Callers = append(rows[f].Callers, pstats.Edge{Caller: pstats.FuncID(from), Counts: c})
			rows[f].Calls += c.Calls
			rows[f].Own += c.Own
			rows[f].Cumulative += c.Cumulative
		}
	}
	rows[0].Cumulative = functions
	return pstats.New(rows)
}

func BenchmarkExactMillion(b *testing.B) {
	s := large()
	for b.Loop() {
		if t := FromExact(s, Options{}); len(t.Nodes) != DefaultNodes {
			b.Fatal(len(t.Nodes))
		}
	}
}
