package app

import (
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/npy"
	"github.com/cantil-py/cantil/value/pickle"
	"github.com/cantil-py/cantil/value/show"
)

// ArrayOptions say how arrays are printed.
type ArrayOptions struct {
	Print  show.Options
	Repr   bool   // as repr(a), not print(a)
	Stats  bool   // and tell about the elements
	Member string // of a .npz file the one array to print; "" for all
}

// showNpy prints a .npy file. It is mapped: of a large array only what is printed is read.
func showNpy(opts ShowOptions, w io.Writer) error {
	if opts.Array.Member != "" {
		return &BadInput{fmt.Errorf("%s has one array, and no member %q", opts.File, opts.Array.Member)}
	}
	if err := noPickle(opts); err != nil {
		return err
	}
	watch := &watching{opts: opts.Pickle}
	defer watch.warn()
	a, err := npy.Options{Objects: watch.array}.Open(opts.File)
	if err != nil {
		return &BadInput{err}
	}
	defer a.Close()
	return whileMapped(opts.File, func() error { return showArray(a, opts, w) })
}

// whileMapped does what reads a mapped file. If the file is cut short meanwhile, the
// memory is gone: that is an error then, not the end of cantil.
func whileMapped(path string, read func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		fault := recover()
		if fault == nil {
			return
		}
		if _, ok := fault.(interface{ Addr() uintptr }); !ok {
			panic(fault)
		}
		err = &BadInput{fmt.Errorf("%s was cut short while it was read", path)}
	}()
	return read()
}

// noPickle refuses what is for pickles alone.
func noPickle(opts ShowOptions) error {
	for flag, given := range map[string]bool{"--dis": opts.Pickle.Dis, "--type": opts.Pickle.Type, "--path": opts.Pickle.Path != ""} {
		if given {
			return &BadInput{fmt.Errorf("%s is a file of arrays, and %s is for pickles", opts.File, flag)}
		}
	}
	return nil
}

// array decodes the pickle that a .npy file of Python objects holds.
func (w *watching) array(data []byte) (*npy.Array, error) {
	d := pickle.NewDecoderBytes(data)
	d.Watch = w.event()
	v, err := d.Value()
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, err
	}
	a, ok := v.(*value.Array)
	if !ok {
		return nil, fmt.Errorf("the pickle holds a %s, not an array", v.Type())
	}
	return npy.FromValue(a)
}

// showArray prints one array, and what was asked for beside it.
func showArray(a *npy.Array, opts ShowOptions, w io.Writer) error {
	if opts.JSON {
		return writeArrayJSON(a, opts.Array, w)
	}
	text, err := textOf(a, opts.Array)
	if err != nil {
		return &BadInput{fmt.Errorf("%s: %w", opts.File, err)}
	}
	if _, err := io.WriteString(w, text); err != nil {
		return err
	}
	if _, err := io.WriteString(w, "\n"); err != nil {
		return err
	}
	if opts.Array.Stats {
		return writeStats(a, opts.Array, w)
	}
	return nil
}

func textOf(a *npy.Array, opts ArrayOptions) (string, error) {
	if opts.Repr {
		return show.Repr(a, opts.Print)
	}
	return show.Str(a, opts.Print)
}

const (
	histogramBins = 10 // as numpy.histogram has by default
	barWidth      = 40 // of the fullest bin
)

// arrayFacts are what --stats tells.
type arrayFacts struct {
	Shape     []int           `json:"shape"`
	DType     string          `json:"dtype"`
	Order     string          `json:"order"` // "C" or "F"
	Bytes     int             `json:"bytes"`
	Elements  int             `json:"elements"`
	NaN       int             `json:"nan"`
	Inf       int             `json:"inf"`
	Min       string          `json:"min,omitempty"`
	Max       string          `json:"max,omitempty"`
	Mean      any             `json:"mean,omitempty"` // a float64, of complex numbers [2]float64
	Deviation *float64        `json:"std,omitempty"`
	Histogram []histogramLine `json:"histogram,omitempty"`
	mean      string          // as Python has it
	counted   bool            // whether the elements are numbers or times
}

