package stacks

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// What the decoded form of a profile.proto needs at most, so that a small file does not
// become a large one: each message is a struct with lists, and what takes a byte in a
// list takes two words.
const (
	perMessage  = 160
	perByte     = 16
	stringField = 6
)

var errProto = errors.New("not a profile of samples: it is no profile.proto")

// checkSize bounds the memory that decoding takes, by looking at the outermost fields.
func checkSize(raw []byte) error {
	need := 0
	for len(raw) > 0 {
		field, size, rest, err := nextField(raw)
		if err != nil {
			return err
		}
		if raw = rest; field == stringField {
			need += perByte + size
		} else {
			need += perMessage + perByte*size
		}
		if need > maxMemory {
			return fmt.Errorf("a profile that needs more than %d MiB of memory", maxMemory>>20)
		}
	}
	return nil
}

// nextField returns the number of the first field, the size of its content, and what
// follows it.
func nextField(raw []byte) (field, size int, rest []byte, err error) {
	key, n := binary.Uvarint(raw)
	if n <= 0 {
		return 0, 0, nil, errProto
	}
	raw = raw[n:]
	switch key & 7 {
	case 0: // a number
		_, size = binary.Uvarint(raw)
	case 1:
		size = 8
	case 2: // bytes with their length in front
		length, n := binary.Uvarint(raw)
		if n <= 0 || length > uint64(len(raw)-n) {
			return 0, 0, nil, errProto
		}
		raw, size = raw[n:], int(length)
	case 5:
		size = 4
	default:
		return 0, 0, nil, errProto
	}
	if size < 0 || size > len(raw) || key&7 == 0 && size == 0 {
		return 0, 0, nil, errProto
	}
	return int(key >> 3), size, raw[size:], nil
}
