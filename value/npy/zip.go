package npy

import (
	"archive/zip"
	"compress/flate"
	"fmt"
	"io"
	"os"
	"strings"
)

// maxMembers bounds the arrays of one .npz file.
const maxMembers = 1 << 16

// Zip is an open .npz file: arrays by name.
type Zip struct {
	Names   []string // in the order of the file, without ".npy"
	members map[string]*zip.File
	file    io.Closer
}

// Member is an array and its name, for [WriteZip].
type Member struct {
	Name  string
	Array *Array
}

// OpenZip opens the .npz file at path. It must be closed.
func OpenZip(path string) (*Zip, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, unwrapPath(err))
	}
	info, err := f.Stat()
	if err == nil {
		var z *Zip
		if z, err = NewZip(f, info.Size()); err == nil {
			z.file = f
			return z, nil
		}
	}
	f.Close()
	return nil, fmt.Errorf("reading %s: %w", path, err)
}

// NewZip reads the list of arrays of a .npz file of size bytes.
func NewZip(r io.ReaderAt, size int64) (*Zip, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return nil, err
	}
	if len(archive.File) > maxMembers {
		return nil, fmt.Errorf("%d members are too many: at most %d", len(archive.File), maxMembers)
	}
	z := &Zip{members: map[string]*zip.File{}}
	for _, f := range archive.File {
		name := strings.TrimSuffix(f.Name, ".npy")
		if _, twice := z.members[name]; !twice {
			z.Names = append(z.Names, name)
		}
		z.members[name] = f
	}
	return z, nil
}

// Close closes the file of [OpenZip].
func (z *Zip) Close() error {
	if z.file == nil {
		return nil
	}
	return z.file.Close()
}

// Read reads the array of a name. Its checksum is checked.
func (z *Zip) Read(name string, o Options) (*Array, error) {
	a, err := z.read(name, o)
	if err != nil {
		return nil, fmt.Errorf("reading the member %q: %w", name, err)
	}
	return a, nil
}

// Open reads a member as it is, also one that is no array.
func (z *Zip) Open(name string) (io.ReadCloser, error) {
	r, err := z.open(name)
	if err != nil {
		return nil, fmt.Errorf("reading the member %q: %w", name, err)
	}
	return r, nil
}

func (z *Zip) open(name string) (io.ReadCloser, error) {
	f := z.members[name]
	if f == nil {
		return nil, fmt.Errorf("there is none of that name, but %q", z.Names)
	}
	return f.Open()
}

func (z *Zip) read(name string, o Options) (*Array, error) {
	r, err := z.open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	a, err := o.Read(r)
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(io.Discard, r) // the checksum is compared at the end
	return a, err
}

// WriteZip writes arrays in the .npz format, in their order, as numpy's savez does, or
// deflated as savez_compressed does.
func WriteZip(w io.Writer, compress bool, members ...Member) error {
	return Options{}.WriteZip(w, compress, members...)
}

// WriteZip is [WriteZip] with options.
func (o Options) WriteZip(w io.Writer, compress bool, members ...Member) error {
	z := zip.NewWriter(w)
	method := zip.Store
	if compress {
		method = zip.Deflate
		z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
			return flate.NewWriter(w, flate.DefaultCompression)
		})
	}
	for _, m := range members {
		member, err := z.CreateHeader(&zip.FileHeader{Name: m.Name + ".npy", Method: method})
		if err == nil {
			err = o.Write(member, m.Array)
		}
		if err != nil {
			return fmt.Errorf("writing the member %q: %w", m.Name, err)
		}
	}
	return z.Close()
}

// SaveZip writes arrays to the .npz file at path: all, or the file stays as it was.
func SaveZip(path string, compress bool, members ...Member) error {
	return Options{}.SaveZip(path, compress, members...)
}

// SaveZip is [SaveZip] with options.
func (o Options) SaveZip(path string, compress bool, members ...Member) error {
	return replaceFile(path, func(w io.Writer) error { return o.WriteZip(w, compress, members...) })
}
