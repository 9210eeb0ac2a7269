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
	all := make([]*Stats, len(paths))
	for i, path := range paths {
		s, err := readFile(path)
		if err != nil {
			return nil, err
		}
		all[i] = s
	}
	if err := all[0].Add(all[1:]...); err != nil {
		return nil, err
	}
	return all[0], nil
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
	data, err := content(f, info)
	if err != nil {
		return nil, fmt.Errorf("reading a profile: %w", err)
	}
	return Read(data, Source{Path: path, Modified: info.ModTime()})
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
// version. The data must not be changed afterwards: names point into it.
//
// Of a function that stands twice the later figures count, at the place of the
// former, as in any Python dict. What follows the profile in data is ignored,
// as pstats ignores it. A name that is a code object, as "python -m profile -o"
// writes it, becomes the text Python prints for one, without its address.
func Read(data []byte, src Source) (*Stats, error) {
	r := newReader(data)
	if err := r.profile(); err != nil {
		return nil, fmt.Errorf("reading %s: %w", src.Path, err)
	}
	r.stats.Rows = r.rows
	r.stats.Sources = []Source{src}
	r.stats.total()
	return r.stats, nil
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
type reader struct {
	d     *marshal.Decoder
	size  int
	stats *Stats
	rows  []Row

	names  nameNumbers // so that a key is three ints
	keys   keyNumbers  // numbered as rows are
	byRef  []int32     // the names and functions of references, see remember
	place  []int32     // where a function stands in the list of callers being read
	edges  []Edge      // free space for callers
	budget int         // callers that may still be read
	odd    int         // bytes of text made for code objects that may still be made
}

// maxName bounds a file or function name, well above the longest path of any
// system, so that comparing names cannot be made slow.
const maxName = 1 << 16

// minEdge is the least number of bytes that a caller takes: two references.
// A file has more callers than that allows only if it lists a dict of them many
// times over, which no profiler does.
const minEdge = 10

func newReader(data []byte) *reader {
	return &reader{
		d:      marshal.NewDecoder(data),
		size:   len(data),
		stats:  &Stats{},
		names:  newNameNumbers(),
		keys:   newKeyNumbers(),
		budget: len(data)/minEdge + 1,
		odd:    len(data),
	}
}

// profile reads the whole dict: function to figures.
func (r *reader) profile() error {
	d := r.d
	if d.Next() != marshal.KindDict {
		return d.Expected("a dict of functions, as cProfile writes one")
	}
	entries := 0
	for kind := d.Next(); kind != marshal.KindNull; kind = d.Next() {
		entries++
		if kind == marshal.KindTuple && d.Len() == 1 {
			if err := r.marker(); err != nil {
				return err
			}
			continue
		}
		id, err := r.function(d, kind)
		if err != nil {
			return err
		}
		if err := r.row(id); err != nil {
			return err
		}
	}
	if entries == 0 {
		return errors.New("the profile is empty: it has no functions (pstats refuses it too)")
	}
	return nil
}

// marker reads the entry ("__sampled__",): True of the sampling profiler.
func (r *reader) marker() error {
	d := r.d
	if d.Next() != marshal.KindString || d.Text() != "__sampled__" {
		return d.Expected("a function (file, line, name) or the mark __sampled__")
	}
	if d.Next() != marshal.KindBool {
		return d.Expected("True after the mark __sampled__")
	}
	r.stats.Sampled = d.Int() != 0
	return nil
}

// row reads the figures of a function: (primitive calls, calls, own time,
// cumulative time, callers).
func (r *reader) row(id FuncID) error {
	const want = "a tuple of 5 figures of a function"
	d := r.d
	kind := d.Next()
	if kind == marshal.KindRef {
		shared := d.Replay(d.Ref())
		d = &shared
		kind = d.Next()
	}
	if kind != marshal.KindTuple || d.Len() != 5 {
		return d.Expected(want)
	}
	var c Counts
	var err error
	if c.Primitive, err = nextCount(d); err != nil {
		return err
	}
	if err = r.figures(d, &c.Calls, &c); err != nil {
		return err
	}
	callers, err := r.callers(d)
	if err != nil {
		return err
	}
	row := &r.rows[id]
	if !row.Listed {
		row.Listed = true
		r.stats.order = append(doubling(r.stats.order, 1), id)
	}
	row.Counts, row.Callers = c, callers
	return nil
}

// figures reads one number of calls and the two times, the common end of the
// figures of functions and callers.
func (r *reader) figures(d *marshal.Decoder, calls *int64, c *Counts) (err error) {
	if *calls, err = nextCount(d); err != nil {
		return err
	}
	if c.Own, err = seconds(d); err != nil {
		return err
	}
	c.Cumulative, err = seconds(d)
	return err
}

// callers reads a dict of callers, whose values are figures or one number.
func (r *reader) callers(d *marshal.Decoder) ([]Edge, error) {
	kind := d.Next()
	if kind == marshal.KindRef {
		shared := d.Replay(d.Ref())
		d = &shared
		kind = d.Next()
	}
	if kind != marshal.KindDict {
		return nil, d.Expected("a dict of callers")
	}
	list := r.edges
	for {
		id, more, err := r.caller(d)
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
		if r.budget--; r.budget < 0 {
			return nil, d.Expected("callers listed once")
		}
		if len(list) == cap(list) {
			list = r.moreEdges(list)
		}
		list = append(list, Edge{Caller: id})
		if err := r.edge(d, &list[len(list)-1]); err != nil {
			return nil, err
		}
	}
	n, err := r.resolve(list)
	if n == 0 {
		return nil, err
	}
	r.edges = list[n:n]
	return list[:n:n], nil
}

// caller reads the key of the next caller, if there is one. One that is a
// reference is returned as ^number: to look each up at once would mean to wait
// for memory each time, where resolve waits for many at a time.
func (r *reader) caller(d *marshal.Decoder) (id FuncID, more bool, err error) {
	if number, ok := d.NextRef(); ok {
		return FuncID(^number), true, nil
	}
	kind := d.Next()
	if kind == marshal.KindNull {
		return 0, false, nil
	}
	id, err = r.function(d, kind)
	return id, true, err
}

// resolve puts functions in place of references in a list of callers, removes
// double ones, and returns how many are left.
func (r *reader) resolve(list []Edge) (int, error) {
	for i := range list {
		if id := list[i].Caller; id < 0 {
			known, ok := r.knownFunction(int(^id))
			if !ok {
				var err error
				if known, err = r.functionOf(r.d, int(^id)); err != nil {
					return 0, err
				}
			}
			list[i].Caller = known
		}
	}
	kept := 0
	for i := range list {
		id := list[i].Caller
		if at := int(r.place[id]); at < kept && list[at].Caller == id {
			list[at] = list[i]
			continue
		}
		r.place[id] = int32(kept)
		list[kept] = list[i]
		kept++
	}
	return kept, nil
}

// edge reads what one caller accounts for: (calls, primitive calls, own time,
// cumulative time), or the number of calls alone.
func (r *reader) edge(d *marshal.Decoder, e *Edge) error {
	if d.NextTuple(4) {
		return r.edgeFigures(d, e)
	}
	kind := d.Next()
	if kind == marshal.KindRef {
		shared := d.Replay(d.Ref())
		d = &shared
		kind = d.Next()
	}
	if kind == marshal.KindTuple {
		if d.Len() != 4 {
			return d.Expected("a tuple of 4 figures of a caller")
		}
		return r.edgeFigures(d, e)
	}
	var err error
	if e.Calls, err = count(d, kind); err != nil {
		return d.Expected("4 figures of a caller, or its number of calls")
	}
	e.CountOnly = true
	return nil
}

func (r *reader) edgeFigures(d *marshal.Decoder, e *Edge) (err error) {
	if e.Calls, err = nextCount(d); err != nil {
		return err
	}
	return r.figures(d, &e.Primitive, &e.Counts)
}

// nextCount reads a whole number.
func nextCount(d *marshal.Decoder) (int64, error) {
	if n, ok := d.NextInt(); ok {
		return n, nil
	}
	return count(d, d.Next())
}

// count takes a whole number. Other tools write 3.0 for 3.
func count(d *marshal.Decoder, kind marshal.Kind) (int64, error) {
	if kind == marshal.KindInt {
		return d.Int(), nil
	}
	if kind == marshal.KindFloat {
		if n := int64(d.Float()); float64(n) == d.Float() {
			return n, nil
		}
	}
	return 0, d.Expected("a whole number of calls below 2**63")
}

// seconds reads a time. The pure-Python profile module writes 0 for 0.0.
func seconds(d *marshal.Decoder) (float64, error) {
	if f, ok := d.NextFloat(); ok {
		return f, nil
	}
	switch d.Next() {
	case marshal.KindFloat:
		return d.Float(), nil
	case marshal.KindInt:
		return float64(d.Int()), nil
	}
	return 0, d.Expected("a time in seconds")
}
