package show

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/npy"
)

// isItem says whether the array is printed as the Python object of its one element.
func (o Options) isItem(a *npy.Array) bool {
	return o.is(Legacy113) && len(a.Shape) == 0 && len(a.DType.Fields) == 0
}

// item is str or repr of the Python object that a.item() makes of the one element.
func item(a *npy.Array, o Options, repr bool) (string, error) {
	v, err := scalarView(a, o)
	if err != nil {
		return "", err
	}
	var object value.Value
	switch d := v.dtype; d.Kind {
	case npy.Float, npy.Complex:
		return floatItem(v, o, repr)
	case npy.Bytes, npy.Void:
		p := v.data[v.offset : v.offset+d.Size]
		if d.Kind == npy.Bytes {
			p = bytesFormat{v.data, d.Size}.bytes(v.offset)
		}
		object = value.Bytes(p)
	case npy.Datetime, npy.Timedelta:
		object = timeItem(order(d).Uint64(v.data[v.offset:]), d)
	case npy.Str:
		if _, err := newStrFormat(v); err != nil {
			return "", err
		}
		object = value.Str(strFormat{v}.text(v.offset))
	default:
		if repr {
			return scalarRepr(v, o)
		}
		return Scalar(a, o)
	}
	if repr {
		return object.String(), nil
	}
	return strOf(object), nil
}

// floatItem is a Python float or complex, but a long double stays what it is.
func floatItem(v view, o Options, repr bool) (string, error) {
	if v.dtype.ItemSize() > 16 || v.dtype.Kind == npy.Float && v.dtype.Size > 8 {
		o.general = legacyDigits(v.dtype, repr)
		return scalar(v, o)
	}
	if v.dtype.Kind == npy.Float {
		return value.ReprFloat(loadReal(v.data, v.offset, v.numeral()).f), nil
	}
	re, im := v.half(false), v.half(true)
	a, b := loadReal(v.data, re.offset, re.numeral()), loadReal(v.data, im.offset, im.numeral())
	return value.ReprComplex(complex(a.f, b.f)), nil
}

// legacyDigits are the digits of the scalars of the mode 1.13.
func legacyDigits(d npy.DType, repr bool) int {
	size := d.Size
	if d.Kind == npy.Complex {
		size /= 2
	}
	switch {
	case size <= 4 && repr:
		return 8
	case size <= 4:
		return 6
	case !repr:
		return 12
	case size == 8:
		return 17
	}
	return 20
}

// appendGeneral writes a number as C's %.*g does.
func appendGeneral(dst []byte, r real, digits int) []byte {
	var d decimal
	if !r.zero() {
		d = new(generator).decimal(r, request{cutoff: digits - 1, least: digits - 1, total: true})
	}
	if x := d.exponent(); x < -4 || x >= digits {
		if dst = append(dst, d.digits[0]); len(d.digits) > 1 {
			dst = append(append(dst, '.'), d.digits[1:]...)
		}
		return appendExponent(dst, x, leastExpDigits)
	}
	dst, n := appendPoint(dst, d)
	if n == 0 {
		dst = dst[:len(dst)-1]
	}
	return dst
}

// Bounds of Python's dates, in days from 1970 and seconds, and of its timedelta.
const (
	firstDay = -719162 // 0001-01-01
	lastDay  = 2932896 // 9999-12-31
	maxDelta = 999_999_999
	perDay   = 24 * 60 * 60
	micros   = 1_000_000
)

// timeItem is what a.item() makes of a time: a date, a datetime or a timedelta, or the
// number where Python has no such thing.
func timeItem(bits uint64, d npy.DType) value.Value {
	n := int64(bits)
	if n == notATime || d.Kind == npy.Datetime && d.Unit.Base == "" {
		return value.None
	}
	day, rest, ok := daysOf(n, d)
	switch {
	case !ok:
		return value.Int(n)
	case d.Kind == npy.Timedelta:
		day = int64(int32(day)) // as numpy hands it to Python
		if day < -maxDelta || day > maxDelta {
			return value.Int(n)
		}
		return value.TimeDelta{Days: int(day), Seconds: int(rest / micros), Microseconds: int(rest % micros)}
	case day < firstDay || day > lastDay:
		return value.Int(n)
	}
	t := time.Unix(day*perDay, 0).UTC()
	date := value.Date{Year: t.Year(), Month: int(t.Month()), Day: t.Day()}
	if strings.Contains("YMWD", d.Unit.Base) {
		return date
	}
	s := int(rest / micros)
	return &value.DateTime{Date: date, Clock: value.Clock{Hour: s / 3600, Minute: s / 60 % 60, Second: s % 60, Microsecond: int(rest % micros)}}
}

// daysOf is a time in days and microseconds; false for units that Python's times do not
// have, and for what no number of days holds.
func daysOf(n int64, d npy.DType) (day, rest int64, ok bool) {
	count := int64(max(d.Unit.Count, 1))
	if d.Kind == npy.Datetime && (n > math.MaxInt64/count || n < -math.MaxInt64/count) {
		return 0, 0, false
	}
	n *= count // of a timedelta it overflows in numpy too
	switch unit := d.Unit.Base; {
	case d.Kind == npy.Datetime && unit == "Y":
		return dayOfMonth(n, 0)
	case d.Kind == npy.Datetime && unit == "M":
		return dayOfMonth(floorDiv(n, 12))
	case unit == "W":
		return 7 * n, 0, d.Kind == npy.Timedelta || n < lastDay && n > -lastDay
	case unit == "D":
		return n, 0, true
	}
	perUnit := map[string]int64{"h": 3600 * micros, "m": 60 * micros, "s": micros, "ms": 1000, "us": 1}[d.Unit.Base]
	if perUnit == 0 {
		return 0, 0, false
	}
	day, rest = floorDiv(n, perDay*micros/perUnit)
	return day, rest * perUnit, true
}

// dayOfMonth is the first day of a month, counted from 0, of a year from 1970 on.
func dayOfMonth(year, month int64) (day, rest int64, ok bool) {
	if year < 1-1970 || year > 9999-1970 {
		return 0, 0, false
	}
	return time.Date(int(1970+year), time.Month(month+1), 1, 0, 0, 0, 0, time.UTC).Unix() / perDay, 0, true
}

// strOf is Python's str of what an item may be.
func strOf(v value.Value) string {
	switch v := v.(type) {
	case value.Str:
		return string(v)
	case value.Date:
		return fmt.Sprintf("%04d-%02d-%02d", v.Year, v.Month, v.Day)
	case *value.DateTime:
		text := fmt.Sprintf("%04d-%02d-%02d %02d:%02d:%02d", v.Year, v.Month, v.Day, v.Hour, v.Minute, v.Second)
		return text + fraction(v.Microsecond)
	case value.TimeDelta:
		text := fmt.Sprintf("%d:%02d:%02d", v.Seconds/3600, v.Seconds/60%60, v.Seconds%60) + fraction(v.Microseconds)
		switch v.Days {
		case 0:
			return text
		case 1, -1:
			return fmt.Sprintf("%d day, %s", v.Days, text)
		}
		return fmt.Sprintf("%d days, %s", v.Days, text)
	}
	return v.String()
}

func fraction(microseconds int) string {
	if microseconds == 0 {
		return ""
	}
	return fmt.Sprintf(".%06d", microseconds)
}
