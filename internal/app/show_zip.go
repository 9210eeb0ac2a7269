package app

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/npy"
	"github.com/cantil-py/cantil/value/pickle"
)

// showNpz prints the arrays of a .npz file, each below its name, or one of them alone.
func showNpz(opts ShowOptions, w io.Writer) error {
	if opts.Pickle.Dis {
		return &BadInput{fmt.Errorf("%s is a zip file, and --dis is for pickles", opts.File)}
	}
	z, err := npy.OpenZip(opts.File)
	if err != nil {
		return &BadInput{err}
	}
	defer z.Close()
	watch := &watching{opts: opts.Pickle}
	defer watch.warn()
	members := &members{z, watch, opts}
	if name := opts.Array.Member; name != "" {
		return members.show(name, w)
	}
	if opts.JSON {
		return members.showJSON(w)
	}
	for i, name := range z.Names {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "%s:\n", value.ReprStr(name))
		if err := members.show(name, w); err != nil {
			return err
		}
	}
	return nil
}

// members are what a zip file holds: arrays and, in torch's, a pickle and raw numbers.
type members struct {
	zip   *npy.Zip
	watch *watching
	opts  ShowOptions
}

// show reads and prints one member.
func (m *members) show(name string, w io.Writer) error {
	file, err := m.zip.Open(name)
	if err != nil {
		return &BadInput{fmt.Errorf("%s: %w", m.opts.File, err)}
	}
	defer file.Close()
	r := bufio.NewReader(file)
	head, err := r.Peek(len(npy.Magic))
	switch {
	case string(head) == npy.Magic:
		a, err := m.zip.Read(name, npy.Options{Objects: m.watch.array})
		if err != nil {
			return &BadInput{fmt.Errorf("%s: %w", m.opts.File, err)}
		}
		return showArray(a, m.opts, w)
	case err != nil && err != io.EOF:
		return &BadInput{fmt.Errorf("%s: reading the member %q: %w", m.opts.File, name, err)}
	case path.Ext(name) == ".pkl":
		opts := m.opts
		opts.File += "/" + name
		return showPickles(&inflated{r, maxInflated}, opts, w)
	}
	return m.showRaw(r, w)
}

// showRaw tells how long a member is that is neither an array nor a pickle.
func (m *members) showRaw(r io.Reader, w io.Writer) error {
	n, err := io.Copy(io.Discard, r)
	if err != nil {
		return &BadInput{fmt.Errorf("%s: %w", m.opts.File, err)}
	}
	if m.opts.JSON {
		_, err = fmt.Fprintf(w, `{"bytes": %d}`+"\n", n)
		return err
	}
	_, err = fmt.Fprintf(w, "%d bytes that are no array\n", n)
	return err
}

// showJSON prints an object with a member for every array.
func (m *members) showJSON(w io.Writer) error {
	before := "{"
	for _, name := range m.zip.Names {
		if _, err := fmt.Fprintf(w, "%s%s: ", before, value.JSONText(name)); err != nil {
			return err
		}
		if err := m.show(name, w); err != nil {
			return err
		}
		before = ", "
	}
	if len(m.zip.Names) == 0 {
		io.WriteString(w, before)
	}
	_, err := io.WriteString(w, "}\n")
	return err
}

// showGzip prints the pickles of a file that gzip has made smaller.
func showGzip(opts ShowOptions, w io.Writer) error {
	f, err := os.Open(opts.File)
	if err != nil {
		return &BadInput{err}
	}
	defer f.Close()
	r, err := gzip.NewReader(bufio.NewReader(f))
	if err != nil {
		return &BadInput{fmt.Errorf("reading %s: %w", opts.File, err)}
	}
	if opts.Pickle.Dis {
		return badPickle(opts.File, pickle.Dis(w, r, disOptions(opts.Pickle)))
	}
	return showPickles(&inflated{r, maxInflated}, opts, w)
}

// maxInflated bounds what a compressed pickle may become: it is decoded in memory, and of a
// megabyte deflate can make a gigabyte.
const maxInflated = 4 << 30

// inflated reads as much of r as is left, and then no more.
type inflated struct {
	r    io.Reader
	left int64
}

func (i *inflated) Read(p []byte) (int, error) {
	if i.left <= 0 {
		return 0, fmt.Errorf("more than %d GiB when it is decompressed", maxInflated>>30)
	}
	n, err := i.r.Read(p[:min(int64(len(p)), i.left)])
	i.left -= int64(n)
	return n, err
}
