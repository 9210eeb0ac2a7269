package app

import (
	"compress/gzip"
	"fmt"
	"io"
	"os"

	"github.com/cantil-py/cantil/profile/proto"
)

const (
	// mostProto bounds a profile.proto, compressed and again uncompressed.
	mostProto = 512 << 20
	// mostProtoMemory is what it may need when it is read.
	mostProtoMemory = 2 << 30
	gzipHead        = "\x1f\x8b"
)

// readProto reads a profile.proto of any tool, compressed or not.
func readProto(path string) (*proto.Profile, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var r io.Reader = io.LimitReader(file, mostProto)
	head := make([]byte, len(gzipHead))
	if _, err := file.ReadAt(head, 0); err == nil && string(head) == gzipHead {
		if r, err = gzip.NewReader(r); err != nil {
			return nil, err
		}
	}
	raw, err := io.ReadAll(io.LimitReader(r, mostProto+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > mostProto {
		return nil, fmt.Errorf("longer than %d MiB", mostProto>>20)
	}
	return proto.Unmarshal(raw, mostProtoMemory)
}
