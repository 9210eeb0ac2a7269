package cli

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// durationFlag is a time as people write it: 250ms, 4s, 1m30s; a bare number is seconds.
type durationFlag struct{ time.Duration }

func (d *durationFlag) String() string {
	if d.Duration == 0 {
		return ""
	}
	return d.Duration.String()
}

func (d *durationFlag) Type() string { return "TIME" }

func (d *durationFlag) Set(text string) error {
	parsed, err := parseDuration(text)
	if err != nil {
		return err
	}
	d.Duration = parsed
	return nil
}

// parseDuration reads a duration, which must be above 0 and fit into 290 years.
func parseDuration(text string) (time.Duration, error) {
	parsed, err := time.ParseDuration(text)
	if seconds, bare := strconv.ParseFloat(text, 64); bare == nil {
		if math.IsNaN(seconds) || math.Abs(seconds) >= float64(math.MaxInt64)/float64(time.Second) {
			return 0, fmt.Errorf("%s seconds is no time that can be measured", text)
		}
		parsed, err = time.Duration(seconds*float64(time.Second)), nil
	}
	if err != nil {
		return 0, fmt.Errorf("a time is written as 250ms, 4s or 1m30s")
	}
	if parsed <= 0 {
		return 0, fmt.Errorf("a time must be above 0")
	}
	return parsed, nil
}
