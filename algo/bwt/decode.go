package bwt

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// ErrNotEncoded says that what [Decode] reads is no block file.
var ErrNotEncoded = errors.New("not a file of transformed blocks")

// Decode reads a block file to its end and writes its text. Damage is a [*Damage]; with
// o.Damaged, what can be read is written, and the rest is left out.
func Decode(w io.Writer, encoded io.Reader, o Options) error {
	o, err := o.normal()
	if err != nil {
		return fmt.Errorf("decoding: %w", err)
	}
	d := newDecoder(encoded, o)
	if err := d.begin(); err != nil {
		return err
	}
	done := uint64(0)
	return inOrder(o.Workers, d.next, func(text []byte, err error) error {
		var damage *Damage
		if errors.As(err, &damage) && o.Damaged != nil {
			o.Damaged(damage)
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := w.Write(text); err != nil {
			return fmt.Errorf("writing the text of transformed blocks: %w", err)
		}
		done += uint64(len(text))
		o.progress(done)
		return nil
	})
}

// decoder reads blocks one after another.
type decoder struct {
	Options
	in            *bufio.Reader
	index, offset uint64 // of the block that comes next
	reason        string // why something was passed over before it
	ended         bool
}

func newDecoder(encoded io.Reader, o Options) *decoder {
	return &decoder{Options: o, in: bufio.NewReaderSize(encoded, 1<<16)}
}

// begin reads what stands before the first block.
func (d *decoder) begin() error {
	magic, err := d.in.Peek(len(fileMagic))
	if err != nil && err != io.EOF {
		return fmt.Errorf("reading transformed blocks: %w", err)
	}
	switch {
	case IsEncoded(magic):
		_, err = d.in.Discard(len(magic))
		return err
	case d.Damaged != nil:
		return nil // blocks are found without it
	}
	return ErrNotEncoded
}

// next is the job of decoding the next block, or of telling that it is damaged; io.EOF
// is behind the last.
func (d *decoder) next() (func() ([]byte, error), error) {
	for !d.ended {
		h, payload, err := d.read()
		var damage *Damage
		switch {
		case err == errSkipped:
			continue
		case errors.As(err, &damage):
			return func() ([]byte, error) { return nil, damage }, nil
		case err != nil:
			return nil, err
		case d.ended:
			return nil, io.EOF
		}
		return func() ([]byte, error) { return d.decode(h, payload) }, nil
	}
	return nil, io.EOF
}

// errSkipped: something that is no block was passed over.
var errSkipped = errors.New("skipped")

// decode is the text of a block. Where that fails though the checksum of its rows is right,
// it was written wrongly.
func (d *decoder) decode(h header, payload []byte) ([]byte, error) {
	text, err := decodeBlock(h, payload)
	if err != nil {
		return nil, &Damage{int64(h.index), int64(h.offset), int64(h.length), err.Error()}
	}
	return text, nil
}

// read reads the next block, or the end.
func (d *decoder) read() (h header, payload []byte, err error) {
	head, err := d.in.Peek(headerSize)
	if err != nil && err != io.EOF {
		return h, nil, fmt.Errorf("reading transformed blocks: %w", err)
	}
	if bytes.HasPrefix(head, []byte(endMarker)) && len(head) >= endSize {
		return h, nil, d.end(head[:endSize])
	}
	if len(head) < headerSize {
		d.ended = true
		return h, nil, d.lost(-1, "it is cut off")
	}
	if h, err = parseHeader(head); err != nil {
		return h, nil, d.skip(err.Error())
	}
	if h.index != d.index || h.offset != d.offset || d.reason != "" {
		if h.index < d.index || h.offset < d.offset {
			return h, nil, d.skip(fmt.Sprintf("block %d stands in its place", h.index))
		}
		damage := d.lost(int64(h.offset-d.offset), cmp.Or(d.reason, "it is missing"))
		d.index, d.offset, d.reason = h.index, h.offset, ""
		return h, nil, damage // its header stays to be read again
	}
	return d.payload(h)
}

// payload reads what follows a good header.
func (d *decoder) payload(h header) (header, []byte, error) {
	if _, err := d.in.Discard(headerSize); err != nil {
		return h, nil, err
	}
	// What is not there takes no memory, whatever the header says.
	var b bytes.Buffer
	if n, err := io.CopyN(&b, d.in, h.payloadSize()); err != nil && err != io.EOF {
		return h, nil, fmt.Errorf("reading transformed blocks: %w", err)
	} else if n < h.payloadSize() && d.Damaged == nil {
		d.ended = true
		return h, nil, d.lost(int64(h.length), "it is cut off")
	}
	payload := b.Bytes()
	d.index, d.offset = h.index, h.offset
	if int64(len(payload)) == h.payloadSize() && checksum(payload) == h.payload {
		d.index++
		d.offset += uint64(h.length)
		return h, payload, nil
	}
	// Bytes may have been lost: the next block begins within what was read for this one.
	if i := bytes.Index(payload, []byte(blockMarker)); i >= 0 {
		d.in = bufio.NewReaderSize(io.MultiReader(bytes.NewReader(payload[i:]), d.in), 1<<16)
	}
	damage := d.lost(int64(h.length), "its rows have another checksum")
	d.index++
	d.offset += uint64(h.length)
	return h, nil, damage
}

// lost is damage where a block should begin.
func (d *decoder) lost(size int64, reason string) *Damage {
	return &Damage{int64(d.index), int64(d.offset), size, reason}
}

// skip goes to the next block or the end, where it is known what is missing.
func (d *decoder) skip(reason string) error {
	if d.Damaged == nil {
		return d.lost(-1, reason)
	}
	d.reason = reason
	for skipped := 1; ; {
		if _, err := d.in.Discard(skipped); err != nil {
			d.ended = true
			return d.lost(-1, reason)
		}
		ahead, err := d.in.Peek(d.in.Size())
		if err != nil && err != io.EOF {
			return fmt.Errorf("reading transformed blocks: %w", err)
		}
		if i := nextMarker(ahead); i >= 0 {
			if _, err := d.in.Discard(i); err != nil {
				return err
			}
			return errSkipped
		}
		skipped = max(1, len(ahead)-headerSize)
	}
}

// nextMarker is where a good header or end stands in data, or -1.
func nextMarker(data []byte) int {
	for i := range data {
		rest := data[i:]
		if len(rest) >= headerSize && rest[0] == blockMarker[0] {
			if _, err := parseHeader(rest); err == nil {
				return i
			}
		}
		if len(rest) >= endSize && bytes.HasPrefix(rest, []byte(endMarker)) {
			return i
		}
	}
	return -1
}

// end checks the end of the file.
func (d *decoder) end(b []byte) error {
	d.ended = true
	if binary.LittleEndian.Uint32(b[24:]) != checksum(b[:24]) {
		return &Damage{-1, int64(d.offset), -1, "its checksum is another"}
	}
	blocks, size := binary.LittleEndian.Uint64(b[8:]), binary.LittleEndian.Uint64(b[16:])
	if blocks != d.index || size != d.offset || d.reason != "" {
		return d.lost(int64(size-d.offset), cmp.Or(d.reason, fmt.Sprintf("there should be %d blocks", blocks)))
	}
	if _, err := d.in.Discard(endSize); err != nil {
		return err
	}
	if _, err := d.in.Peek(1); err == nil {
		return &Damage{-1, int64(d.offset), 0, "something follows it"}
	} else if err != io.EOF {
		return fmt.Errorf("reading transformed blocks: %w", err)
	}
	return nil
}
