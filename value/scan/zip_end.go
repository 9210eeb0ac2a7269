package scan

import (
	"bytes"
	"encoding/binary"
	"io"
)

// The end of a zip file: the record of the central directory, which says where that lies,
// and before it in large files, and in torch's, a locator of a record with wider fields.
const (
	endSize     = 22
	locatorSize = 20
	wideSize    = 56
	maxComment  = 1<<16 - 1
)

// clearEnd says whether all readers find the same directory in a zip file, and none
// passes over what stands before it. Python takes the last end that it sees, whatever
// follows, and the wide record whenever there is a locator; others take them otherwise.
func clearEnd(f io.ReaderAt, size int64) (bool, error) {
	tail := make([]byte, min(size, endSize+maxComment))
	if _, err := f.ReadAt(tail, size-int64(len(tail))); err != nil && err != io.EOF {
		return false, err
	}
	at := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if at < 0 || len(tail)-at < endSize {
		return false, nil
	}
	end := tail[at:]
	little := binary.LittleEndian
	if len(end) != endSize+int(little.Uint16(end[20:])) {
		return false, nil
	}
	position := size - int64(len(end))
	length, offset := uint64(little.Uint32(end[12:])), uint64(little.Uint32(end[16:]))
	wide, err := wideEnd(f, position)
	if err != nil {
		return false, err
	}
	if wide == nil {
		return length+offset == uint64(position), nil
	}
	wideLength, wideOffset := little.Uint64(wide[40:]), little.Uint64(wide[48:])
	same := func(narrow, wide, most uint64) bool { return narrow == wide || narrow == most }
	clear := same(length, wideLength, 1<<32-1) && same(offset, wideOffset, 1<<32-1) &&
		same(uint64(little.Uint16(end[10:])), little.Uint64(wide[32:]), 1<<16-1)
	return clear && wideOffset <= uint64(size) && wideLength <= uint64(size) && wideLength+wideOffset == uint64(position-locatorSize-wideSize), nil
}

// wideEnd is the wide record that the locator before the end names, nil where there is no
// locator. It must stand before that, in the size that all writers give it: else what is
// returned agrees with nothing.
func wideEnd(f io.ReaderAt, end int64) ([]byte, error) {
	if end < locatorSize {
		return nil, nil
	}
	locator := make([]byte, locatorSize)
	if _, err := f.ReadAt(locator, end-locatorSize); err != nil {
		return nil, err
	}
	if !bytes.HasPrefix(locator, []byte("PK\x06\x07")) {
		return nil, nil
	}
	wide := make([]byte, wideSize)
	at := end - locatorSize - wideSize
	if at < 0 || binary.LittleEndian.Uint64(locator[8:]) != uint64(at) {
		return bytes.Repeat([]byte{0xFF}, wideSize), nil
	}
	if _, err := f.ReadAt(wide, at); err != nil {
		return nil, err
	}
	if !bytes.HasPrefix(wide, []byte("PK\x06\x06")) {
		return bytes.Repeat([]byte{0xFF}, wideSize), nil
	}
	return wide, nil
}
