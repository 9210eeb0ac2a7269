package find

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"
)

// Kind is a kind of content, told by a file's first bytes.
type Kind string

// The kinds. An npz archive counts as npy; a profile is what cProfile writes. Pickles of
// protocol 0 and 1 have no mark and are told by their opcodes; those of protocol 0 are
// text as well.
const (
	Audio   Kind = "audio"
	Image   Kind = "image"
	Text    Kind = "text" // UTF-8, or UTF-16 with its mark; an empty file too
	Pickle  Kind = "pickle"
	Npy     Kind = "npy"
	Profile Kind = "profile"
)

// Kinds are all there are.
func Kinds() []Kind { return []Kind{Audio, Image, Text, Pickle, Npy, Profile} }

// ParseKind is the kind of that name.
func ParseKind(name string) (Kind, error) {
	var names []string
	for _, k := range Kinds() {
		if string(k) == name {
			return k, nil
		}
		names = append(names, string(k))
	}
	return "", fmt.Errorf("no kind %q: there are %s", name, strings.Join(names, ", "))
}

// headSize is what is read of a file: every mark is within it, and text that begins so goes on so.
const headSize = 512

// KindsOf reads the beginning of the file at path, and the last byte, and says which
// kinds that may be. Mostly it is one or none.
func KindsOf(path string) ([]Kind, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	head := make([]byte, headSize)
	n, err := io.ReadFull(file, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	head = head[:n]
	kinds := kindsOf(head)
	if (isPickleHead(head) || isOldPickle(head, n < headSize)) && endsIn(file, '.') {
		kinds = append(kinds, Pickle)
	}
	return kinds, nil
}

func kindsOf(head []byte) (kinds []Kind) {
	for _, m := range marks {
		if m.in(head) {
			kinds = append(kinds, m.kind)
			break
		}
	}
	if isNpz(head) {
		kinds = append(kinds, Npy)
	}
	if len(kinds) == 0 && isProfile(head) {
		kinds = append(kinds, Profile)
	}
	if len(kinds) == 0 && isText(head) {
		kinds = append(kinds, Text)
	}
	return kinds
}

// mark is what files of a kind begin with: text at an offset, and more at another.
type mark struct {
	kind  Kind
	text  string
	at    int
	and   string
	andAt int
}

func (m mark) in(head []byte) bool { return at(head, m.at, m.text) && at(head, m.andAt, m.and) }

func at(head []byte, offset int, text string) bool {
	return len(head) >= offset+len(text) && string(head[offset:offset+len(text)]) == text
}

// marks are from the formats' own definitions; those that need more come first.
var marks = []mark{
	{Audio, "RIFF", 0, "WAVE", 8}, {Audio, "RF64", 0, "WAVE", 8}, {Audio, "FORM", 0, "AIFF", 8}, {Audio, "FORM", 0, "AIFC", 8},
	{Audio, "fLaC", 0, "", 0}, {Audio, "ID3", 0, "", 0}, {Audio, "OggS", 0, "", 0}, {Audio, "MThd\x00\x00\x00\x06", 0, "", 0},
	{Audio, ".snd\x00\x00", 0, "", 0}, {Audio, "#!AMR", 0, "", 0}, {Audio, "ftypM4A", 4, "", 0}, {Audio, "wvpk", 0, "", 0},
	{Audio, "\xff\xfb", 0, "", 0}, {Audio, "\xff\xf3", 0, "", 0}, {Audio, "\xff\xf2", 0, "", 0}, {Audio, "\xff\xf1", 0, "", 0}, {Audio, "\xff\xf9", 0, "", 0},
	{Image, "RIFF", 0, "WEBP", 8}, {Image, "\x89PNG\r\n\x1a\n", 0, "", 0}, {Image, "\xff\xd8\xff", 0, "", 0},
	{Image, "GIF87a", 0, "", 0}, {Image, "GIF89a", 0, "", 0}, {Image, "BM", 0, "\x00\x00\x00\x00", 6}, {Image, "II*\x00", 0, "", 0}, {Image, "MM\x00*", 0, "", 0},
	{Image, "\x00\x00\x01\x00", 0, "\x00", 5}, {Image, "8BPS\x00", 0, "", 0}, {Image, "ftypheic", 4, "", 0}, {Image, "ftypavif", 4, "", 0},
	{Image, "\x00\x00\x00\x0cJXL \r\n\x87\n", 0, "", 0}, {Image, "qoif", 0, "", 0},
	{Npy, "\x93NUMPY", 0, "", 0},
}

// isNpz: a zip file whose first member is named *.npy.
func isNpz(head []byte) bool {
	const nameLength, name = 26, 30 // places in a zip file's local header
	if len(head) < name || !at(head, 0, "PK\x03\x04") {
		return false
	}
	end := name + int(head[nameLength]) + int(head[nameLength+1])<<8
	return end <= len(head) && bytes.HasSuffix(head[name:end], []byte(".npy"))
}

// isPickleHead: the PROTO opcode with a protocol from 2 on, behind it for 4 and 5 a frame.
func isPickleHead(head []byte) bool {
	if len(head) < 3 || head[0] != 0x80 || head[1] < 2 || head[1] > 5 {
		return false
	}
	const frame = 0x95
	return head[1] < 4 || head[2] == frame || len(head) < 8 // what is shorter than 4 bytes inside has no frame
}

func endsIn(file *os.File, last byte) bool {
	if _, err := file.Seek(-1, io.SeekEnd); err != nil {
		return false
	}
	var b [1]byte
	_, err := io.ReadFull(file, b[:])
	return err == nil && b[0] == last
}

// isProfile: a marshalled dict whose first key is a tuple of three, the first of them text.
func isProfile(head []byte) bool {
	const ref = 0x80 // the bit of what may be referred to
	if len(head) < 8 || head[0]&^ref != '{' {
		return false
	}
	rest := head[2:]
	switch head[1] &^ ref {
	case ')':
		if rest[0] != 3 {
			return false
		}
		rest = rest[1:]
	case '(':
		if !bytes.HasPrefix(rest, []byte{3, 0, 0, 0}) {
			return false
		}
		rest = rest[4:]
	default:
		return false
	}
	return strings.IndexByte("aAzZutsR", rest[0]&^ref) >= 0
}

// isText: UTF-8 without control characters but for those of text.
func isText(head []byte) bool {
	if at(head, 0, "\xff\xfe") || at(head, 0, "\xfe\xff") {
		return true
	}
	for len(head) > 0 {
		r, size := utf8.DecodeRune(head)
		if r == utf8.RuneError && size == 1 {
			return len(head) < utf8.UTFMax && !utf8.FullRune(head) // cut by our reading
		}
		if r < ' ' && !strings.ContainsRune("\t\n\v\f\r\b\x1b", r) {
			return false
		}
		head = head[size:]
	}
	return true
}
