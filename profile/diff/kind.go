package diff

import (
	"fmt"
	"strings"
)

// IncompatibleError says why two profiles cannot be compared.
type IncompatibleError struct {
	First, Second string // the profiles
	What          string // "mode", "clock", "python", "rate"
	Reason        string
}

func (e *IncompatibleError) Error() string {
	return fmt.Sprintf("comparing %s with %s: %s", e.First, e.Second, e.Reason)
}

// compatible is nil, or an IncompatibleError. What one of both does not tell is taken to be the same.
func compatible(a, b Profile, anyPython bool) error {
	refuse := func(what, format string, args ...any) error {
		return &IncompatibleError{a.Name, b.Name, what, fmt.Sprintf(format, args...)}
	}
	x, y := a.Kind, b.Kind
	switch {
	case x.Mode != y.Mode:
		return refuse("mode", "one is %s, the other %s: samples are no calls, and the exact collector takes time that the sampler does not", x.Mode, y.Mode)
	case x.Clock != "" && y.Clock != "" && x.Clock != y.Clock:
		return refuse("clock", "one has %s time, the other %s time", x.Clock, y.Clock)
	case x.Rate != 0 && y.Rate != 0 && x.Rate != y.Rate:
		return refuse("rate", "one was sampled %g times a second, the other %g times", x.Rate, y.Rate)
	case !anyPython && x.Python != "" && y.Python != "" && minor(x.Python) != minor(y.Python):
		return refuse("python", "one is of Python %s, the other of %s: a change of the program could not be told from one of Python", x.Python, y.Python)
	}
	return nil
}

// minor is a version without what comes after the second dot: "3.12".
func minor(version string) string {
	parts := strings.SplitN(version, ".", 3)
	return strings.Join(parts[:min(2, len(parts))], ".")
}

// common is the kind of all profiles of a side: what one of them tells.
func common(profiles []Profile) Kind {
	kind := profiles[0].Kind
	for _, p := range profiles[1:] {
		if kind.Clock == "" {
			kind.Clock = p.Kind.Clock
		}
		if kind.Python == "" {
			kind.Python = p.Kind.Python
		}
		if kind.Rate == 0 {
			kind.Rate = p.Kind.Rate
		}
	}
	return kind
}
