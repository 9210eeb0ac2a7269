package marshal

import (
	"io"
	"unsafe"
)

// window is the part of a long input that a decoder holds. Its data begins with
// a byte that is no type code, where references to what was forgotten point, and
// with the ints that references may still mean; head bytes in all.
type window struct {
	src  io.Reader
	left int // bytes of the input that were not read yet
	head int
	refs int // references that point into head
}

// minWindow is the smallest window: a value or two.
const minWindow = 64

// NewWindow returns a decoder of the first size bytes of src, of which it holds
// about length at a time: [Decoder.Fill] moves on. Such a decoder is for readers
// that know what usually comes and have another way, reading everything into
// memory, when it fails. It fails at what is longer than its window, and at a
// reference to anything but an int that Fill left behind.
func NewWindow(src io.Reader, size, length int) *Decoder {
	d := &Decoder{
		data:   make([]byte, 1, max(length, minWindow)),
		pos:    1,
		base:   -1,
		window: &window{src: src, left: size, head: 1},
	}
	if size > MaxInput {
		d.tooLong(size)
		return d
	}
	d.slide()
	return d
}

// Fill moves the window of [NewWindow] on if its end is near: at least an eighth
// of it is then to come. Strings that the decoder gave are of no use afterwards.
func (d *Decoder) Fill() {
	if len(d.data)-d.pos < d.ahead {
		d.slide()
	}
}

// slide keeps the ints with numbers and what is not decoded yet, and reads more.
func (d *Decoder) slide() {
	w := d.window
	if d.err != nil || len(d.interned) > 0 {
		d.fail(d.pos, "no strings of Python 2", "some")
		return
	}
	head := d.keepInts()
	kept := d.data[d.pos:]
	d.base += d.pos - head
	room := d.data[:cap(d.data)]
	if head > len(room)/2 {
		room = make([]byte, 2*len(room))
		copy(room, d.data[:head])
	}
	end := head + copy(room[head:], kept)
	n, err := io.ReadFull(w.src, room[end:min(len(room), end+w.left)])
	w.left -= n
	if err != nil {
		w.left = 0 // what is missing will be missed
	}
	d.ahead = len(room) / 8
	if w.left == 0 {
		d.ahead = 0
	}
	d.data = room[:end+n]
	d.str = unsafe.String(unsafe.SliceData(d.data), len(d.data))
	d.pos, d.offset, d.ref = head, head, -1
	d.odd, d.codes = nil, nil
}

// keepInts moves the ints with numbers to the front of the data, where there are
// those of earlier windows, and returns where they end. Each stands behind the
// place it is moved to, as they take five bytes in both.
func (d *Decoder) keepInts() int {
	w := d.window
	for i, at := range d.refs[w.refs:] {
		kept := at & container // and offset 0: forgotten
		if kept == 0 && d.data[at]&^flagRef == codeInt {
			kept = uint32(w.head)
			w.head += copy(d.data[w.head:w.head+intSize], d.data[at:])
		}
		d.refs[w.refs+i] = kept
	}
	w.refs = len(d.refs)
	return w.head
}
