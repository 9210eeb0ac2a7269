// Package between finds the text between two markers, in memory that does not grow
// with the text.
//
// Call [Copy] to write the text as it streams by, [CopyFile] to write only what is
// complete, and [Spans] for the places where it stands. A [Marker] is made by
// [Literal] or [Regexp].
//
// The text begins behind the first prefix and ends before the first suffix behind
// that. Without a prefix it begins at the start, without a suffix it goes to the end.
// The search for the next span goes on behind the suffix of the last; spans do not
// overlap and do not nest, and prefix and suffix may be the same. Bytes are bytes:
// nothing is decoded, and what is no UTF-8 passes unchanged. A marker that is missing
// is a [MissingError].
package between

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
)

// Options say what is looked for.
type Options struct {
	Prefix *Marker // nil for the start of the text
	Suffix *Marker // nil for the end of the text

	All     bool // every span; without it the one that Nth names
	Nth     int  // 1 or 0 for the first
	Include bool // the markers belong to what is copied or kept

	After []byte // what [Copy] and [CopyFile] write behind each span
	Keep  int    // how many bytes of each span [Spans] keeps, at most
}

// Span is where a text stands, in bytes from the start of what was read.
type Span struct {
	Start, End           int64  // the text between the markers
	OuterStart, OuterEnd int64  // the same with its markers
	Kept                 []byte // the first Options.Keep bytes of it
}

// MissingError is a marker that is not there.
type MissingError struct {
	What   string // "prefix" or "suffix"
	Marker string // as it was given
	Offset int64  // from where on it was looked for
	Found  int    // complete spans before that
}

func (e *MissingError) Error() string {
	return fmt.Sprintf("no %s %q from byte %d on, after %d found", e.What, e.Marker, e.Offset, e.Found)
}

// errStuck: with such markers, All would find the same empty span forever.
var errStuck = errors.New("the markers match nothing at all, and would do so forever")

// Spans yields the spans of what r reads, and an error as its last.
func Spans(r io.Reader, o Options) iter.Seq2[Span, error] {
	return func(yield func(Span, error) bool) {
		sink := &keeper{most: o.Keep}
		err := scan(r, o, sink, func(s Span) error {
			s.Kept, sink.kept = sink.kept, nil
			if !yield(s, nil) {
				return errStopped
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStopped) {
			yield(Span{}, err)
		}
	}
}

var errStopped = errors.New("the caller has enough")

// keeper keeps the beginning of a span.
type keeper struct {
	most int
	kept []byte
}

func (k *keeper) Write(p []byte) (int, error) {
	k.kept = append(k.kept, p[:min(len(p), k.most-len(k.kept))]...)
	return len(p), nil
}

// Copy writes the spans of what r reads to w, as they come: where the suffix is
// missing, what stands behind the prefix is written all the same. It returns the
// number of complete spans.
func Copy(w io.Writer, r io.Reader, o Options) (int, error) {
	found := 0
	err := scan(r, o, w, func(Span) error {
		found++
		_, err := w.Write(o.After)
		return err
	})
	return found, err
}

// CopyFile writes the spans of file to w, each only once its suffix was found: it
// reads twice, where a pipe could be read but once. It begins where the file stands.
func CopyFile(w io.Writer, file *os.File, o Options) (int, error) {
	if o.Suffix == nil {
		return Copy(w, file, o)
	}
	base, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0, err
	}
	found := 0
	for span, err := range Spans(file, o) {
		if err != nil {
			return found, err
		}
		from, to := span.Start, span.End
		if o.Include {
			from, to = span.OuterStart, span.OuterEnd
		}
		if _, err := io.Copy(w, io.NewSectionReader(file, base+from, to-from)); err != nil {
			return found, err
		}
		if _, err := w.Write(o.After); err != nil {
			return found, err
		}
		found++
	}
	return found, nil
}

// scan is the search. The text of the wanted spans goes to w while it is found, then
// done hears of each.
func scan(r io.Reader, o Options, w io.Writer, done func(Span) error) error {
	in := newWindow(r)
	for found := 0; ; found++ {
		s := scanner{in: in, o: o, w: w, wanted: o.All || found+1 >= o.Nth}
		more, err := s.span(found)
		if err != nil || !more {
			return err
		}
		if s.wanted {
			if err := done(s.Span); err != nil {
				return err
			}
		}
		if s.wanted && (!o.All || o.Suffix == nil) {
			return nil
		}
		if s.OuterStart == in.offset {
			return errStuck
		}
	}
}

// scanner finds one span.
type scanner struct {
	Span
	in     *window
	o      Options
	w      io.Writer
	wanted bool
}

// span finds the next span, the found-th; false without an error is the end of all.
func (s *scanner) span(found int) (bool, error) {
	s.OuterStart = s.in.offset
	if s.o.Prefix != nil {
		from := s.in.offset
		match, ok, err := s.o.Prefix.find(s.in, io.Discard)
		if err != nil {
			return false, err
		}
		if !ok && found > 0 && s.o.All {
			return false, nil
		}
		if !ok {
			return false, &MissingError{"prefix", s.o.Prefix.String(), from, found}
		}
		s.OuterStart = s.in.offset - int64(len(match))
		if err := s.marker(match); err != nil {
			return false, err
		}
	} else if found > 0 && s.in.atEnd() {
		return false, s.exhausted(found)
	}
	s.Start = s.in.offset
	return true, s.text(found)
}

// exhausted is the end of a text that has no prefixes.
func (s *scanner) exhausted(found int) error {
	if s.o.All || s.o.Suffix == nil {
		return s.in.failure()
	}
	return errors.Join(s.in.failure(), &MissingError{"suffix", s.o.Suffix.String(), s.in.offset, found})
}

// text finds the end of the span that began.
func (s *scanner) text(found int) error {
	w := s.w
	if !s.wanted {
		w = io.Discard
	}
	if s.o.Suffix == nil {
		if !s.wanted { // there may be another prefix
			return nil
		}
		err := s.in.drain(w)
		s.End, s.OuterEnd = s.in.offset, s.in.offset
		return err
	}
	match, ok, err := s.o.Suffix.find(s.in, w)
	if err != nil {
		return err
	}
	if !ok {
		return &MissingError{"suffix", s.o.Suffix.String(), s.Start, found}
	}
	s.End, s.OuterEnd = s.in.offset-int64(len(match)), s.in.offset
	return s.marker(match)
}

// marker writes a marker where it is wanted.
func (s *scanner) marker(match []byte) error {
	if !s.wanted || !s.o.Include {
		return nil
	}
	_, err := s.w.Write(match)
	return err
}
