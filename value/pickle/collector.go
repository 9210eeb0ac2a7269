package pickle

import (
	"math"
	"runtime"
	"runtime/debug"
	"strings"
)

// While a large pickle is decoded the heap only grows. The garbage collector, which runs
// each time that the heap has doubled, would go through all that has been made six times
// over and find nothing: two thirds of the time of decoding.
//
// A pause keeps it away for that time, by a piece of memory as large as what will be
// made: the collector takes it as part of the heap and waits until that has doubled. The
// piece is never touched, so it costs address space only.
type pause struct{ piece *strings.Builder }

const (
	// pauseFrom is the size of a pickle for which it is worth the trouble.
	pauseFrom = 1 << 20
	// pauseFactor is how many times its pickle a value is large, roughly.
	pauseFactor = 8
	// pauseMost bounds the piece.
	pauseMost = 1 << 30
)

// pauseCollector begins a pause for decoding n bytes. Where memory is limited, by
// GOMEMLIMIT, there is none: the piece would count.
func pauseCollector(n int) pause {
	if n < pauseFrom || math.MaxInt == math.MaxInt32 || debug.SetMemoryLimit(-1) != math.MaxInt64 {
		return pause{}
	}
	p := pause{new(strings.Builder)}
	p.piece.Grow(min(pauseFactor*n, pauseMost)) // alone among Go's ways it does not clear what it gives
	return p
}

func (p pause) end() { runtime.KeepAlive(p.piece) }
