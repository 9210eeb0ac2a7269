package marshal

import (
	"encoding/binary"
	"fmt"
)

// follow reads a reference. A value without parts is given as if it stood here;
// a container gives KindRef, and Ref() its number.
func (d *Decoder) follow() Kind {
	if len(d.data)-d.pos < 4 {
		return d.short(4)
	}
	index := int(int32(binary.LittleEndian.Uint32(d.data[d.pos:])))
	if index < 0 || index >= d.next {
		return d.fail(d.offset, fmt.Sprintf("a reference to one of %d values", d.next), fmt.Sprint(index))
	}
	d.pos += 4
	d.ref = index
	at := d.refs[index]
	if at&container != 0 {
		d.kind = KindRef
		return KindRef
	}
	back := d.pos
	d.kind = d.again(int(at))
	d.pos = back
	return d.kind
}

// start returns where the value with a number starts.
func (d *Decoder) start(number int) int { return int(d.refs[number] &^ container) }

// again gives the value without parts that starts at an earlier offset.
func (d *Decoder) again(at int) Kind {
	d.pos = at + 1
	code := d.data[at] &^ flagRef
	switch code {
	case codeShort, codeShortInterned:
		n := int(d.data[d.pos])
		d.text = d.known(code, at, d.str[d.pos+1:d.pos+1+n])
		return KindString
	case codeASCII, codeASCIIInterned, codeUnicode, codeInterned, codeBytes:
		n := int(binary.LittleEndian.Uint32(d.data[d.pos:]))
		d.text = d.known(code, at, d.str[d.pos+4:d.pos+4+n])
		if code == codeBytes {
			return KindBytes
		}
		return KindString
	case codeCode:
		if d.code = d.codes[at]; d.code == nil {
			return d.fail(d.offset, "", "a reference to a code object inside itself")
		}
		return KindCode
	case codeLong:
		if n := int32(binary.LittleEndian.Uint32(d.data[d.pos:])); n >= bigDigits || n <= -bigDigits {
			return KindBigInt // all its digits were checked when it was first read
		}
	}
	return d.value(code)
}

// known returns the text of a string read before, raw being its bytes.
func (d *Decoder) known(code byte, at int, raw string) string {
	if code == codeBytes || code == codeUnicode {
		return raw
	}
	if len(raw) > shortText {
		if s, ok := d.odd[at]; ok {
			return s
		}
		return raw
	}
	if isASCII(raw) || code == codeInterned && isText(raw) {
		return raw
	}
	return latin1(raw)
}

// followInterned reads Python 2's reference to an interned string.
func (d *Decoder) followInterned() Kind {
	index, ok := d.size()
	if !ok {
		return KindInvalid
	}
	if index >= len(d.interned) {
		return d.fail(d.offset, fmt.Sprintf("a reference to one of %d strings", len(d.interned)), fmt.Sprint(index))
	}
	back := d.pos
	kind := d.again(int(d.interned[index]))
	d.pos = back
	return kind
}

// target returns the kind of the container that the current KindRef stands for.
func (d *Decoder) target() Kind {
	switch d.data[d.start(d.ref)] &^ flagRef {
	case codeList:
		return KindList
	case codeDict:
		return KindDict
	case codeSet:
		return KindSet
	case codeFrozenSet:
		return KindFrozenSet
	case codeSlice:
		return KindSlice
	}
	return KindTuple
}

// Replay returns a decoder whose first value is the one with that number. It
// shares all but its position with d. Containers may hold each other: a reader
// that replays must bound how deep and how often.
func (d *Decoder) Replay(number int) Decoder {
	r := *d
	if number < 0 || number >= len(d.refs) {
		r.fail(d.offset, fmt.Sprintf("a reference to one of %d values", len(d.refs)), fmt.Sprint(number))
		return r
	}
	r.pos, r.next, r.replay, r.ahead = r.start(number), number, true, 0
	return r
}
