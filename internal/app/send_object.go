package app

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/npy"
	"github.com/cantil-py/cantil/value/pickle"
)

// object makes one message of what is in a file: the bytes of a pickle as they are, or the
// pickle that numpy would make of an array.
func (s *sendable) object(f *os.File, size int64) error {
	head := make([]byte, len(npy.Magic))
	if _, err := f.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if string(head) == npy.Magic {
		return s.array(f.Name())
	}
	last := []byte{0}
	if _, err := f.ReadAt(last, size-1); err != nil || head[0] != 0x80 || last[0] != '.' {
		return fmt.Errorf("%s is neither a pickle of protocol 2 or later nor an array of numpy's", f.Name())
	}
	s.message = &sizedReader{f, size}
	return nil
}

// array makes a message of an array that stays in its file.
func (s *sendable) array(path string) error {
	a, err := npy.Open(path)
	if err != nil {
		return err
	}
	before := s.close
	s.close = func() { a.Close(); before() }
	head, tail, err := aroundArray(a)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	s.message = &sizedReader{
		io.MultiReader(bytes.NewReader(head), bytes.NewReader(a.Data), bytes.NewReader(tail)),
		int64(len(head)) + int64(len(a.Data)) + int64(len(tail)),
	}
	return nil
}

// aroundArray is the pickle of an array but for its bytes: it is made with others in their
// place, so that an array larger than memory can be sent.
func aroundArray(a *npy.Array) (head, tail []byte, err error) {
	const binbytes8 = 0x8e
	inPlace := make([]byte, 32)
	if _, err := rand.Read(inPlace); err != nil {
		return nil, nil, err
	}
	p, err := pickle.Dump(&value.Array{DType: dtypeValue(a.DType), Shape: a.Shape, Fortran: a.Fortran, Data: inPlace})
	if err != nil {
		return nil, nil, err
	}
	head, tail, ok := bytes.Cut(p, append([]byte{'C', byte(len(inPlace))}, inPlace...)) // SHORT_BINBYTES
	if !ok {
		return nil, nil, errors.New("the array cannot be sent as an object")
	}
	head = append(bytes.Clone(head), binbytes8)
	return binary.LittleEndian.AppendUint64(head, uint64(len(a.Data))), tail, nil
}

// dtypeValue is numpy's dtype as a value.
func dtypeValue(d npy.DType) *value.DType {
	if len(d.Shape) > 0 {
		base := d
		base.Shape = nil
		return &value.DType{Text: fmt.Sprintf("|V%d", d.ItemSize()), Size: d.ItemSize(), Base: dtypeValue(base), Shape: d.Shape}
	}
	v := &value.DType{Text: d.Text(), Size: d.Size, Align: d.Align}
	for _, f := range d.Fields {
		v.Fields = append(v.Fields, value.Field{Name: f.Name, Title: f.Title, DType: dtypeValue(f.DType), Offset: f.Offset})
	}
	return v
}
