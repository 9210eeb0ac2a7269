package app

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/cantil-py/cantil/text/name"
)

// fill puts the parts of a run into a template for a name: {script}, {timestamp}, {micros}, {date}, {args}.
func (l *Launch) fill(template string, started time.Time) (string, error) {
	parts := map[string]string{
		"{script}":    name.Safe(l.name()),
		"{timestamp}": name.Stamp(started),
		"{micros}":    name.StampMicros(started),
		"{date}":      started.Format(time.DateOnly),
		"{args}":      name.SafeWithin(strings.Join(l.Args, " "), 60),
	}
	var wrong string
	placeholder := regexp.MustCompile(`\{[^{}]*\}`)
	filled := placeholder.ReplaceAllStringFunc(template, func(part string) string {
		text, known := parts[part]
		if !known {
			wrong = part
		}
		return text
	})
	if wrong != "" {
		return "", fmt.Errorf("filling in %q: there is no %s; there are {script}, {timestamp}, {micros}, {date} and {args}", template, wrong)
	}
	return filled, nil
}

// outPath is the file that a copy of the output goes to; its folder may have to be made.
func (o *RunOptions) outPath(started time.Time) (string, error) {
	filled, err := o.fill(o.Out, started)
	if err != nil {
		return "", err
	}
	return filepath.Abs(filled)
}
