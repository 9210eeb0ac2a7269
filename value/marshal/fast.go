package marshal

import (
	"encoding/binary"
	"math"
)

// The methods here are a short way for readers that know what usually comes:
// each reads the next value if it has the usual form, and else reads nothing and
// returns false. What stands there is then up to Next.

// An int of 32 bits and a float with their codes are so many bytes long.
const (
	intSize   = 1 + 4
	floatSize = 1 + 8
)

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
	if len(rest) < intSize || d.err != nil {
		return 0, false
	}
	n, ok := d.intAt(rest)
	if ok {
		d.pos += intSize
	}
	return n, ok
}

// intAt returns the int that stands at the beginning of rest, if one does.
func (d *Decoder) intAt(rest []byte) (int64, bool) {
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
	return int64(int32(value)), true
}

// NextFigures reads two ints as NextInt does, and two floats that occur only once.
func (d *Decoder) NextFigures() (ints [2]int64, floats [2]float64, ok bool) {
	rest := d.data[d.pos:]
	if len(rest) < 2*intSize+2*floatSize || d.err != nil {
		return ints, floats, false
	}
	numbers := rest[2*intSize:]
	if numbers[0] != codeBinaryFloat || numbers[floatSize] != codeBinaryFloat {
		return ints, floats, false
	}
	if ints[0], ok = d.intAt(rest); !ok {
		return ints, floats, false
	}
	if ints[1], ok = d.intAt(rest[intSize:]); !ok {
		return ints, floats, false
	}
	floats[0] = math.Float64frombits(binary.LittleEndian.Uint64(numbers[1:]))
	floats[1] = math.Float64frombits(binary.LittleEndian.Uint64(numbers[floatSize+1:]))
	d.pos += 2*intSize + 2*floatSize
	return ints, floats, true
}
