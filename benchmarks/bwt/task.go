package main

import (
	"bytes"
	"fmt"
	"index/suffixarray"
	"io"
	"os"

	"github.com/cantil-py/cantil/algo/bwt"
)

// task does one of the things that are measured.
func task(o options, files []string) error {
	if len(files) != map[string]int{"corpus": 1, "suffixarray": 1, "transform": 1, "forward": 2, "inverse": 2}[o.do] {
		return fmt.Errorf("-do %s with %d files", o.do, len(files))
	}
	if o.do == "corpus" {
		return makeCorpus(o, files[0])
	}
	in, err := os.ReadFile(files[0])
	if err != nil {
		return err
	}
	switch opts := (bwt.Options{BlockSize: max(len(in), bwt.MinBlockSize), Workers: o.processors}); o.do {
	case "forward":
		return write(files[1], func(w io.Writer) error { return bwt.Encode(w, bytes.NewReader(in), opts) })
	case "inverse":
		return write(files[1], func(w io.Writer) error { return bwt.Decode(w, bytes.NewReader(in), opts) })
	}
	if o.do == "transform" {
		_, _, err := bwt.Transform(in)
		return err
	}
	suffixarray.New(in)
	return nil
}

func write(name string, content func(io.Writer) error) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := content(f); err != nil {
		return err
	}
	return f.Close()
}
