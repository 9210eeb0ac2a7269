package app

import (
	"io"
)

// Format is the form in which a profile is printed.
type Format int

// The forms: pstats' own text, or the same functions with all their callers as
// JSON or CSV.
const (
	Text Format = iota
	JSON
	CSV
)

// StatsOptions are the files to print, merged into one, and how.
type StatsOptions struct {
	Files  []string
	View   StatsView
	Format Format
	Out    string // where the merged profile is written as well; "" for nowhere
}

// Stats reads profile files, adds them together and prints them to w.
// What is written to opts.Out is the sum, before the view strips or sorts it.
// A file that cannot be read or added is a [BadProfile]. Files of samples are printed as
// cantil profile --sample prints them.
func Stats(opts StatsOptions, w io.Writer) error {
	p, err := opts.read()
	if err != nil {
		return &BadProfile{err}
	}
	if p.Sampled != nil {
		return opts.statsSampled(p.Sampled, w)
	}
	stats := p.Exact
	if opts.Out != "" {
		if err := stats.WriteFile(opts.Out); err != nil {
			return err
		}
	}
	if err := opts.View.arrange(stats); err != nil {
		return &BadInput{err}
	}
	return opts.View.write(w, stats, opts.Format)
}
