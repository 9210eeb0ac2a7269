package proto

import (
	"encoding/binary"
	"fmt"
)

// The ways in which the wire format of protocol buffers writes a field.
const (
	wireVarint  = 0
	wireFixed64 = 1
	wireBytes   = 2
	wireFixed32 = 5
)

// field is one field of a message: a number, or bytes.
type field struct {
	number int
	wire   int
	value  uint64
	bytes  []byte
}

// next takes the first field off a message.
func next(raw []byte) (f field, rest []byte, err error) {
	key, n := binary.Uvarint(raw)
	if n <= 0 || key>>3 == 0 || key>>3 > 1<<29-1 {
		return f, nil, fmt.Errorf("%w: no field where one should begin", ErrFormat)
	}
	raw = raw[n:]
	f.number, f.wire = int(key>>3), int(key&7)
	size := 0
	switch f.wire {
	case wireVarint:
		if f.value, n = binary.Uvarint(raw); n <= 0 {
			return f, nil, fmt.Errorf("%w: field %d: a number that does not end", ErrFormat, f.number)
		}
		return f, raw[n:], nil
	case wireBytes:
		length, n := binary.Uvarint(raw)
		if n <= 0 || length > uint64(len(raw)-n) {
			return f, nil, fmt.Errorf("%w: field %d: longer than what is left", ErrFormat, f.number)
		}
		raw, size = raw[n:], int(length)
	case wireFixed64:
		size = 8
	case wireFixed32:
		size = 4
	default:
		return f, nil, fmt.Errorf("%w: field %d: of unknown kind %d", ErrFormat, f.number, f.wire)
	}
	if size > len(raw) {
		return f, nil, fmt.Errorf("%w: field %d: longer than what is left", ErrFormat, f.number)
	}
	f.bytes = raw[:size]
	return f, raw[size:], nil
}

// each calls do for each field of a message.
func each(raw []byte, do func(f field) error) error {
	for len(raw) > 0 {
		f, rest, err := next(raw)
		if err != nil {
			return err
		}
		if err := do(f); err != nil {
			return err
		}
		raw = rest
	}
	return nil
}

// appendNumbers appends a repeated field of numbers, which may stand packed in one or each alone.
func appendNumbers[T int | int64](list []T, f field) ([]T, error) {
	if f.wire == wireVarint {
		return append(list, T(f.value)), nil
	}
	if f.wire != wireBytes {
		return nil, fmt.Errorf("%w: field %d: not numbers", ErrFormat, f.number)
	}
	if list == nil {
		list = make([]T, 0, countNumbers(f.bytes))
	}
	for raw := f.bytes; len(raw) > 0; {
		value, n := binary.Uvarint(raw)
		if n <= 0 {
			return nil, fmt.Errorf("%w: field %d: a number that does not end", ErrFormat, f.number)
		}
		list, raw = append(list, T(value)), raw[n:]
	}
	return list, nil
}

// countNumbers counts packed numbers: each ends with a byte below 128.
func countNumbers(raw []byte) int {
	n := 0
	for _, b := range raw {
		if b < 0x80 {
			n++
		}
	}
	return n
}

// putNumber appends a field, unless it is zero, which is what a missing one says.
func putNumber[T int | int64 | uint64](b []byte, number int, value T) []byte {
	if value == 0 {
		return b
	}
	b = binary.AppendUvarint(b, uint64(number)<<3|wireVarint)
	return binary.AppendUvarint(b, uint64(value))
}

// putBool appends a field that says yes.
func putBool(b []byte, number int, yes bool) []byte {
	if yes {
		return putNumber(b, number, 1)
	}
	return b
}

// putBytes appends a field of bytes, a text or a message.
func putBytes[T string | []byte](b []byte, number int, content T) []byte {
	b = binary.AppendUvarint(b, uint64(number)<<3|wireBytes)
	b = binary.AppendUvarint(b, uint64(len(content)))
	return append(b, content...)
}
