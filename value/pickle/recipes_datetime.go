package pickle

import (
	"strings"
	"time"

	"github.com/cantil-py/cantil/value"
)

func datetimeRecipe(name string) recipe {
	switch name {
	case "date":
		return makeDate
	case "time":
		return makeTime
	case "datetime":
		return makeDateTime
	case "timedelta":
		return makeTimeDelta
	case "timezone":
		return makeTimeZone
	}
	return nil
}

// raw is the state of a date or time: n bytes, which Python 2 had as text.
func raw(v value.Value, n int) (string, bool) {
	switch v := v.(type) {
	case value.Bytes:
		return string(v), len(v) == n
	case value.Str:
		p, ok := makeEncoded([]value.Value{v, value.Str("latin1")})
		if !ok {
			return "", false
		}
		return raw(p, n)
	}
	return "", false
}

// dateOf reads two bytes of year, month and day; it must be a day that there is.
func dateOf(p string) (value.Date, bool) {
	d := value.Date{Year: int(p[0])<<8 | int(p[1]), Month: int(p[2]), Day: int(p[3])}
	t := time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC)
	return d, d.Year >= 1 && d.Year <= 9999 && t.Year() == d.Year && int(t.Month()) == d.Month && t.Day() == d.Day
}

func clockOf(p string, fold int) (value.Clock, bool) {
	c := value.Clock{Hour: int(p[0]), Minute: int(p[1]), Second: int(p[2]),
		Microsecond: int(p[3])<<16 | int(p[4])<<8 | int(p[5]), Fold: fold}
	return c, c.Hour < 24 && c.Minute < 60 && c.Second < 60 && c.Microsecond < 1_000_000
}

// unfold takes the fold out of byte i, where it is the highest bit.
func unfold(p string, i int) (string, int) {
	if p[i] < 0x80 {
		return p, 0
	}
	return p[:i] + string([]byte{p[i] & 0x7F}) + p[i+1:], 1
}

func makeDate(args []value.Value) (value.Value, bool) {
	if len(args) != 1 {
		return nil, false
	}
	p, ok := raw(args[0], 4)
	if !ok {
		return nil, false
	}
	return dateOf(p)
}

// zoneOf is the second argument of time and datetime.
func zoneOf(args []value.Value) (value.Value, bool) {
	switch len(args) {
	case 1:
		return value.None, true
	case 2:
		switch args[1].(type) {
		case *value.TimeZone, *value.Object, value.Singleton:
			return args[1], true
		}
	}
	return nil, false
}

func makeTime(args []value.Value) (value.Value, bool) {
	zone, ok := zoneOf(args)
	if !ok {
		return nil, false
	}
	p, ok := raw(args[0], 6)
	if !ok {
		return nil, false
	}
	p, fold := unfold(p, 0)
	c, ok := clockOf(p, fold)
	return &value.Time{Clock: c, Zone: zone}, ok
}

func makeDateTime(args []value.Value) (value.Value, bool) {
	zone, ok := zoneOf(args)
	if !ok {
		return nil, false
	}
	p, ok := raw(args[0], 10)
	if !ok {
		return nil, false
	}
	p, fold := unfold(p, 2)
	d, ok1 := dateOf(p)
	c, ok2 := clockOf(p[4:], fold)
	return &value.DateTime{Date: d, Clock: c, Zone: zone}, ok1 && ok2
}

func makeTimeDelta(args []value.Value) (value.Value, bool) {
	if len(args) != 3 {
		return nil, false
	}
	var n [3]int
	for i, arg := range args {
		x, ok := arg.(value.Int)
		if !ok || x < -999_999_999 || x > 999_999_999 {
			return nil, false
		}
		n[i] = int(x)
	}
	ok := n[1] >= 0 && n[1] < 86400 && n[2] >= 0 && n[2] < 1_000_000
	return value.TimeDelta{Days: n[0], Seconds: n[1], Microseconds: n[2]}, ok
}

func makeTimeZone(args []value.Value) (value.Value, bool) {
	if len(args) != 1 && len(args) != 2 {
		return nil, false
	}
	offset, ok := args[0].(value.TimeDelta)
	if !ok || offset.Days < -1 || offset.Days > 0 || offset == (value.TimeDelta{Days: -1}) {
		return nil, false
	}
	z := &value.TimeZone{Offset: offset, Name: value.None}
	if len(args) == 2 {
		name, ok := args[1].(value.Str)
		if !ok {
			return nil, false
		}
		z.Name = name
	}
	return z, true
}

func pathRecipe(class string) recipe {
	switch class {
	case "PosixPath", "PurePosixPath":
		return func(args []value.Value) (value.Value, bool) { return makePath(class, args) }
	case "WindowsPath", "PureWindowsPath":
		return func(args []value.Value) (value.Value, bool) { return makeWindowsPath(class, args) }
	}
	return nil
}

func texts(args []value.Value) ([]string, bool) {
	parts := make([]string, len(args))
	for i, arg := range args {
		s, ok := arg.(value.Str)
		if !ok {
			return nil, false
		}
		parts[i] = string(s)
	}
	return parts, true
}

// makePath joins and cleans as PurePosixPath does: "a//./b" is "a/b", but "..", which
// may lead elsewhere, and exactly two slashes at the start stay.
func makePath(class string, args []value.Value) (value.Value, bool) {
	parts, ok := texts(args)
	if !ok {
		return nil, false
	}
	joined := ""
	for _, part := range parts {
		switch {
		case strings.HasPrefix(part, "/"):
			joined = part
		case joined == "" || strings.HasSuffix(joined, "/"):
			joined += part
		default:
			joined += "/" + part
		}
	}
	root := ""
	if strings.HasPrefix(joined, "//") && !strings.HasPrefix(joined, "///") {
		root = "//"
	} else if strings.HasPrefix(joined, "/") {
		root = "/"
	}
	var names []string
	for _, name := range strings.Split(joined, "/") {
		if name != "" && name != "." {
			names = append(names, name)
		}
	}
	text := root + strings.Join(names, "/")
	if text == "" {
		text = "."
	}
	return value.Path{Class: class, Text: text}, true
}

// makeWindowsPath takes what needs no cleaning: names, after a drive and its root or
// after nothing.
func makeWindowsPath(class string, args []value.Value) (value.Value, bool) {
	parts, ok := texts(args)
	if !ok || strings.Join(parts, "") == "" || len(parts) == 1 && parts[0] == "." {
		return value.Path{Class: class, Text: "."}, ok
	}
	text := parts[0]
	for _, part := range parts[1:] {
		text = strings.TrimSuffix(text, `\`) + `\` + part
	}
	rest := text
	if len(text) >= 3 && text[1:3] == `:\` {
		rest = text[3:]
	}
	if rest == "" {
		return value.Path{Class: class, Text: text}, len(text) == 3
	}
	for _, name := range strings.Split(rest, `\`) {
		if name == "" || name == "." || strings.ContainsAny(name, ":/") {
			return nil, false
		}
	}
	return value.Path{Class: class, Text: text}, true
}
