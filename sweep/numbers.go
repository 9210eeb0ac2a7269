package sweep

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

const (
	// linDigits and logDigits are how exactly values between the ends are written: no more than one wants to read.
	linDigits = 10
	logDigits = 6
	// stepSlack lets 0:1:0.1 reach its end, for all that rounding does.
	stepSlack = 1e-9
)

// parseRange reads LO:HI, LO:HI:STEP, LO:HI:lin:N and LO:HI:log:N. What has no numbers at both ends is no range.
func parseRange(text string) (list []string, is bool, err error) {
	parts := trimmed(strings.Split(text, ":"))
	if len(parts) < 2 || len(parts) > 4 {
		return nil, false, nil
	}
	low, lowErr := finite(parts[0])
	high, highErr := finite(parts[1])
	if lowErr != nil || highErr != nil {
		return nil, false, nil
	}
	if len(parts) == 4 {
		list, err = spaced(parts, low, high)
		return list, true, err
	}
	step := "1"
	if len(parts) == 3 {
		step = parts[2]
	}
	list, err = stepped(parts, low, high, step)
	return list, true, err
}

func finite(text string) (float64, error) {
	v, err := strconv.ParseFloat(text, 64)
	if err == nil && (math.IsNaN(v) || math.IsInf(v, 0)) {
		err = fmt.Errorf("%s is not finite", text)
	}
	return v, err
}

// stepped goes from low towards high; high is there if a step ends on it.
func stepped(parts []string, low, high float64, step string) ([]string, error) {
	by, err := finite(step)
	what := strings.Join(parts, ":")
	if err != nil {
		return nil, fmt.Errorf("%s is no range: LO:HI, LO:HI:STEP, LO:HI:lin:N or LO:HI:log:N", what)
	}
	steps := (high - low) / by
	switch {
	case by == 0 || steps < 0:
		return nil, fmt.Errorf("%s leads nowhere", what)
	case steps >= MostPoints:
		return nil, fmt.Errorf("%s has more than %d values", what, MostPoints)
	}
	var list []string
	for i := range int(steps+stepSlack) + 1 {
		list = append(list, number(low+float64(i)*by, linDigits))
	}
	return list, nil
}

// spaced is n values, the ends among them as they were written.
func spaced(parts []string, low, high float64) ([]string, error) {
	what := strings.Join(parts, ":")
	n, err := strconv.Atoi(parts[3])
	switch log := parts[2] == "log"; {
	case err != nil || n < 2 || n > MostPoints:
		return nil, fmt.Errorf("%s: the last part is how many values, from 2 to %d", what, MostPoints)
	case !log && parts[2] != "lin":
		return nil, fmt.Errorf("%s: the third part is lin or log", what)
	case log && (low <= 0 || high <= 0):
		return nil, fmt.Errorf("%s: both ends of a log range are above 0", what)
	}
	list := []string{parts[0]}
	for i := 1; i < n-1; i++ {
		at := float64(i) / float64(n-1)
		if parts[2] == "log" {
			list = append(list, number(math.Exp(math.Log(low)+at*(math.Log(high)-math.Log(low))), logDigits))
		} else {
			list = append(list, number(low+at*(high-low), linDigits))
		}
	}
	return append(list, parts[1]), nil
}

// number writes v with so many significant digits at most, as Python's float and, where it is whole, int read it.
func number(v float64, digits int) string {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'e', digits-1, 64), 64)
	if err != nil {
		rounded = v
	}
	if rounded == math.Trunc(rounded) && math.Abs(rounded) < 1e15 {
		return strconv.FormatFloat(rounded+0, 'f', -1, 64) // + 0: no -0
	}
	return strconv.FormatFloat(rounded, 'g', -1, 64)
}