type histogramLine struct {
	From  float64 `json:"from"`
	To    float64 `json:"to"`
	Count int     `json:"count"`
}

// factsOf describes a. Of elements that are neither numbers nor times it tells less.
func factsOf(a *npy.Array, o show.Options) (arrayFacts, error) {
	f := arrayFacts{Shape: a.Shape, DType: a.DType.String(), Order: "C", Bytes: len(a.Data), Elements: a.Len()}
	if f.Shape == nil {
		f.Shape = []int{}
	}
	if a.Fortran {
		f.Order = "F"
	}
	s, err := npy.Describe(a, histogramBins)
	if errors.Is(err, npy.ErrNoNumbers) {
		return f, nil
	}
	if err != nil {
		return f, err
	}
	f.counted, f.NaN, f.Inf = true, s.NaN, s.Inf
	if s.Min >= 0 {
		least, err1 := show.Scalar(a.At(s.Min), o)
		most, err2 := show.Scalar(a.At(s.Max), o)
		if err := errors.Join(err1, err2); err != nil {
			return f, err
		}
		f.Min, f.Max = least, most
	}
	if s.Finite > 0 {
		f.Mean, f.mean, f.Deviation = s.Mean, value.ReprFloat(s.Mean), &s.Deviation
		if a.DType.Kind == npy.Complex {
			f.Mean, f.mean = [2]float64{s.Mean, s.MeanImag}, value.ReprComplex(complex(s.Mean, s.MeanImag))
		}
	}
	for _, b := range s.Histogram {
		f.Histogram = append(f.Histogram, histogramLine{b.From, b.To, b.Count})
	}
	return f, nil
}

// writeStats prints the facts of an array, a line each, and its histogram.
func writeStats(a *npy.Array, opts ArrayOptions, w io.Writer) error {
	f, err := factsOf(a, opts.Print)
	if err != nil {
		return err
	}
	var b strings.Builder
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-9s "+format+"\n", append([]any{name}, args...)...)
	}
	b.WriteByte('\n')
	line("shape", "%s", npy.Tuple(f.Shape))
	line("dtype", "%s", f.DType)
	line("order", "%s", f.Order)
	line("bytes", "%d", f.Bytes)
	line("elements", "%d", f.Elements)
	if f.counted {
		line("nan", "%d", f.NaN)
		line("inf", "%d", f.Inf)
	}
	if f.Min != "" {
		line("min", "%s", f.Min)
		line("max", "%s", f.Max)
	}
	if f.Mean != nil {
		line("mean", "%s", f.mean)
		line("std", "%s", value.ReprFloat(*f.Deviation))
	}
	writeHistogram(&b, f.Histogram)
	_, err = io.WriteString(w, b.String())
	return err
}

// writeHistogram draws a bar for each bin; one that is not empty has a mark at least.
func writeHistogram(b *strings.Builder, bins []histogramLine) {
	fullest := 1
	for _, bin := range bins {
		fullest = max(fullest, bin.Count)
	}
	for _, bin := range bins {
		bar := bin.Count * barWidth / fullest
		if bin.Count > 0 {
			bar = max(bar, 1)
		}
		line := fmt.Sprintf("%12s %12s %9d %s", fmt.Sprintf("%.5g", bin.From), fmt.Sprintf("%.5g", bin.To), bin.Count, strings.Repeat("#", bar))
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}

// DefaultPrint are numpy's print options as they are at first, or the wide ones.
func DefaultPrint(wide bool) show.Options {
	if wide {
		return show.Wide()
	}
	return show.Defaults()
}

// SetPrint sets the options that are words.
func SetPrint(o *show.Options, sign byte, floatMode, version, legacy string) (err error) {
	o.Sign, o.FloatMode = sign, show.FloatMode(floatMode)
	if o.NumPy, err = show.ParseNumPy(version); err != nil {
		return err
	}
	o.Legacy, err = show.ParseLegacy(legacy)
	return err
}
