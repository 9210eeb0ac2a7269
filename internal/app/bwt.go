package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/cantil-py/cantil/algo/bwt"
	"github.com/cantil-py/cantil/durable"
)

// BwtOptions say what is transformed, or turned back.
type BwtOptions struct {
	Text      *string // instead of a file
	Row       int     // of Text, where it is turned back
	Inverse   bool
	Count     *string // a pattern to count instead
	Salvage   bool
	JSON      bool
	File      string // "" or "-" for Stdin
	Output    string // "" or "-" for the writer
	BlockSize int    // 0 for the usual
	Jobs      int    // 0 for one for each processor
	Stdin     io.Reader
	Progress  func(done, total int64) // total is 0 where it is not known
	Damaged   func(error)             // hears what could not be salvaged
}

// Bwt transforms, turns back or counts, as o says, and writes what comes of it to w. What
// is no transform, or a damaged one, is a [BadInput]; of damage that is passed over the number is returned,
// after all that is good has been written.
func Bwt(o BwtOptions, w io.Writer) error {
	switch {
	case o.Text != nil && o.Count != nil:
		return bwtCountText(o, w)
	case o.Text != nil && o.Inverse:
		return bwtInverseText(o, w)
	case o.Text != nil:
		return bwtText(o, w)
	}
	in, total, err := o.open()
	if err != nil {
		return &BadInput{err}
	}
	defer in.Close()
	if o.Count != nil {
		n, err := bwt.CountEncoded(in, []byte(*o.Count))
		if err != nil {
			return o.blame(err)
		}
		return o.number(w, n)
	}
	if o.Output == "" || o.Output == "-" {
		return o.blocks(w, in, total)
	}
	var passed leftOut // a file with less than all is still written
	err = durable.WriteShared(o.Output, func(w io.Writer) error {
		err := o.blocks(w, in, total)
		if o.Salvage && errors.As(err, &passed) {
			return nil
		}
		return err
	})
	if err == nil && passed > 0 {
		return o.blame(passed)
	}
	return err
}

// open returns what is read and its size, 0 where that is not known.
func (o BwtOptions) open() (io.ReadCloser, int64, error) {
	if o.File == "" || o.File == "-" {
		return io.NopCloser(o.Stdin), 0, nil
	}
	file, err := os.Open(o.File)
	if err != nil {
		return nil, 0, err
	}
	info, err := file.Stat()
	if err != nil {
		file.Close()
		return nil, 0, err
	}
	return file, info.Size(), nil
}

// blocks transforms or turns back a stream.
func (o BwtOptions) blocks(w io.Writer, in io.Reader, total int64) error {
	opts := bwt.Options{BlockSize: o.BlockSize, Workers: o.Jobs}
	if o.Progress != nil {
		opts.Progress = func(done int64) { o.Progress(done, total) }
	}
	if !o.Inverse {
		return bwt.Encode(w, in, opts)
	}
	missing := 0
	if o.Salvage {
		opts.Damaged = func(d *bwt.Damage) {
			missing++
			o.Damaged(d)
		}
	}
	err := bwt.Decode(w, in, opts)
	if err == nil && missing > 0 {
		err = leftOut(missing)
	}
	return o.blame(err)
}

// leftOut says that so many parts are damaged, and all else was written.
type leftOut int

func (n leftOut) Error() string {
	if n == 1 {
		return "one part is damaged and left out"
	}
	return fmt.Sprintf("%d parts are damaged and left out", int(n))
}

// blame says whose fault err is.
func (o BwtOptions) blame(err error) error {
	var damage *bwt.Damage
	var missing leftOut
	if errors.As(err, &damage) || errors.As(err, &missing) || errors.Is(err, bwt.ErrNotEncoded) || errors.Is(err, bwt.ErrNoTransform) {
		name := o.File
		if name == "" || name == "-" {
			name = "stdin"
		}
		if o.Text != nil {
			name = "the text"
		}
		return &BadInput{fmt.Errorf("%s: %w", name, err)}
	}
	return err
}

func bwtText(o BwtOptions, w io.Writer) error {
	last, row, err := bwt.Transform([]byte(*o.Text))
	if err != nil {
		return err
	}
	if o.JSON {
		return o.json(w, map[string]any{"last": pythonString(last), "pos": row})
	}
	_, err = fmt.Fprintf(w, "%s\n%d\n", last, row)
	return err
}

func bwtInverseText(o BwtOptions, w io.Writer) error {
	text, err := bwt.Inverse([]byte(*o.Text), o.Row)
	if err != nil {
		return o.blame(err)
	}
	if o.JSON {
		return o.json(w, map[string]any{"text": pythonString(text)})
	}
	_, err = fmt.Fprintf(w, "%s\n", text)
	return err
}

func bwtCountText(o BwtOptions, w io.Writer) error {
	index, err := bwt.NewIndex([]byte(*o.Text))
	if err != nil {
		return err
	}
	return o.number(w, int64(index.Count([]byte(*o.Count))))
}

func (o BwtOptions) number(w io.Writer, n int64) error {
	if o.JSON {
		return o.json(w, map[string]any{"count": n})
	}
	_, err := fmt.Fprintln(w, n)
	return err
}

func (o BwtOptions) json(w io.Writer, value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s\n", data)
	return err
}
