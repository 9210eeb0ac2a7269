package pstats

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/cantil-py/cantil/value/marshal"
)

// Open reads profile files and adds them together as pstats.Stats(paths...)
// does: the first, then the others from last to second.
func Open(paths ...string) (*Stats, error) {
	if len(paths) == 0 {
		return nil, errors.New("no profile file to read")
	}
	s, err := readFile(paths[0])
	if err != nil || len(paths) == 1 {
		return s, err
	}
	a := s.adder()
	for i := len(paths) - 1; i > 0; i-- {
		other, err := readFile(paths[i])
		if err != nil {
			return nil, err
		}
		if err := a.add(other, true); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// readFile reads one profile file.
func readFile(path string) (*Stats, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading a profile: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("reading a profile: %w", err)
	}
	src := Source{Path: path, Modified: info.ModTime()}
	if size := info.Size(); info.Mode().IsRegular() && size >= minLarge && size <= marshal.MaxInput {
		if s, err := readLarge(f, int(size), window, src); err == nil {
			return s, nil
		}
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return nil, fmt.Errorf("reading a profile: %w", err)
		}
	}
	data, err := content(f, info)
	if err != nil {
		return nil, fmt.Errorf("reading a profile: %w", err)
	}
	return Read(data, src)
}

const (
	// window is how much of a large file is held at a time: what a processor's
	// own cache holds, and far more than a function or a caller takes.
	window = 1 << 19
	// minLarge is from which size on it is worth not to hold the whole file.
	minLarge = 8 * window
)

// readLarge reads a profile without holding all of it. It fails where the file
// is damaged, but also where it is only unusual: [Read] then finds out.
func readLarge(from io.Reader, size, window int, src Source) (*Stats, error) {
	return newReader(marshal.NewWindow(from, size, window), size).stats(src)
}

// content returns the bytes of a file, or of a pipe, never more than a profile
// can have.
func content(f *os.File, info os.FileInfo) ([]byte, error) {
	if info.Mode().IsRegular() && info.Size() <= marshal.MaxInput {
		data := make([]byte, info.Size())
		n, err := io.ReadFull(f, data)
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
			err = nil // it shrank: what is left tells what is missing
		}
		return data[:n], err
	}
	return io.ReadAll(io.LimitReader(f, marshal.MaxInput+1))
}

// Read reads the content of one profile file, of cProfile, the pure-Python
// profile module or the sampling profiler of CPython 3.15, written by any
// version. The data may be changed afterwards.
//
// Of a function that stands twice the later figures count, at the place of the
// former, as in any Python dict. What follows the profile in data is ignored,
// as pstats ignores it. A name that is a code object, as "python -m profile -o"
// writes it, becomes the text Python prints for one, without its address.
func Read(data []byte, src Source) (*Stats, error) {
	return newReader(marshal.NewDecoder(data), len(data)).stats(src)
}

// stats reads everything.
func (r *reader) stats(src Source) (*Stats, error) {
	if err := r.profile(); err != nil {
		return nil, fmt.Errorf("reading %s: %w", src.Path, err)
	}
	rows, listed := r.number()
	s := &Stats{Sources: []Source{src}, Rows: rows, Sampled: r.sampled}
	s.order = make([]FuncID, listed)
	for i := range s.order {
		s.order[i] = FuncID(i)
	}
	s.total()
	return s, nil
}

// total sums the figures of the header, from left to right as pstats does: any
// other order would give another last digit.
func (s *Stats) total() {
	s.TotalCalls, s.PrimitiveCalls, s.TotalTime = 0, 0, 0
	for _, id := range s.order {
		row := &s.Rows[id]
		s.TotalCalls += row.Calls
		s.PrimitiveCalls += row.Primitive
		s.TotalTime += row.Own
	}
}

// reader turns one marshalled dict into a Stats, value by value.
//
// Equal functions are found only at the end, by [reader.number]: until then a
// function goes by the number of its occurrence in the file. To look each up at
// once would mean to wait for memory each time; many in a row hardly wait.
type reader struct {
	d       *marshal.Decoder
	size    int
	sampled bool

	entries pieces[entry]
	slabs   [][]Edge // the callers of all entries, one list after the other

	keys   pieces[key] // one for each function that is written out: the occurrences
	names  nameNumbers // so that a key is three ints
	byRef  []int32     // the names and functions of references, see remember
	budget int         // callers that may still be read
	odd    int         // bytes of text made for code objects that may still be made
}

// entry is one of the dict's. It is smaller than a Row, and without pointers for
// the garbage collector to look at again and again while the file is read.
type entry struct {
	occurrence int32
	callers    int32 // how many
	Counts
}

// maxName bounds a file or function name, well above the longest path of any
// system, so that comparing names cannot be made slow.
const maxName = 1 << 16

// minEdge is the least number of bytes that a caller takes: two references.
// A file has more callers than that allows only if it lists a dict of them many
// times over, which no profiler does.
const minEdge = 10

func newReader(d *marshal.Decoder, size int) *reader {
	return &reader{
		d:      d,
		size:   size,
		names:  newNameNumbers(size),
		budget: size/minEdge + 1,
		odd:    size,
	}
}

// profile reads the whole dict: function to figures.
func (r *reader) profile() error {
	d := r.d
	if d.Next() != marshal.KindDict {
		return d.Expected("a dict of functions, as cProfile writes one")
	}
	entries := 0
	for {
		d.Fill()
		kind := d.Next()
		if kind == marshal.KindNull {
			break
		}
		entries++
		if kind == marshal.KindTuple && d.Len() == 1 {
			if err := r.marker(); err != nil {
				return err
			}
			continue
		}
		occurrence, err := r.function(d, kind)
		if err != nil {
			return err
		}
		if err := r.row(occurrence); err != nil {
			return err
		}
	}
	if entries == 0 {
		return errors.New("the profile is empty: it has no functions (pstats refuses it too)")
	}
	return nil
}
