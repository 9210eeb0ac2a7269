package pstats

import (
	"math"
	"strconv"
)

// exactBelow bounds the values that appendFixed3 formats itself: a thousand times
// it is still below 2**52, where a float64 has a fraction.
const exactBelow = 1e12

// appendFixed3 appends x as Python's "%8.3f" does when width is 8: correctly
// rounded, ties to even, padded with blanks on the left.
//
// The product 1000*x is taken exactly, as the sum of the rounded product p and
// its error e, which a fused multiply-add gives. |e| is at most half the last
// place of p, so only where the fraction of p is exactly one half can e decide
// the rounding; and where both say one half, it is a tie.
func appendFixed3(dst []byte, x float64, width int) []byte {
	if !(math.Abs(x) < exactBelow) { // also when x is not a number
		return appendSlow3(dst, x, width)
	}
	p := math.Abs(x) * 1000
	e := math.FMA(math.Abs(x), 1000, -p)
	n := uint64(p)
	frac := p - float64(n)
	if frac > 0.5 || frac == 0.5 && (e > 0 || e == 0 && n&1 == 1) {
		n++
	}
	return appendThousandths(dst, n, math.Signbit(x), width)
}

// appendThousandths appends n/1000 with three decimals.
func appendThousandths(dst []byte, n uint64, negative bool, width int) []byte {
	var buf [24]byte
	at := len(buf)
	whole := n / 1000
	part := n % 1000
	at -= 4
	buf[at], buf[at+1], buf[at+2], buf[at+3] = '.', byte('0'+part/100), byte('0'+part/10%10), byte('0'+part%10)
	for {
		at--
		buf[at] = byte('0' + whole%10)
		whole /= 10
		if whole == 0 {
			break
		}
	}
	if negative {
		at--
		buf[at] = '-'
	}
	for len(buf)-at < width {
		at--
		buf[at] = ' '
	}
	return append(dst, buf[at:]...)
}

// appendSlow3 does the same for huge values, infinities and what is not a number.
func appendSlow3(dst []byte, x float64, width int) []byte {
	var buf [320]byte
	text := strconv.AppendFloat(buf[:0], x, 'f', 3, 64)
	switch {
	case math.IsNaN(x):
		text = append(buf[:0], "nan"...)
	case math.IsInf(x, 1):
		text = append(buf[:0], "inf"...)
	case math.IsInf(x, -1):
		text = append(buf[:0], "-inf"...)
	}
	return append(appendBlanks(dst, width-len(text)), text...)
}

// appendInt appends n with blanks before it up to width.
func appendInt(dst []byte, n int64, width int) []byte {
	var buf [20]byte
	text := strconv.AppendInt(buf[:0], n, 10)
	return append(appendBlanks(dst, width-len(text)), text...)
}

// appendCalls appends "calls", or "calls/primitive" where they differ, with blanks before it up to width.
func appendCalls(dst []byte, calls, primitive int64, width int) []byte {
	if calls == primitive {
		return appendInt(dst, calls, width)
	}
	return appendPair(dst, calls, primitive, width)
}

func appendPair(dst []byte, a, b int64, width int) []byte {
	var buf [41]byte
	text := strconv.AppendInt(buf[:0], a, 10)
	text = append(text, '/')
	text = strconv.AppendInt(text, b, 10)
	return append(appendBlanks(dst, width-len(text)), text...)
}

const blanks = "                                                                                                                                "

// appendBlanks appends n blanks; none when n is negative.
func appendBlanks(dst []byte, n int) []byte {
	for ; n > len(blanks); n -= len(blanks) {
		dst = append(dst, blanks...)
	}
	if n > 0 {
		dst = append(dst, blanks[:n]...)
	}
	return dst
}
