package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/cantil-py/cantil/text/between"
)

// maxKept bounds the text of one span that is printed as JSON, which has to be in memory.
const maxKept = 64 << 20

// BetweenOptions say which text is wanted, and of which file.
type BetweenOptions struct {
	File           string  // "" or "-" for Stdin
	Prefix, Suffix *string // nil for the start, and the end
	Regex          bool    // both are regular expressions
	All, Include   bool
	Nth            int
	JSON           bool
	Stdin          io.Reader
}

// betweenSpan is the JSON of a span: offsets in bytes, the markers not in it unless Include.
type betweenSpan struct {
	Start      int64           `json:"start"`
	End        int64           `json:"end"`
	OuterStart int64           `json:"outer_start"`
	OuterEnd   int64           `json:"outer_end"`
	Text       json.RawMessage `json:"text"`
}

// Between writes the text between the markers to w. A file's text is written only
// where both markers are there, a pipe's as it comes. A missing marker is a [BadInput].
func Between(o BetweenOptions, w io.Writer) error {
	opts := between.Options{All: o.All, Nth: o.Nth, Include: o.Include, Keep: maxKept}
	var err error
	if opts.Prefix, err = o.marker(o.Prefix); err != nil {
		return err
	}
	if opts.Suffix, err = o.marker(o.Suffix); err != nil {
		return err
	}
	if o.All {
		opts.After = []byte("\n")
	}
	name, in, file := "stdin", o.Stdin, (*os.File)(nil)
	if o.File != "" && o.File != "-" {
		if file, err = os.Open(o.File); err != nil {
			return &BadInput{err}
		}
		defer file.Close()
		name, in = o.File, file
	}
	switch {
	case o.JSON:
		err = betweenJSON(w, in, opts)
	case file != nil && seekable(file):
		_, err = between.CopyFile(w, file, opts)
	default:
		_, err = between.Copy(w, in, opts)
	}
	return inputError(name, err)
}

func (o *BetweenOptions) marker(text *string) (*between.Marker, error) {
	switch {
	case text == nil:
		return nil, nil
	case o.Regex:
		return between.Regexp(*text)
	}
	return between.Literal(*text)
}

// seekable says whether a file can be read a second time.
func seekable(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode().IsRegular()
}

// inputError says in which input something was missing or wrong.
func inputError(name string, err error) error {
	var missing *between.MissingError
	if errors.As(err, &missing) {
		return &BadInput{fmt.Errorf("%s: %w", name, err)}
	}
	return err
}

// betweenJSON writes the spans as an array, each as soon as it is known. The array is
// closed whatever goes wrong with what is read.
func betweenJSON(w io.Writer, r io.Reader, opts between.Options) error {
	separator, wrong := "[", error(nil)
	for span, err := range between.Spans(r, opts) {
		if wrong = err; err == nil {
			wrong = writeSpan(w, separator, span, opts.Include)
		}
		if wrong != nil {
			break
		}
		separator = ","
	}
	end := "\n]\n"
	if separator == "[" {
		end = "[]\n"
	}
	_, err := io.WriteString(w, end)
	return errors.Join(wrong, err)
}

func writeSpan(w io.Writer, separator string, span between.Span, outer bool) error {
	size := span.End - span.Start
	if outer {
		size = span.OuterEnd - span.OuterStart
	}
	if size > maxKept {
		return fmt.Errorf("bytes %d to %d are too long for JSON: at most %d MiB", span.Start, span.End, maxKept>>20)
	}
	data, err := json.Marshal(betweenSpan{span.Start, span.End, span.OuterStart, span.OuterEnd, pythonString(span.Kept)})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s\n  %s", separator, data)
	return err
}
