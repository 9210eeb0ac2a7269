package bwt

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"math/bits"
	"runtime"
)

// The block file: docs/formats/bwt.md describes it.
const (
	fileMagic   = "cantbwt\x01"
	blockMarker = "\x93bwtBLK\x0a"
	endMarker   = "\x93bwtEND\x0a"
	headerSize  = 44
	endSize     = 28

	// DefaultBlockSize is the number of bytes transformed as one by [Encode].
	DefaultBlockSize = 16 << 20
	// MinBlockSize bounds the number of blocks, and what their headers cost.
	MinBlockSize = 1 << 10
	// abreastAtLeast is how many anchors a block has, if it is not small: so many that the
	// inverse can follow a core's worth of them in turns, on several cores.
	abreastAtLeast = 4 * abreast
	// minStep is the least distance of anchors, for a block needs no more than some of them.
	minStep = 256
)

// castagnoli is the polynomial that processors know (RFC 3720).
func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

func checksum(data []byte) uint32 { return crc32.Checksum(data, castagnoli()) }

// header stands before each block.
type header struct {
	index, offset uint64 // counted from 0; of the block's text in the whole text
	length, step  uint32
	text, payload uint32 // checksums
}

// anchors is the number of rows in the payload, before the last column.
func (h header) anchors() int { return int((uint64(h.length) + uint64(h.step) - 1) / uint64(h.step)) }

func (h header) payloadSize() int64 { return 4*int64(h.anchors()) + int64(h.length) }

