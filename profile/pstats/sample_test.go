package pstats

import (
	"fmt"
	"math/rand/v2"
)

// sample makes a profile of n functions with a few callers each, always the same one.
func sample(n int) *Stats {
	random := rand.New(rand.NewPCG(uint64(n), 7))
	s := &Stats{}
	for i := range n {
		row := Row{Func: sampleFunc(i, n), Listed: true}
		row.Primitive = 1 + random.Int64N(50)
		row.Calls = row.Primitive + random.Int64N(3)
		row.Own = random.Float64() * 10
		row.Cumulative = row.Own + random.ExpFloat64()
		for _, caller := range random.Perm(n)[:min(n, random.IntN(11))] {
			row.Callers = append(row.Callers, Edge{Caller: FuncID(caller),
				Counts: Counts{Calls: row.Calls, Primitive: row.Primitive, Own: row.Own / 3, Cumulative: row.Cumulative / 3}})
		}
		s.Rows = append(s.Rows, row)
		s.order = append(s.order, FuncID(i))
		s.TotalCalls += row.Calls
		s.PrimitiveCalls += row.Primitive
		s.TotalTime += row.Own
	}
	return s
}

func sampleFunc(i, n int) Func {
	if i%20 == 0 {
		return Func{"~", 0, fmt.Sprintf("<built-in method mod%d.function%d>", i%7, i)}
	}
	return Func{fmt.Sprintf("/usr/lib/python3/site-packages/package%d/module%d.py", i/1000, i/50), int64(i % 997), fmt.Sprintf("function_%d", i%(n/3+1))}
}
