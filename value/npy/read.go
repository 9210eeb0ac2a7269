package npy

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"sync"

	"github.com/cantil-py/cantil/value"
)

// Options say how to read and write arrays of Python objects.
type Options struct {
	// Objects decodes the pickle that stands in place of the elements of an array of
	// Python objects. What it returns gives the elements; the header gives the shape.
	// nil refuses such arrays with ErrObjects.
	Objects func(pickle []byte) (*Array, error)
	// Pickle encodes an array of Python objects to be written: Dump of package
	// value/pickle is made for it. nil refuses such arrays.
	Pickle func(v value.Value) ([]byte, error)
}

const (
	// streamStep is how much memory is taken at a time for a stream, which may be
	// shorter than its header promises.
	streamStep = 64 << 20
	// parallelFrom is the size from which a file is read by two readers: copying out of
	// the page cache is the work of a processor.
	parallelFrom = 32 << 20
	readers      = 2
	// maxPickle bounds the pickle of an object array: it is decoded in memory.
	maxPickle = 4 << 30
)

// Load reads the .npy file at path into memory.
func Load(path string) (*Array, error) { return Options{}.Load(path) }

// Read reads one array in the .npy format from r, and not a byte more, unless it is
// one of Python objects.
func Read(r io.Reader) (*Array, error) { return Options{}.Read(r) }

// Load is [Load] with options.
func (o Options) Load(path string) (*Array, error) {
	a, err := o.load(path, readFile)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	return a, nil
}

// Open maps the .npy file at path into memory: only what is looked at is read. The
// array must be closed, its Data not be changed, and the file not be shortened before:
// reading what is gone ends the program. Where files cannot be mapped, and
// for Python objects, it is [Load].
func Open(path string) (*Array, error) { return Options{}.Open(path) }

// Open is [Open] with options.
func (o Options) Open(path string) (*Array, error) {
	a, err := o.load(path, mapFile)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	return a, nil
}

// load opens path, reads the header, and takes the elements by fill.
func (o Options) load(path string, fill func(a *Array, f *os.File, at int64, size int) error) (*Array, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, unwrapPath(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // a pipe has no size to check and cannot be mapped
		return o.Read(f)
	}
	h, err := readHeader(f)
	if err != nil {
		return nil, err
	}
	if h.dtype.HasObjects() {
		return o.objects(h, f)
	}
	a := &Array{DType: h.dtype, Shape: h.shape, Fortran: h.fortran}
	size, err := a.bytes()
	if err != nil {
		return nil, err
	}
	if have := info.Size() - int64(h.size); have < int64(size) {
		return nil, cutOff(have, size)
	}
	return a, fill(a, f, int64(h.size), size)
}

// unwrapPath takes the path out of the error of os.Open: it is told by the caller.
func unwrapPath(err error) error {
	var e *os.PathError
	if errors.As(err, &e) {
		return e.Err
	}
	return err
}

func cutOff(have int64, want int) error {
	return fmt.Errorf("the elements are cut off: %d of %d bytes: %w", have, want, io.ErrUnexpectedEOF)
}

// readFile reads the elements into new memory, in two halves when there are many.
func readFile(a *Array, f *os.File, at int64, size int) error {
	a.Data = make([]byte, size)
	inHugePages(a.Data)
	if size < parallelFrom {
		_, err := f.ReadAt(a.Data, at)
		return notEOF(err, size)
	}
	var wait sync.WaitGroup
	errs := make([]error, readers)
	for i := range readers {
		from, to := size/readers*i, size/readers*(i+1)
		if i == readers-1 {
			to = size
		}
		wait.Go(func() {
			_, err := f.ReadAt(a.Data[from:to], at+int64(from))
			errs[i] = notEOF(err, to-from)
		})
	}
	wait.Wait()
	return errors.Join(errs...)
}

// notEOF lets ReadAt say that the file ends where the elements do.
func notEOF(err error, size int) error {
	if errors.Is(err, io.EOF) && size == 0 {
		return nil
	}
	return err
}

// Read is [Read] with options.
func (o Options) Read(r io.Reader) (*Array, error) {
	h, err := readHeader(r)
	if err != nil {
		return nil, err
	}
	if h.dtype.HasObjects() {
		return o.objects(h, r)
	}
	a := &Array{DType: h.dtype, Shape: h.shape, Fortran: h.fortran}
	size, err := a.bytes()
	if err != nil {
		return nil, err
	}
	a.Data, err = readGrowing(r, size)
	return a, err
}

// readGrowing reads size bytes and takes memory only as they come.
func readGrowing(r io.Reader, size int) ([]byte, error) {
	if size <= streamStep {
		data := make([]byte, size)
		n, err := io.ReadFull(r, data)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, cutOff(int64(n), size)
		}
		return data, err
	}
	var b bytes.Buffer
	n, err := io.CopyN(&b, r, int64(size))
	if errors.Is(err, io.EOF) {
		return nil, cutOff(n, size)
	}
	return b.Bytes(), err
}

// objects has the pickle decoded that stands in place of the elements.
func (o Options) objects(h header, r io.Reader) (*Array, error) {
	if o.Objects == nil {
		return nil, ErrObjects
	}
	pickle, err := io.ReadAll(io.LimitReader(r, maxPickle+1))
	if err != nil {
		return nil, err
	}
	if len(pickle) > maxPickle {
		return nil, fmt.Errorf("the pickled objects take more than %d bytes", int64(maxPickle))
	}
	a, err := o.Objects(pickle)
	if err != nil {
		return nil, fmt.Errorf("reading the objects: %w", err)
	}
	want, err := sizeOf(h.shape, 1, math.MaxInt)
	if err != nil {
		return nil, err
	}
	if a.Len() != want {
		return nil, fmt.Errorf("the header has the shape %s, and there are %d objects", Tuple(h.shape), a.Len())
	}
	a.Shape = h.shape
	return a, a.check()
}
