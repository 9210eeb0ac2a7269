package cli

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
	"github.com/cantil-py/cantil/internal/term"
)

// progressEvery is how often progress is told: often enough to be seen moving.
const progressEvery = 200 * time.Millisecond

// bwtFlags are the flags of tool bwt, beside the options of the use case.
type bwtFlags struct {
	app.BwtOptions
	text, count, block string
}

func newToolBwt(env Env) command {
	c := newCommand(env, usage{
		Name: "tool bwt",
		Synopsis: []string{
			"tool bwt [flags] [FILE]",
			"tool bwt --inverse [flags] [FILE]",
			"tool bwt [--inverse --pos N] --text TEXT",
			"tool bwt --count PATTERN [FILE]",
		},
		Summary: "the Burrows-Wheeler transform, its inverse, and counting in it",
		Detail: lines(
			"With --text: the last column of the sorted rotations of a text, and below it the",
			"row, from 0, in which the text itself stands. --inverse turns that back.",
			"",
			"Else FILE, or the standard input, of any size and any bytes is transformed in",
			"blocks, several at a time; --inverse gives the file back. Each block has",
			"checksums: damage is found and named, and with --salvage what is good is still",
			"written.",
			"",
			"--count tells how often a pattern occurs in what was transformed, overlapping or",
			"not, without turning it back."),
		Examples: []example{
			{"the transform of a word", "cantil tool bwt --text '^BANANA|'"},
			{"... and back", "cantil tool bwt --inverse --text 'BNN^AA|A' --pos 6"},
			{"a file, in blocks of 64 MiB", "cantil tool bwt --block-size 64MiB -o corpus.bwt corpus.txt"},
			{"how often a word is in it", "cantil tool bwt --count serpent corpus.bwt"},
			{"all that is good of a damaged one", "cantil tool bwt --inverse --salvage -o rest.txt damaged.bwt"},
		},
		Exits: []exit{
			{"0", "it was done"},
			{"1", "the file cannot be read, is no transform, or is damaged (with --salvage too)"},
		},
	})
	flags := bwtFlags{BwtOptions: app.BwtOptions{Stdin: env.Stdin}}
	f := c.cobra.Flags()
	f.BoolVar(&flags.Inverse, "inverse", false, "turn a transform back")
	f.StringVar(&flags.text, "text", "", "transform `TEXT` instead of a file")
	f.IntVar(&flags.Row, "pos", 0, "the row `N` of the original, for --inverse --text")
	f.StringVar(&flags.count, "count", "", "how often `PATTERN` occurs in what was transformed, or in --text")
	f.BoolVar(&flags.Salvage, "salvage", false, "pass over damaged blocks, and tell what is missing")
	f.StringVarP(&flags.Output, "output", "o", "", "write to `FILE` instead of the standard output")
	f.StringVar(&flags.block, "block-size", "16MiB", "transform `SIZE` at a time, 1KiB to 1GiB; takes 8 times that in memory, 13 times back")
	f.IntVarP(&flags.Jobs, "jobs", "j", 0, "let `N` processors work, on a block each or on the only one; 0 is all")
	f.BoolVar(&flags.JSON, "json", false, "print --text and --count as JSON")
	c.cobra.RunE = func(cmd *cobra.Command, args []string) error {
		if cmd.Flags().Changed("text") {
			flags.Text = &flags.text
		}
		if cmd.Flags().Changed("count") {
			flags.Count = &flags.count
		}
		if cmd.Flags().Changed("pos") != (flags.Inverse && flags.Text != nil) {
			return usageError("cantil tool bwt --inverse --text 'BNN^AA|A' --pos 6", "--pos goes with --inverse --text, and they with it")
		}
		return runToolBwt(env, flags, args)
	}
	return c
}

func runToolBwt(env Env, flags bwtFlags, args []string) error {
	if err := flags.check(args); err != nil {
		return err
	}
	if len(args) > 0 {
		flags.File = args[0]
	}
	binary := flags.Text == nil && flags.Count == nil && !flags.Inverse
	if binary && flags.Output == "" && term.IsTerminal(env.Stdout) {
		return usageError("-o FILE, or > FILE", "transformed blocks are not for a terminal")
	}
	var err error
	if flags.BlockSize, err = parseSize(flags.block); err != nil {
		return usageError("--block-size 64MiB", "the block size %w", err)
	}
	flags.Damaged = func(damage error) { env.say("%v", damage) }
	if term.IsTerminal(env.Stderr) {
		flags.Progress = env.progress(time.Now())
	}
	err = app.Bwt(flags.BwtOptions, env.Stdout)
	if flags.Progress != nil {
		fmt.Fprint(env.Stderr, "\r\x1b[K") // what is done needs no line
	}
	hint := "transforms are what cantil tool bwt FILE writes"
	switch {
	case flags.Salvage:
		hint = "" // all is told
	case flags.Text == nil && (flags.Inverse || flags.Count != nil):
		hint = "cantil tool bwt --inverse --salvage writes what is good"
	}
	return toolError(err, hint)
}

// check refuses flags that do not go together.
func (f bwtFlags) check(args []string) error {
	const hint = "cantil tool bwt --help shows the ways to call it"
	switch {
	case len(args) > 1:
		return usageError(hint, "one file at a time, not also %q", args[1])
	case f.Text != nil && len(args) > 0:
		return usageError(hint, "--text %q or the file %q, not both", *f.Text, args[0])
	case f.Count != nil && f.Inverse:
		return usageError(hint, "--count does not need --inverse")
	case f.Count != nil && *f.Count == "":
		return usageError(hint, "there is nothing to count: the pattern is empty")
	case f.Salvage && (!f.Inverse || f.Text != nil):
		return usageError(hint, "--salvage goes with --inverse and a file")
	case f.JSON && f.Text == nil && f.Count == nil:
		return usageError(hint, "--json goes with --text and --count")
	case f.Output != "" && (f.Text != nil || f.Count != nil):
		return usageError(hint, "--output goes with a file that is transformed")
	case f.Jobs < 0:
		return usageError(hint, "%d blocks at a time", f.Jobs)
	}
	return nil
}

// parseSize reads a size as people write it: 64MiB, 100KiB; a bare number is bytes.
func parseSize(text string) (int, error) {
	number, scale := text, 1
	for i, unit := range []string{"KiB", "MiB", "GiB"} {
		if cut, ok := strings.CutSuffix(text, unit); ok {
			number, scale = cut, 1<<(10*(i+1))
		}
	}
	n, err := strconv.Atoi(strings.TrimSpace(number))
	if err != nil || n < 1 || n > math.MaxInt32/scale {
		return 0, fmt.Errorf("%q is no size from 1 byte to 2GiB, like 64MiB", text)
	}
	return n * scale, nil
}

// progress tells on one line of a terminal how much is done, and about how long the rest
// will take.
func (env Env) progress(start time.Time) func(done, total int64) {
	told := start
	return func(done, total int64) {
		if time.Since(told) < progressEvery {
			return
		}
		told = time.Now()
		line := fmt.Sprintf("%d MiB", done>>20)
		if total > 0 {
			left := time.Duration(float64(told.Sub(start)) * float64(max(0, total-done)) / float64(max(1, done)))
			line = fmt.Sprintf("%d of %d MiB, %v left", done>>20, total>>20, left.Round(time.Second))
		}
		fmt.Fprintf(env.Stderr, "\r%s %s\x1b[K", env.styleErr().Dim("cantil:"), line)
	}
}
