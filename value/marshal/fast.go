package marshal

import (
	"encoding/binary"
	"math"
)

// The methods here are a short way for readers that know what usually comes:
// each reads the next value if it has the usual form, and else reads nothing and
// returns false. What stands there is then up to Next.

// NextRef reads the next value if it is a reference, without looking at what it
// stands for, and returns its number. A reader that remembers what it made of
// the values with numbers saves a look at data far away.
func (d *Decoder) NextRef() (number int, ok bool) {
	rest := d.data[d.pos:]
	if len(rest) < 5 || rest[0] != codeRef || d.err != nil {
		return 0, false
	}
	number = int(int32(binary.LittleEndian.Uint32(rest[1:])))
	if uint(number) >= uint(d.next) {
		return 0, false
	}
	d.offset, d.ref = d.pos, number
	d.pos += 5
	return number, true
}

// NextTuple reads the start of a tuple of n values that occurs only once.
func (d *Decoder) NextTuple(n byte) bool {
	rest := d.data[d.pos:]
	if len(rest) < 2+int(n) || rest[0] != codeSmallTuple || rest[1] != n || d.err != nil {
		return false
	}
	d.pos += 2
	return true
}

// NextInt reads an int of 32 bits, or a reference to one.
func (d *Decoder) NextInt() (int64, bool) {
	rest := d.data[d.pos:]
	if len(rest) < 5 || d.err != nil {
		return 0, false
	}
	value := binary.LittleEndian.Uint32(rest[1:])
	switch rest[0] {
	case codeRef:
		if uint(value) >= uint(d.next) {
			return 0, false
		}
		at := d.refs[value]
		if at&container != 0 || d.data[at]&^flagRef != codeInt {
			return 0, false
		}
		value = binary.LittleEndian.Uint32(d.data[at+1:])
	case codeInt:
	default:
		return 0, false
	}
	d.pos += 5
	return int64(int32(value)), true
}

// NextFloat reads a float that occurs only once.
func (d *Decoder) NextFloat() (float64, bool) {
	rest := d.data[d.pos:]
	if len(rest) < 9 || rest[0] != codeBinaryFloat || d.err != nil {
		return 0, false
	}
	d.pos += 9
	return math.Float64frombits(binary.LittleEndian.Uint64(rest[1:])), true
}
