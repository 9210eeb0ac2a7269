package npy

import (
	"math"
	"time"

	"github.com/cantil-py/cantil/value"
)

// notATime is the number that numpy keeps for NaT.
const notATime = math.MinInt64

const secondsOfDay = 24 * 60 * 60

// ticksOf is a date, a datetime or a timedelta of Python as the number of units that a
// time of d holds; None is NaT. False is for what is not whole in that unit.
func ticksOf(v value.Value, d DType) (int64, bool) {
	if v == nil || v == value.Value(value.None) {
		return notATime, d.Kind == Datetime || d.Kind == Timedelta
	}
	var days, micros int64
	switch x := v.(type) {
	case value.Date:
		days = dayOf(x)
	case *value.DateTime:
		days = dayOf(x.Date)
		micros = int64(x.Hour*3600+x.Minute*60+x.Second)*1_000_000 + int64(x.Microsecond)
	case value.TimeDelta:
		days = int64(x.Days)
		micros = int64(x.Seconds)*1_000_000 + int64(x.Microseconds)
	default:
		return 0, false
	}
	if _, span := v.(value.TimeDelta); span != (d.Kind == Timedelta) || d.Kind != Timedelta && d.Kind != Datetime {
		return 0, false
	}
	n, ok := inUnits(days, micros, d)
	count := int64(max(d.Unit.Count, 1))
	return n / count, ok && n%count == 0
}

func dayOf(d value.Date) int64 {
	return time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC).Unix() / secondsOfDay
}

// inUnits is a time in whole units of d, not counting how many of them d counts by.
func inUnits(days, micros int64, d DType) (int64, bool) {
	perDay := map[string]int64{"h": 24, "m": 24 * 60, "s": secondsOfDay, "ms": secondsOfDay * 1000, "us": secondsOfDay * 1_000_000}[d.Unit.Base]
	switch d.Unit.Base {
	case "Y", "M":
		t := time.Unix(days*secondsOfDay, 0).UTC()
		if d.Kind != Datetime || micros != 0 || t.Day() != 1 || d.Unit.Base == "Y" && t.Month() != 1 {
			return 0, false
		}
		if d.Unit.Base == "Y" {
			return int64(t.Year() - 1970), true
		}
		return int64(t.Year()-1970)*12 + int64(t.Month()) - 1, true
	case "W":
		return days / 7, days%7 == 0 && micros == 0
	case "D":
		return days, micros == 0
	}
	if perDay == 0 {
		return 0, false
	}
	perUnit := secondsOfDay * 1_000_000 / perDay
	if days > math.MaxInt64/perDay || days < -math.MaxInt64/perDay {
		return 0, false
	}
	return days*perDay + micros/perUnit, micros%perUnit == 0
}
