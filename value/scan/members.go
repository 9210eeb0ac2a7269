package scan

import (
	"archive/zip"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/cantil-py/cantil/value/pickle"
)

// decompress reads a member without regard to its checksum, which is looked at later.
func decompress(method uint16, r io.Reader) (io.Reader, error) {
	switch method {
	case zip.Store:
		return r, nil
	case zip.Deflate:
		return flate.NewReader(r), nil
	}
	return nil, fmt.Errorf("it is compressed by method %d, which cannot be looked into", method)
}

func isCorrupt(err error) bool {
	var corrupt flate.CorruptInputError
	return errors.As(err, &corrupt)
}

// holdsPickle says whether a member of an archive is looked into: by its first bytes, or
// by its name where older protocols have no first bytes of their own. The numbers of
// torch's tensors, in data/0 and so on, are data.
func holdsPickle(name string, head []byte) bool {
	text := string(head)
	for _, magic := range []string{"\x93NUMPY", "\x1f\x8b", "BZh", "PK\x03\x04", "\x78\x9c", "\xfd7zXZ"} {
		if strings.HasPrefix(text, magic) {
			return true
		}
	}
	switch strings.ToLower(path.Ext(name)) {
	case ".pkl", ".pickle", ".p", ".pk", ".npy", ".npz", ".pt", ".pth", ".joblib", ".ckpt", ".dill":
		return true
	}
	return len(text) > 1 && text[0] == 0x80 && text[1] <= pickle.HighestProtocol
}

// mayCall is true for how a pickle of protocols 0 and 1 that calls something begins.
func mayCall(name string, head []byte) bool {
	if strings.Contains("/"+name, "/data/") && strings.Trim(path.Base(name), "0123456789") == "" {
		return false
	}
	return len(head) > 0 && strings.IndexByte("c(]}", head[0]) >= 0
}
