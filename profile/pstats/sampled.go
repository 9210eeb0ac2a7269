package pstats

import "math"

// CPython 3.15's sampling profiler writes a profile in which Calls are the
// samples that had a function on the stack and Primitive those that had it on
// top. Those are no calls, so such a profile is printed under its own titles:
// nsamples are "direct/cumulative" samples, both also as a share of all samples,
// the times are samples times the interval, in seconds.
const sampledTitle = "       nsamples  sample%   tottime   cumul%   cumtime  filename:lineno(function)\n"

// renderSampledRow appends one line of a sampled profile's table.
func (s *Stats) renderSampledRow(k *sink, row *Row) {
	dst := appendPair(k.buf, row.Primitive, row.Calls, 15)
	dst = append(dst, ' ')
	dst = appendShare(dst, row.Primitive, s.PrimitiveCalls)
	dst = append(dst, "  "...)
	dst = appendFixed3(dst, row.Own, 8)
	dst = append(dst, ' ')
	dst = appendShare(dst, row.Calls, s.PrimitiveCalls)
	dst = append(dst, "  "...)
	dst = appendFixed3(dst, row.Cumulative, 8)
	dst = append(dst, "  "...)
	dst = appendName(dst, row.Func)
	k.buf = append(dst, '\n')
}

// appendShare appends part of all in percent with one decimal, eight wide; a blank where there is nothing.
func appendShare(dst []byte, part, all int64) []byte {
	if all == 0 {
		return append(dst, "        "...)
	}
	tenths := math.RoundToEven(1000 * float64(part) / float64(all))
	dst = appendInt(dst, int64(tenths)/10, 6)
	return append(dst, '.', byte('0'+int64(math.Abs(tenths))%10))
}

// describe returns what "Ordered by" says of a key.
func (s *Stats) describe(key SortKey) string {
	if s.Sampled {
		switch key.Description {
		case "call count":
			return "cumulative samples"
		case "primitive call count":
			return "direct samples"
		}
	}
	return key.Description
}
