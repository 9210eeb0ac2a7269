package cli

import (
	"math"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
)

// arrayFlags are numpy's print options, under their own names.
type arrayFlags struct {
	repr, stats, wide       bool
	member                  string
	precision               int
	threshold               string
	edgeitems, linewidth    int
	suppress                bool
	sign, floatmode         string
	nanstr, infstr, version string
	legacy                  string
}

func (a *arrayFlags) add(c *cobra.Command) {
	f := c.Flags()
	f.BoolVar(&a.repr, "repr", false, "print as Python's repr, in full: an array not as print(a)")
	f.BoolVar(&a.wide, "wide", false, "the same as --precision 3 --linewidth 10000 --suppress --threshold 10000")
	f.BoolVar(&a.stats, "stats", false, "tell the shape, dtype, least, largest and mean as well, and draw a histogram")
	f.StringVar(&a.member, "member", "", "of a .npz file, only the array `NAME`")
	f.IntVar(&a.precision, "precision", 8, "`N` digits after the point")
	f.StringVar(&a.threshold, "threshold", "1000", "summarise an array of more than `N` elements; inf for never")
	f.IntVar(&a.edgeitems, "edgeitems", 3, "of a summary, show `N` elements at each end")
	f.IntVar(&a.linewidth, "linewidth", 75, "break lines at `N` columns")
	f.BoolVar(&a.suppress, "suppress", false, "no exponents for the sake of small numbers")
	f.StringVar(&a.sign, "sign", "-", "`S` is - for signs of negative numbers, + for all, a space for a column")
	f.StringVar(&a.floatmode, "floatmode", "maxprec", "`MODE` is fixed, unique, maxprec or maxprec_equal")
	f.StringVar(&a.nanstr, "nanstr", "nan", "`WORD` for what is not a number")
	f.StringVar(&a.infstr, "infstr", "inf", "`WORD` for infinity")
	f.StringVar(&a.version, "numpy", "2.x", "print as numpy `V`: 1.24, 2.0 and so on, 2.x for the newest")
	f.StringVar(&a.legacy, "legacy", "", "print in numpy's legacy `MODE`: 1.13, 1.21, 1.25, 2.1 or 2.2")
}

// options are the flags that were given, over the defaults or those of --wide.
func (a arrayFlags) options(c *cobra.Command) (app.ArrayOptions, error) {
	o := app.ArrayOptions{Print: app.DefaultPrint(a.wide), Repr: a.repr, Stats: a.stats, Member: a.member}
	given := c.Flags().Changed
	if given("precision") {
		o.Print.Precision = a.precision
	}
	if given("edgeitems") {
		o.Print.EdgeItems = a.edgeitems
	}
	if given("linewidth") {
		o.Print.LineWidth = a.linewidth
	}
	if given("suppress") {
		o.Print.Suppress = a.suppress
	}
	o.Print.NaN, o.Print.Inf = a.nanstr, a.infstr
	if given("threshold") {
		n, err := parseThreshold(a.threshold)
		if err != nil {
			return o, err
		}
		o.Print.Threshold = n
	}
	if len(a.sign) != 1 {
		return o, usageError("one of '-', '+' and ' '", "--sign must be one character, not %q", a.sign)
	}
	err := app.SetPrint(&o.Print, a.sign[0], a.floatmode, a.version, a.legacy)
	if err == nil {
		err = o.Print.Check()
	}
	if err != nil {
		return o, usageError(c.CommandPath()+" --help explains the print options", "%w", err)
	}
	return o, nil
}

// parseThreshold reads a number of elements; numpy.inf is a habit of many.
func parseThreshold(text string) (int, error) {
	if strings.EqualFold(text, "inf") {
		return math.MaxInt, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, usageError("a number of elements, or inf", "--threshold cannot be %q", text)
	}
	return n, nil
}
