package scan

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"regexp"
	"sync"

	"github.com/cantil-py/cantil/value/pickle"
)

const (
	// maxInflated bounds what a compressed file may become.
	maxInflated = 4 << 30
	// maxWithin is how deep archives may lie within archives.
	maxWithin = 4
	// maxMembers bounds the members of an archive.
	maxMembers = 1 << 20
	// maxHeader bounds the header of an npy file.
	maxHeader = 1 << 20
)

// File scans a file, whatever it is called: pickles, .npy, .npz and other zip files such
// as torch's, gzip, zlib and bzip2. The error is of reading the file; what is wrong with
// its content is a finding.
func File(name string, opts Options) (*Report, error) {
	f, err := os.Open(name)
	if err != nil {
		var inner *os.PathError
		if errors.As(err, &inner) {
			err = inner.Err
		}
		return nil, fmt.Errorf("scanning %s: %w", name, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("scanning %s: not a regular file", name)
	}
	report := &Report{}
	s := &stream{opts: opts, report: report}
	if err := s.content(f, info.Size(), 0); err != nil {
		return nil, fmt.Errorf("scanning %s: %w", name, err)
	}
	return report, nil
}

// LooksLikePickle says whether a file that nobody said to be a pickle is worth a
// finding: it begins as one, could be read as one, calls something, or is an archive
// that cannot be looked into.
func (r *Report) LooksLikePickle() bool { return r.Pickles > 0 || r.calls > 0 || r.marked }

// content scans a file by what it begins with. A zip file is told by its end as well: a
// pickle may stand before it, and Python's readers of either would take it.
func (s *stream) content(f io.ReaderAt, size int64, within int) error {
	head := make([]byte, 8)
	n, err := f.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return err
	}
	head = head[:n]
	whole := io.NewSectionReader(f, 0, size)
	archive, zipErr := zip.NewReader(f, size)
	isZip := bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06"))
	switch {
	case zipErr == nil:
		if err := s.zip(archive, within); err != nil {
			return err
		}
		if !isZip {
			s.malformed(0, "", "another file stands before the zip file's beginning")
			return s.scan(whole)
		}
		clear, err := clearEnd(f, size)
		if err == nil && !clear {
			s.report.marked = true
			s.malformed(0, "", "the zip file has two ends, or something before its beginning: readers differ about what is in it")
		}
		return err
	case isZip:
		s.report.marked = true
		s.malformed(0, "", zipErr.Error())
		return nil
	}
	return s.stream(bufio.NewReader(whole), within)
}

// stream scans what can only be read once.
func (s *stream) stream(r *bufio.Reader, within int) error {
	head, err := r.Peek(8)
	if err != nil && err != io.EOF {
		if isDamage(err) {
			s.malformed(0, "", err.Error())
			return nil
		}
		return err
	}
	if within > maxWithin {
		s.malformed(0, "", fmt.Sprintf("more than %d files within each other", maxWithin))
		return nil
	}
	has := func(magic string) bool { return bytes.HasPrefix(head, []byte(magic)) }
	switch {
	case has("\x93NUMPY"):
		return s.npy(r)
	case has("\x1f\x8b"):
		return s.inflate(within, func() (io.Reader, error) { return gzip.NewReader(r) })
	case has("BZh"):
		return s.inflate(within, func() (io.Reader, error) { return bzip2.NewReader(r), nil })
	case has("\x78\x01"), has("\x78\x5e"), has("\x78\x9c"), has("\x78\xda"):
		return s.inflate(within, func() (io.Reader, error) { return zlib.NewReader(r) })
	case has("\xfd7zXZ\x00"), has("7z\xbc\xaf\x27\x1c"), has("\x28\xb5\x2f\xfd"), has("\x04\x22\x4d\x18"), has("\x5d\x00\x00"):
		s.report.marked = true
		s.malformed(0, "", "it is compressed in a way that cannot be looked into")
		return nil
	case has("PK\x03\x04"):
		return s.zipInMemory(r, within)
	}
	s.report.marked = s.report.marked || len(head) > 1 && head[0] == 0x80 && head[1] <= pickle.HighestProtocol
	return s.scan(r)
}

// inflate scans what is compressed; damage is a finding.
func (s *stream) inflate(within int, open func() (io.Reader, error)) error {
	r, err := open()
	if err != nil {
		s.malformed(0, "", err.Error())
		return nil
	}
	limited := &limitedReader{r: r, left: maxInflated}
	if err := s.stream(bufio.NewReader(limited), within+1); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, limited); err != nil {
		s.malformed(0, "", err.Error())
	}
	return nil
}

// errTooLarge is damage too: the file is a bomb or larger than is looked into.
var errTooLarge = fmt.Errorf("more than %d GiB when it is decompressed", maxInflated>>30)

type limitedReader struct {
	r    io.Reader
	left int64
}

