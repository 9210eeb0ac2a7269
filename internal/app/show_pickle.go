package app

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/npy"
	"github.com/cantil-py/cantil/value/pickle"
	"github.com/cantil-py/cantil/value/scan"
	"github.com/cantil-py/cantil/value/show"
)

// PickleOptions say how pickled values are printed.
type PickleOptions struct {
	Type     bool   // types and sizes only
	Path     string // the part to print, as [0].weights; "" for all
	Dis      bool   // the opcodes, as python -m pickletools
	Annotate bool   // with what each opcode does
	All      bool   // leave nothing out
	// Warn is told the worst about a file that is not safe to load with Python.
	Warn func(finding string)
}

const (
	// mostItems of one container are shown unless All is set.
	mostItems = 1000
	// mostValues of one pickle, likewise.
	mostValues = 100_000
	// mostText characters of one text, likewise.
	mostText = 10_000
	// annotateAt is the column of python -m pickletools -a.
	annotateAt = 30
)

// showPickle prints every value of a file of pickles.
func showPickle(opts ShowOptions, w io.Writer) error {
	f, err := os.Open(opts.File)
	if err != nil {
		return &BadInput{err}
	}
	defer f.Close()
	if opts.Pickle.Dis {
		return badPickle(opts.File, pickle.Dis(w, f, disOptions(opts.Pickle)))
	}
	return showPickles(f, opts, w)
}

func disOptions(opts PickleOptions) pickle.DisOptions {
	if opts.Annotate {
		return pickle.DisOptions{Annotate: annotateAt}
	}
	return pickle.DisOptions{}
}

// showPickles prints every value of a stream of pickles, and warns of what Python would run
// if it loaded them, up to where one is damaged too.
func showPickles(r io.Reader, opts ShowOptions, w io.Writer) error {
	watch := &watching{opts: opts.Pickle}
	defer watch.warn()
	d := pickle.NewDecoder(r)
	d.Watch, d.MaxOpcodes = watch.event(), scan.MaxOpcodes
	for n := 0; ; n++ {
		v, err := d.Value()
		if err == io.EOF && n > 0 {
			return nil
		}
		if err != nil {
			return badPickle(opts.File, err)
		}
		if err := showValue(v, opts, w); err != nil {
			return err
		}
	}
}

// watching gathers what is not safe in the pickles of one file.
type watching struct {
	opts   PickleOptions
	report scan.Report
}

func (w *watching) event() func(pickle.Event) { return w.report.Watch(scan.Options{}) }

// warn tells the worst of what was found.
func (w *watching) warn() {
	if !w.report.Verdict.Clean() && w.opts.Warn != nil {
		w.opts.Warn(w.report.Worst().String())
	}
}

// badPickle says of which file err is.
func badPickle(file string, err error) error {
	if err == nil {
		return nil
	}
	if err == io.EOF {
		return &BadInput{fmt.Errorf("%s is empty", file)}
	}
	var syntax *pickle.SyntaxError
	if errors.As(err, &syntax) && syntax.Offset < headSize {
		return &BadInput{fmt.Errorf("%s is no file of arrays, and no pickle either: %w", file, err)}
	}
	return &BadInput{fmt.Errorf("reading %s: %w", file, err)}
}

// showValue prints one value, or the part of it that was asked for.
func showValue(v value.Value, opts ShowOptions, w io.Writer) error {
	if path := opts.Pickle.Path; path != "" {
		var err error
		if v, err = value.At(v, path); err != nil {
			return &BadInput{fmt.Errorf("following the path %s in %s: %w", path, opts.File, err)}
		}
	}
	numpy := func(v value.Value) string { return numpyText(v, opts.Array) }
	if opts.Pickle.Type {
		return value.Outline{}.Write(w, v)
	}
	if a, ok := v.(*value.Array); ok {
		if array, err := npy.FromValue(a); err == nil {
			return showArray(array, opts, w)
		}
	}
	switch {
	case opts.JSON:
		return value.JSON{Numpy: numpyJSON}.Write(w, v)
	case opts.Array.Repr:
		if err := (value.Printer{Numpy: numpy}).Write(w, v); err != nil {
			return err
		}
		_, err := io.WriteString(w, "\n")
		return err
	}
	pretty := value.Pretty{Numpy: numpy, Most: mostItems, Total: mostValues, Text: mostText}
	if opts.Pickle.All {
		pretty.Most, pretty.Total, pretty.Text = 0, 0, 0
	}
	return pretty.Write(w, v)
}

// numpyJSON writes the elements of an array within a value, or a scalar.
func numpyJSON(w io.Writer, v value.Value) error {
	var a *npy.Array
	var err error
	switch v := v.(type) {
	case *value.Array:
		a, err = npy.FromValue(v)
	case *value.Scalar:
		a, err = npy.FromScalar(v)
	default:
		return fmt.Errorf("a %s is not of numpy", v.Type())
	}
	if err != nil {
		return err
	}
	return show.WriteJSON(w, a)
}

// numpyText is numpy's repr of an array or scalar within a value.
func numpyText(v value.Value, opts ArrayOptions) string {
	var text string
	var err error
	switch v := v.(type) {
	case *value.Array:
		var a *npy.Array
		if a, err = npy.FromValue(v); err == nil {
			text, err = show.Repr(a, opts.Print)
		}
	case *value.Scalar:
		var a *npy.Array
		if a, err = npy.FromScalar(v); err == nil {
			text, err = show.ScalarRepr(a, opts.Print)
		}
	case *value.DType:
		var a *npy.Array
		if a, err = npy.FromValue(&value.Array{DType: v, Shape: []int{0}, Data: []byte{}}); err == nil && v.Fields == nil {
			return "dtype(" + value.ReprStr(a.DType.String()) + ")"
		}
	}
	if err != nil || text == "" {
		return v.String() // its type and shape
	}
	return text
}
