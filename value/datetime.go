package value

import (
	"fmt"
	"math/big"
	"strings"
	"time"
)

// Date is Python's datetime.date.
type Date struct{ Year, Month, Day int }

// Clock is a time of day.
type Clock struct {
	Hour, Minute, Second, Microsecond int
	Fold                              int // 1 in the second pass of a repeated hour
}

// Time is Python's datetime.time.
type Time struct {
	Clock
	Zone Value // None, a *TimeZone, or any object
}

// DateTime is Python's datetime.datetime.
type DateTime struct {
	Date
	Clock
	Zone Value // None, a *TimeZone, or any object
}

// TimeDelta is Python's datetime.timedelta: Seconds from 0 to 86399 and Microseconds
// from 0 to 999999, the sign in Days.
type TimeDelta struct{ Days, Seconds, Microseconds int }

// TimeZone is Python's datetime.timezone.
type TimeZone struct {
	Offset TimeDelta
	Name   Value // None or a Str
}

// Go returns the same instant. A DateTime without a zone is taken to be in local; a
// zone that is no [TimeZone] is an error.
func (d *DateTime) Go(local *time.Location) (time.Time, error) {
	zone := local
	switch z := d.Zone.(type) {
	case nil, Singleton:
	case *TimeZone:
		zone = z.Location()
	default:
		return time.Time{}, fmt.Errorf("the time zone %s has no fixed offset", d.Zone.Type())
	}
	return time.Date(d.Year, time.Month(d.Month), d.Day, d.Hour, d.Minute, d.Second, d.Microsecond*1000, zone), nil
}

// Location is the zone as Go has it.
func (z *TimeZone) Location() *time.Location {
	if z.Offset == (TimeDelta{}) && (z.Name == nil || z.Name == Value(None)) {
		return time.UTC
	}
	name := ""
	if s, ok := z.Name.(Str); ok {
		name = string(s)
	}
	return time.FixedZone(name, int(z.Offset.Go()/time.Second))
}

// Go returns the duration; it wraps around beyond 292 years.
func (d TimeDelta) Go() time.Duration {
	return time.Duration(d.Days)*24*time.Hour + time.Duration(d.Seconds)*time.Second + time.Duration(d.Microseconds)*time.Microsecond
}

// Len is the number of items, or nil where the fields are no ints or the step is 0.
func (r Range) Len() *big.Int {
	start, stop, step := bigOf(r.Start), bigOf(r.Stop), bigOf(r.Step)
	if start == nil || stop == nil || step == nil || step.Sign() == 0 {
		return nil
	}
	span := new(big.Int).Sub(stop, start)
	if span.Sign() != step.Sign() {
		return new(big.Int)
	}
	n, rest := new(big.Int).QuoRem(span, step, new(big.Int))
	if rest.Sign() != 0 {
		n.Add(n, big.NewInt(1))
	}
	return n
}

func bigOf(v Value) *big.Int {
	switch v := v.(type) {
	case Int:
		return v.Big()
	case BigInt:
		return v.X
	}
	return nil
}

// Type implements [Value].
func (Date) Type() string { return "datetime.date" }

func (d Date) String() string {
	return fmt.Sprintf("datetime.date(%d, %d, %d)", d.Year, d.Month, d.Day)
}

// Type implements [Value].
func (*Time) Type() string { return "datetime.time" }

func (t *Time) String() string { return Repr(t) }

// Type implements [Value].
func (*DateTime) Type() string { return "datetime.datetime" }

func (d *DateTime) String() string { return Repr(d) }

// Type implements [Value].
func (TimeDelta) Type() string { return "datetime.timedelta" }

func (d TimeDelta) String() string {
	var parts []string
	for _, p := range []struct {
		name string
		n    int
	}{{"days", d.Days}, {"seconds", d.Seconds}, {"microseconds", d.Microseconds}} {
		if p.n != 0 {
			parts = append(parts, fmt.Sprintf("%s=%d", p.name, p.n))
		}
	}
	if parts == nil {
		return "datetime.timedelta(0)"
	}
	return "datetime.timedelta(" + strings.Join(parts, ", ") + ")"
}

// Type implements [Value].
func (*TimeZone) Type() string { return "datetime.timezone" }

func (z *TimeZone) String() string {
	switch {
	case z.Name != nil && z.Name != Value(None):
		return fmt.Sprintf("datetime.timezone(%s, %s)", z.Offset, z.Name)
	case z.Offset == TimeDelta{}:
		return "datetime.timezone.utc"
	}
	return fmt.Sprintf("datetime.timezone(%s)", z.Offset)
}

// text is the clock as arguments; seconds and less are left out where zero.
func (c Clock) text() string {
	text := fmt.Sprintf("%d, %d", c.Hour, c.Minute)
	switch {
	case c.Microsecond != 0:
		text += fmt.Sprintf(", %d, %d", c.Second, c.Microsecond)
	case c.Second != 0:
		text += fmt.Sprintf(", %d", c.Second)
	}
	return text
}