func (l *limitedReader) Read(p []byte) (int, error) {
	n, err := l.r.Read(p[:min(int64(len(p)), l.left+1)])
	if l.left -= int64(n); l.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}

// isDamage says whether an error is of the content and not of reading the file.
func isDamage(err error) bool {
	var structural bzip2.StructuralError
	for _, damage := range []error{gzip.ErrChecksum, gzip.ErrHeader, zlib.ErrChecksum, zlib.ErrHeader, zlib.ErrDictionary, zip.ErrChecksum, zip.ErrFormat,
		zip.ErrAlgorithm, io.ErrUnexpectedEOF, errTooLarge} {
		if errors.Is(err, damage) {
			return true
		}
	}
	return errors.As(err, &structural) || isCorrupt(err)
}

// zipInMemory scans a zip file within another.
func (s *stream) zipInMemory(r io.Reader, within int) error {
	const maxNested = 256 << 20
	data, err := io.ReadAll(io.LimitReader(r, maxNested+1))
	if err != nil && !isDamage(err) {
		return err
	}
	if len(data) > maxNested || err != nil {
		s.malformed(0, "", "a zip file within another that is damaged or too large to be looked into")
		return nil
	}
	return s.content(bytes.NewReader(data), int64(len(data)), within+1)
}

func (s *stream) zip(archive *zip.Reader, within int) error {
	seen := map[string]bool{}
	for i, member := range archive.File {
		inner := &stream{opts: s.opts, report: s.report, inside: joined(s.inside, member.Name)}
		switch {
		case i >= maxMembers:
			s.malformed(0, "", fmt.Sprintf("more than %d members", maxMembers))
			return nil
		case member.Flags&1 != 0:
			s.report.marked = true
			inner.malformed(0, "", "it is encrypted and cannot be looked into")
			continue
		case seen[member.Name]:
			inner.malformed(0, "", "two members have this name, and readers differ about which counts")
		}
		seen[member.Name] = true
		if err := inner.member(member, within); err != nil {
			return err
		}
	}
	return nil
}

func joined(outer, name string) string {
	if outer == "" {
		return name
	}
	return outer + "/" + name
}

// member scans a member of a zip file if it looks like anything that holds pickles; a
// wrong checksum does not hide it.
func (s *stream) member(m *zip.File, within int) error {
	sum := crc32.NewIEEE()
	r, err := m.OpenRaw()
	if err != nil {
		s.malformed(0, "", err.Error())
		return nil
	}
	inflated, err := decompress(m.Method, r)
	if err != nil {
		s.malformed(0, "", err.Error())
		return nil
	}
	limited := io.TeeReader(&limitedReader{r: inflated, left: maxInflated}, sum)
	buffered := bufio.NewReader(limited)
	if err := s.inMember(m.Name, buffered, within); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, buffered); err != nil {
		s.malformed(0, "", err.Error())
		return nil
	}
	if sum.Sum32() != m.CRC32 {
		s.malformed(0, "", "its checksum is wrong, and readers differ about what they then do")
	}
	return nil
}

// inMember scans what a member holds, if it is or may be a pickle.
func (s *stream) inMember(name string, r *bufio.Reader, within int) error {
	head, err := r.Peek(8)
	if err != nil && err != io.EOF {
		s.malformed(0, "", err.Error())
		return nil
	}
	likely := holdsPickle(name, head)
	if !likely && !mayCall(name, head) {
		return nil
	}
	apart := &stream{opts: s.opts, report: &Report{}, inside: s.inside}
	if err := apart.stream(r, within+1); err != nil && !isDamage(err) {
		return err
	} else if err != nil {
		s.malformed(0, "", err.Error())
	}
	if likely || apart.report.LooksLikePickle() {
		s.report.merge(apart.report)
	}
	return nil
}

// objectType finds Python objects in the header of an npy file: 'O', '|O', '|O8'.
var objectType = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`['"][|<>=]?O\d*['"]`) })

// npy scans the pickle in a file of an array of objects; other arrays are data.
func (s *stream) npy(r *bufio.Reader) error {
	var start [8]byte
	if _, err := io.ReadFull(r, start[:]); err != nil {
		s.malformed(0, "", "the header of the array is cut off")
		return nil
	}
	width := 2
	if start[6] >= 2 {
		width = 4
	}
	size := make([]byte, 4)
	if _, err := io.ReadFull(r, size[:width]); err != nil {
		s.malformed(0, "", "the header of the array is cut off")
		return nil
	}
	n := binary.LittleEndian.Uint32(size)
	if n > maxHeader {
		s.malformed(0, "", fmt.Sprintf("the header of the array is of %d bytes", n))
		return nil
	}
	header := make([]byte, n)
	if _, err := io.ReadFull(r, header); err != nil {
		s.malformed(0, "", "the header of the array is cut off")
		return nil
	}
	if objectType().Match(header) {
		return s.scan(r)
	}
	return nil
}