func (h header) bytes() []byte {
	b := []byte(blockMarker)
	b = binary.LittleEndian.AppendUint64(b, h.index)
	b = binary.LittleEndian.AppendUint64(b, h.offset)
	for _, v := range []uint32{h.length, h.step, h.text, h.payload} {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	return binary.LittleEndian.AppendUint32(b, checksum(b))
}

// parseHeader reads what bytes wrote.
func parseHeader(b []byte) (header, error) {
	le := binary.LittleEndian
	h := header{le.Uint64(b[8:]), le.Uint64(b[16:]), le.Uint32(b[24:]), le.Uint32(b[28:]), le.Uint32(b[32:]), le.Uint32(b[36:])}
	switch {
	case string(b[:8]) != blockMarker:
		return h, fmt.Errorf("no block begins here")
	case le.Uint32(b[40:]) != checksum(b[:40]):
		return h, fmt.Errorf("its header is damaged")
	case h.length == 0 || h.length > MaxSize:
		return h, fmt.Errorf("it has %d bytes; possible are 1 to %d", h.length, MaxSize)
	case h.step < 2 || h.step > MaxSize || bits.OnesCount32(h.step) != 1:
		return h, fmt.Errorf("its rows are %d apart, which is no power of two from 2 on", h.step)
	}
	return h, nil
}

func endBytes(blocks, size uint64) []byte {
	b := []byte(endMarker)
	b = binary.LittleEndian.AppendUint64(b, blocks)
	b = binary.LittleEndian.AppendUint64(b, size)
	return binary.LittleEndian.AppendUint32(b, checksum(b))
}

// Options are the choices of [Encode] and [Decode]; the zero value is good.
type Options struct {
	// BlockSize is the number of bytes transformed as one, from [MinBlockSize] to [MaxSize];
	// 0 is [DefaultBlockSize]. Larger blocks bring more of what is alike together.
	BlockSize int
	// Workers is how many blocks are worked on at a time, or how many work on the only one; 0 is
	// one for each processor. A block takes some 8 times its size to encode it, and 13 times to decode it.
	Workers int
	// Damaged, if it is set, hears of damage, in its order, and [Decode] goes on behind it.
	// Else damage is an error.
	Damaged func(*Damage)
	// Progress, if it is set, hears how many bytes of text are done.
	Progress func(done int64)
}

func (o Options) normal() (Options, error) {
	if o.BlockSize == 0 {
		o.BlockSize = DefaultBlockSize
	}
	if o.BlockSize < MinBlockSize || o.BlockSize > MaxSize {
		return o, fmt.Errorf("blocks of %d bytes: possible are %d to %d", o.BlockSize, MinBlockSize, MaxSize)
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	return o, nil
}

// Encode reads text to its end and writes its block file: the transforms of its blocks.
func Encode(w io.Writer, text io.Reader, o Options) error {
	o, err := o.normal()
	if err != nil {
		return fmt.Errorf("transforming: %w", err)
	}
	if _, err := io.WriteString(w, fileMagic); err != nil {
		return fmt.Errorf("writing transformed blocks: %w", err)
	}
	in := bufio.NewReader(text)
	var read, written header // their index and offset: what comes next
	next := func() (func() ([]byte, error), error) {
		block := make([]byte, o.BlockSize)
		n, err := io.ReadFull(in, block)
		if n == 0 || err != nil && err != io.ErrUnexpectedEOF {
			return nil, err // io.EOF is the end
		}
		h, t := read, alone()
		if _, err := in.Peek(1); err == io.EOF && h.index == 0 {
			t.members = o.Workers // nothing else is to do
		}
		h.length = uint32(n)
		read.index++
		read.offset += uint64(n)
		return func() ([]byte, error) { return encodeBlock(h, block[:n], t) }, nil
	}
	emit := func(encoded []byte, err error) error {
		if err != nil {
			return err
		}
		h, err := parseHeader(encoded)
		if err != nil {
			return err
		}
		written.index++
		written.offset += uint64(h.length)
		if _, err := w.Write(encoded); err != nil {
			return fmt.Errorf("writing transformed blocks: %w", err)
		}
		o.progress(written.offset)
		return nil
	}
	if err := inOrder(o.Workers, next, emit); err != nil {
		return err
	}
	if _, err := w.Write(endBytes(written.index, written.offset)); err != nil {
		return fmt.Errorf("writing transformed blocks: %w", err)
	}
	return nil
}

func (o Options) progress(done uint64) {
	if o.Progress != nil {
		o.Progress(int64(done))
	}
}

// encodeBlock is a block as it stands in the file.
func encodeBlock(h header, text []byte, t team) ([]byte, error) {
	b := newBlock(len(text), max(minStep, len(text)/abreastAtLeast))
	h.step = uint32(b.step)
	out := make([]byte, headerSize+int(h.payloadSize()))
	rows := out[headerSize : len(out)-len(text)]
	b.last = out[len(out)-len(text):]
	if err := b.forward(text, t); err != nil {
		return nil, err
	}
	for i, row := range b.anchors {
		binary.LittleEndian.PutUint32(rows[4*i:], row)
	}
	h.text, h.payload = checksum(text), checksum(out[headerSize:])
	copy(out, h.bytes())
	return out, nil
}

// parseBlock is the transform that a payload holds.
func parseBlock(h header, payload []byte) (block, error) {
	b := block{last: payload[4*h.anchors():], anchors: make([]uint32, h.anchors()), step: int(h.step)}
	for i := range b.anchors {
		if b.anchors[i] = binary.LittleEndian.Uint32(payload[4*i:]); b.anchors[i] >= h.length {
			return b, fmt.Errorf("row %d of %d", b.anchors[i], h.length)
		}
	}
	return b, nil
}

// decodeBlock is the text of a block whose payload is as it was written.
func decodeBlock(h header, payload []byte) ([]byte, error) {
	b, err := parseBlock(h, payload)
	if err != nil {
		return nil, err
	}
	text, err := b.inverse()
	if err != nil {
		return nil, err
	}
	if checksum(text) != h.text {
		return nil, fmt.Errorf("its text has another checksum")
	}
	return text, nil
}

// Damage is a part of a block file that cannot be read.
type Damage struct {
	Block  int64 // its number, from 0, or -1 if that is not known
	Offset int64 // where its text begins in the whole text: what is missing lies there
	Size   int64 // how many bytes of text are missing, or -1 if that is not known
	Reason string
}

// Error says which block is damaged, and which part of the text that is.
func (d *Damage) Error() string {
	size := "an unknown number of"
	if d.Size >= 0 {
		size = fmt.Sprint(d.Size)
	}
	name := "the end"
	if d.Block >= 0 {
		name = fmt.Sprintf("block %d", d.Block)
	}
	return fmt.Sprintf("%s of the transformed blocks is damaged: %s; %s bytes of the text are missing from %d on", name, d.Reason, size, d.Offset)
}

// IsEncoded says whether data begins as what [Encode] writes.
func IsEncoded(data []byte) bool { return bytes.HasPrefix(data, []byte(fileMagic)) }
