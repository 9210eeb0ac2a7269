package show

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/cantil-py/cantil/value/npy"
)

// notATime is the integer that numpy keeps for NaT.
const notATime = math.MinInt64

// timeFormat writes dates and spans of time, right-justified.
type timeFormat struct {
	view
	width int
}

// newTimeFormat takes no width for dates in the mode 1.13, which does not justify them.
func newTimeFormat(v view, o Options) (format, error) {
	f := &timeFormat{view: v}
	count := false
	least, most := int64(math.MaxInt64), int64(math.MinInt64)
	v.each(func(at int) {
		n := f.ticks(at)
		if n == notATime {
			f.width = len("'NaT'")
			return
		}
		count, least, most = true, min(least, n), max(most, n)
	})
	if !count {
		return f, nil
	}
	if v.dtype.Kind == npy.Datetime && v.dtype.Unit.Base == "" {
		return nil, errors.New("a date of the generic unit has no text")
	}
	if v.dtype.Kind == npy.Datetime && o.is(Legacy113) {
		f.width = 0
		return f, nil
	}
	// As in numpy, the extremes alone tell the width.
	f.width = max(f.width, len(f.number(nil, least)), len(f.number(nil, most)))
	return f, nil
}

func (f *timeFormat) ticks(at int) int64 { return int64(order(f.dtype).Uint64(f.data[at:])) }

func (f *timeFormat) number(dst []byte, n int64) []byte {
	switch {
	case n == notATime:
		return append(dst, "'NaT'"...)
	case f.dtype.Kind == npy.Timedelta:
		return strconv.AppendInt(dst, n, 10)
	}
	return append(append(append(dst, '\''), isoTime(n, f.dtype.Unit)...), '\'')
}

func (f *timeFormat) append(dst []byte, at int) []byte {
	return rightJustify(dst, f.width, func(dst []byte) []byte { return f.number(dst, f.ticks(at)) })
}

// parts of a second, and the digits they are written with, by unit.
type resolution struct {
	perSecond int64
	digits    int
}

func resolutionOf(unit string) resolution {
	switch unit {
	case "ms":
		return resolution{1e3, 3}
	case "us":
		return resolution{1e6, 6}
	case "ns":
		return resolution{1e9, 9}
	case "ps":
		return resolution{1e12, 12}
	case "fs":
		return resolution{1e15, 15}
	case "as":
		return resolution{1e18, 18}
	}
	return resolution{1, 0}
}

// isoTime is the date that lies n units after 1970, as far as the unit goes.
func isoTime(n int64, u npy.Unit) string {
	n *= int64(u.Count)
	switch u.Base {
	case "Y":
		return fmt.Sprintf("%04d", 1970+n)
	case "M":
		year, month := floorDiv(n, 12)
		return fmt.Sprintf("%04d-%02d", 1970+year, month+1)
	case "W":
		return isoDay(7 * n)
	case "D":
		return isoDay(n)
	case "h":
		day, hour := floorDiv(n, 24)
		return fmt.Sprintf("%sT%02d", isoDay(day), hour)
	case "m":
		day, minute := floorDiv(n, 24*60)
		return fmt.Sprintf("%sT%02d:%02d", isoDay(day), minute/60, minute%60)
	}
	r := resolutionOf(u.Base)
	seconds, part := floorDiv(n, r.perSecond)
	day, s := floorDiv(seconds, 24*60*60)
	text := fmt.Sprintf("%sT%02d:%02d:%02d", isoDay(day), s/3600, s/60%60, s%60)
	if r.digits > 0 {
		text += fmt.Sprintf(".%0*d", r.digits, part)
	}
	return text
}

// isoDay is the date of a day, counted from 1970-01-01, in the Gregorian calendar.
func isoDay(day int64) string {
	const (
		fromMarch0 = 719468 // days from 0000-03-01 to 1970-01-01
		perEra     = 146097 // days of 400 years
	)
	era, d := floorDiv(day, perEra) // before the sum, which could overflow
	more, d := floorDiv(d+fromMarch0, perEra)
	era += more
	yearOfEra := (d - d/1460 + d/36524 - d/146096) / 365
	dayOfYear := d - (365*yearOfEra + yearOfEra/4 - yearOfEra/100) // from the first of March
	month := (5*dayOfYear + 2) / 153                               // 0 is March
	dayOfMonth := dayOfYear - (153*month+2)/5 + 1
	year := yearOfEra + 400*era
	if month = month + 3; month > 12 {
		month, year = month-12, year+1
	}
	return fmt.Sprintf("%04d-%02d-%02d", year, month, dayOfMonth)
}

// floorDiv divides, rounding down, with a remainder of 0 and more.
func floorDiv(n, by int64) (quotient, rest int64) {
	quotient, rest = n/by, n%by
	if rest < 0 {
		quotient, rest = quotient-1, rest+by
	}
	return quotient, rest
}
