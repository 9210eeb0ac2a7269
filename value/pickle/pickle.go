package pickle

import (
	"errors"
	"fmt"
	"io"

	"github.com/cantil-py/cantil/value"
)

// HighestProtocol is the newest protocol that is read and written.
const HighestProtocol = 5

// Options are what a [Decoder] may be told; they are its fields.
type Options struct {
	// Persistent, if set, gives what a persistent id stands for; without it that is
	// a [value.Persistent].
	Persistent func(id value.Value) (value.Value, error)
	// Extensions are the classes behind the codes of copyreg.add_extension.
	Extensions map[int32]value.Global
	// Buffers are the out-of-band buffers of protocol 5, in order. If nil, each is a
	// [value.Buffer] without data.
	Buffers [][]byte
	// KeepMemo is for streams that one pickle.Pickler wrote with one memo: what one
	// value has set aside the next may use.
	KeepMemo bool
	// MaxOpcodes bounds the opcodes of one pickle, and so the memory that it may take; 0 is
	// no bound.
	MaxOpcodes int
	// Watch, if set, is told of every moment at which Python would run something.
	Watch func(Event)
}

// Decoder reads pickles from a stream, one value after another.
type Decoder struct {
	Options
	m machine
}

// NewDecoder returns a decoder that reads from r. It may read beyond the end of a
// pickle, but waits for no more than the pickle needs.
func NewDecoder(r io.Reader) *Decoder {
	d := &Decoder{m: machine{boxes: newBoxes()}}
	d.m.source = source{r: r, frame: -1}
	return d
}

// NewDecoderBytes returns a decoder of data, which must not change meanwhile.
func NewDecoderBytes(data []byte) *Decoder {
	d := &Decoder{m: machine{boxes: newBoxes()}}
	d.m.source = newSource(data)
	return d
}

// Value reads the next value. At the end of the stream the error is io.EOF; anything
// wrong in a pickle is a [SyntaxError], after which the decoder is of no more use.
func (d *Decoder) Value() (value.Value, error) {
	d.m.Options = &d.Options
	return d.m.run()
}

// Offset is the number of bytes decoded so far, from the start of the stream.
func (d *Decoder) Offset() int64 { return d.m.at() }

// Load returns the value of the one pickle that data is.
func Load(data []byte) (value.Value, error) {
	d := NewDecoderBytes(data)
	pause := pauseCollector(len(data))
	v, err := d.Value()
	pause.end()
	if err == io.EOF {
		return nil, errors.New("pickle: there is no data")
	}
	if err != nil {
		return nil, err
	}
	if rest := int64(len(data)) - d.Offset(); rest > 0 {
		return nil, fmt.Errorf("pickle: %d more bytes follow the value; a Decoder reads several", rest)
	}
	return v, nil
}
