package app

import (
	"io"

	"github.com/cantil-py/cantil/profile/pstats"
)

// StatsOptions are the files to print, merged into one, and how.
type StatsOptions struct {
	Files []string
	View  StatsView
}

// BadInput is an error in what was to be read, neither in cantil nor in how it was called.
type BadInput struct{ Err error }

func (e *BadInput) Error() string { return e.Err.Error() }
func (e *BadInput) Unwrap() error { return e.Err }

// Stats reads profile files, adds them together and prints them to w.
// A file that cannot be read or added is a [BadInput].
func Stats(opts StatsOptions, w io.Writer) error {
	stats, err := pstats.Open(opts.Files...)
	if err != nil {
		return &BadInput{err}
	}
	if err := opts.View.arrange(stats); err != nil {
		return &BadInput{err}
	}
	return opts.View.write(w, stats)
}
