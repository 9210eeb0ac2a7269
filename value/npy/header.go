package npy

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Magic is how a .npy file begins.
const Magic = "\x93NUMPY"

const (
	// maxHeader bounds the text of the header. numpy itself reads 10,000 characters
	// unless told to trust the file; tables of thousands of columns need more.
	maxHeader = 4 << 20
	// headerAlign is what the data begins at a multiple of, so that it can be mapped.
	headerAlign = 64
)

// header is what stands before the elements.
type header struct {
	dtype   DType
	fortran bool
	shape   []int
	size    int // bytes of the header itself, the magic included
}

// readHeader reads the header of a .npy file of any version.
func readHeader(r io.Reader) (header, error) {
	var start [12]byte
	if err := readFull(r, start[:8], "the magic"); err != nil {
		return header{}, err
	}
	if string(start[:6]) != Magic {
		return header{}, fmt.Errorf("not a .npy file: it begins with %q", start[:6])
	}
	major, minor := start[6], start[7]
	if major < 1 || major > 3 || minor != 0 {
		return header{}, fmt.Errorf("version %d.%d of the format is unknown", major, minor)
	}
	length := start[8:10]
	if major > 1 {
		length = start[8:12]
	}
	if err := readFull(r, length, "the length of the header"); err != nil {
		return header{}, err
	}
	size := int64(binary.LittleEndian.Uint16(length))
	if major > 1 {
		size = int64(binary.LittleEndian.Uint32(length))
	}
	if size > maxHeader {
		return header{}, fmt.Errorf("a header of %d bytes is too large: at most %d", size, maxHeader)
	}
	text := make([]byte, size)
	if err := readFull(r, text, "the header"); err != nil {
		return header{}, err
	}
	h, err := parseHeader(decodeHeader(text, major))
	h.size = 8 + len(length) + len(text)
	return h, err
}

// readFull tells how much of what was there.
func readFull(r io.Reader, p []byte, what string) error {
	n, err := io.ReadFull(r, p)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%s is cut off: %d of %d bytes: %w", what, n, len(p), io.ErrUnexpectedEOF)
	}
	return err
}

// decodeHeader is the header as UTF-8: version 3 has that, those before have Latin-1.
func decodeHeader(text []byte, major byte) string {
	if major == 3 && utf8.Valid(text) {
		return string(text)
	}
	var b strings.Builder
	for _, c := range text {
		b.WriteRune(rune(c))
	}
	return b.String()
}

// parseHeader reads the dict that a header is.
func parseHeader(text string) (header, error) {
	var h header
	v, err := parseLiteral(text)
	if err != nil {
		return h, fmt.Errorf("reading the header: %w", err)
	}
	d, _ := v.(dict)
	fortran, ok := d["fortran_order"].(bool)
	if len(d) != 3 || d["descr"] == nil || d["shape"] == nil || !ok {
		return h, errors.New("the header must have descr, fortran_order and shape, and nothing else")
	}
	h.fortran = fortran
	if _, ok := d["shape"].(tuple); !ok {
		return h, errors.New("the shape in the header is not a tuple")
	}
	if h.shape, err = parseShape(d["shape"]); err != nil {
		return h, err
	}
	if h.dtype, err = parseDescr(d["descr"]); err != nil {
		return h, err
	}
	if len(h.dtype.Shape) > 0 {
		return h, errors.New("the elements of an array have no shape of their own")
	}
	return h, nil
}

// makeHeader is the header of a, in the lowest version that can hold it.
func makeHeader(a *Array) ([]byte, error) {
	descr, err := a.DType.descr()
	if err != nil {
		return nil, err
	}
	fortran := "False"
	if a.Fortran {
		fortran = "True"
	}
	dict := fmt.Sprintf("{'descr': %s, 'fortran_order': %s, 'shape': %s, }", descr, fortran, Tuple(a.Shape))
	dict += strings.Repeat(" ", a.growth())
	text, latin := latin1(dict)
	version := byte(1)
	switch {
	case !latin:
		version, text = 3, []byte(dict)
	case padded(len(text), 10) > 0xFFFF:
		version = 2
	}
	prefix := append([]byte(Magic), version, 0)
	if version == 1 {
		prefix = binary.LittleEndian.AppendUint16(prefix, uint16(padded(len(text), 10)))
	} else {
		prefix = binary.LittleEndian.AppendUint32(prefix, uint32(padded(len(text), 12)))
	}
	total := len(prefix) + padded(len(text), len(prefix))
	out := append(prefix, text...)
	for len(out) < total-1 {
		out = append(out, ' ')
	}
	return append(out, '\n'), nil
}

// growth is how many spaces numpy leaves so that the axis that can grow may get 21
// digits where it stands.
func (a *Array) growth() int {
	const digits = 21
	if len(a.Shape) == 0 {
		return 0
	}
	axis := a.Shape[0]
	if a.Fortran {
		axis = a.Shape[len(a.Shape)-1]
	}
	return max(0, digits-len(strconv.Itoa(axis)))
}

// padded is the length of a header's text with the spaces and the line feed behind it.
// Where none would be needed, numpy pads all the same.
func padded(text, prefix int) int {
	end := prefix + text + 1
	return end + headerAlign - end%headerAlign - prefix
}

// latin1 encodes s, and says whether it can be.
func latin1(s string) ([]byte, bool) {
	out := make([]byte, 0, len(s))
	for _, r := range s {
		if r > 0xFF {
			return nil, false
		}
		out = append(out, byte(r))
	}
	return out, true
}
