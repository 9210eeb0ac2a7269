package cli

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
)

// toolFindFlags are the flags of tool find as they are written.
type toolFindFlags struct {
	app.FindOptions
	globs, types, sizes, kinds []string
	newer                      string
}

func newToolFind(env Env) command {
	c := newCommand(env, usage{
		Name:     "tool find",
		Synopsis: []string{"tool find [flags] [DIR]"},
		Summary:  "find all files of a kind below a folder",
		Detail: lines(
			"Prints the paths of what is below DIR, or the current folder, one a line: files,",
			"folders and links alike, unless conditions say less. Of conditions of one sort",
			"any may hold, of different sorts all must. Folders are read in parallel, so the",
			"order differs from run to run; --sort makes it that of the paths.",
			"",
			"--ext is the end of the name, as endswith('.wav') has it, upper and lower case",
			"being different. --glob is as in Python's glob.glob(..., recursive=True): **",
			"stands for any folders, and hidden names must be asked for.",
			"",
			"A folder that cannot be read is told and passed over. Links are not followed",
			"unless --follow is given; circles of links end where they meet."),
		Examples: []example{
			{"all audio files of two sorts, with their whole paths", "cantil tool find --ext wav --ext mp3 --abs"},
			{"the same with a pattern, in order", "cantil tool find --glob '**/*.wav' --sort"},
			{"large files that changed in the last two days", "cantil tool find data --type f --size +100MiB --newer 2d"},
			{"pictures, by what is in them, for another program", "cantil tool find --kind image -0 | xargs -0 ls -l"},
			{"the sources of a repository", "cantil tool find --ignore --ext py"},
		},
		Exits: []exit{{"0", "all was read"}, {"1", "there is no such folder, or some folder or file could not be read"}},
	})
	var flags toolFindFlags
	flags.add(c.cobra)
	c.cobra.RunE = func(cmd *cobra.Command, args []string) error {
		return runToolFind(cmd.Context(), env, flags, args)
	}
	return c
}

func (o *toolFindFlags) add(c *cobra.Command) {
	f := c.Flags()
	f.StringArrayVarP(&o.Exts, "ext", "e", nil, "names that end in .`EXT`")
	f.StringArrayVarP(&o.globs, "glob", "g", nil, "paths below DIR that match `PATTERN`")
	f.StringArrayVarP(&o.types, "type", "t", nil, "`TYPE` is f for files, d for folders, l for links")
	f.StringArrayVar(&o.sizes, "size", nil, "files of `SIZE`: +1MiB is more, -1MiB less, 1MiB exactly that")
	f.StringVar(&o.newer, "newer", "", "changed within the last `TIME`: 2d, 12h, 30m")
	f.StringArrayVarP(&o.kinds, "kind", "k", nil, "files whose content is `KIND`: audio, image, text, pickle, npy, profile")
	f.BoolVar(&o.Ignore, "ignore", false, "not what .gitignore files leave out")
	f.BoolVar(&o.Follow, "follow", false, "go into folders behind links")
	f.BoolVar(&o.Abs, "abs", false, "print whole paths")
	f.BoolVar(&o.Sort, "sort", false, "print in the order of the paths")
	f.BoolVar(&o.JSON, "json", false, "print as JSON, with type, size and time")
	f.BoolVarP(&o.Null, "null", "0", false, "a NUL byte behind each path, instead of a line feed")
}

func runToolFind(ctx context.Context, env Env, flags toolFindFlags, args []string) error {
	switch {
	case len(args) > 1:
		return usageError("quote patterns, or the shell expands them", "one folder at a time, not also %q", args[1])
	case flags.JSON && flags.Null:
		return usageError("one at a time", "--json and --null exclude each other")
	case len(args) == 1:
		flags.Dir = args[0]
	}
	if err := flags.parse(time.Now()); err != nil {
		return err
	}
	unread := 0
	flags.OnError = func(path string, err error) {
		unread++
		env.sayError(fmt.Sprintf("passing over %s: %v", path, err), "")
	}
	if err := app.Find(ctx, flags.FindOptions, env.Stdout); err != nil {
		return toolError(err, "")
	}
	if unread > 0 {
		return exitStatus(codeBadInput)
	}
	return nil
}

// parse reads what the flags say.
func (o *toolFindFlags) parse(now time.Time) error {
	for i, ext := range o.Exts {
		o.Exts[i] = strings.TrimPrefix(ext, ".")
	}
	for _, text := range o.sizes {
		if err := o.size(text); err != nil {
			return err
		}
	}
	if o.newer != "" {
		age, err := parseAge(o.newer)
		if err != nil {
			return usageError("a time is written as 2d, 12h or 1w", "--newer %q is no time", o.newer)
		}
		o.Newer = now.Add(-age)
	}
	if err := app.FindWhat(&o.Options, o.types, o.globs, o.kinds); err != nil {
		return usageError("cantil tool find --help tells what there is", "%w", err)
	}
	return nil
}

// size takes one condition into account: +1MiB, -1MiB, 1MiB.
func (o *toolFindFlags) size(text string) error {
	n, err := fileSize(strings.TrimLeft(text, "+-"))
	if err != nil || strings.HasPrefix(text, "+-") || strings.HasPrefix(text, "-+") {
		return usageError("a size is written as 500, 64KiB or 1.5MiB, with + for more and - for less", "--size %q is no size", text)
	}
	least, most := n, n
	switch text[0] {
	case '+':
		least, most = n+1, math.MaxInt64
	case '-':
		least, most = 0, n-1
	}
	if o.MinSize == nil || least > *o.MinSize {
		o.MinSize = &least
	}
	if o.MaxSize == nil || most < *o.MaxSize {
		o.MaxSize = &most
	}
	return nil
}

// fileSize reads a number of bytes, with a unit if it has one.
func fileSize(text string) (int64, error) {
	unit := 1.0
	for i, u := range []string{"KiB", "MiB", "GiB", "TiB"} {
		if number, ok := strings.CutSuffix(text, u); ok {
			text, unit = number, math.Pow(1024, float64(i+1))
		}
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n < 0 || n*unit >= math.MaxInt64 || math.IsNaN(n) {
		return 0, fmt.Errorf("%q is no size", text)
	}
	return int64(n * unit), nil
}

// parseAge reads a duration that may be days or weeks.
func parseAge(text string) (time.Duration, error) {
	const day = 24 * time.Hour
	for suffix, unit := range map[string]time.Duration{"d": day, "w": 7 * day} {
		number, ok := strings.CutSuffix(text, suffix)
		if n, err := strconv.ParseFloat(number, 64); ok && err == nil && n >= 0 && n*float64(unit) < math.MaxInt64 {
			return time.Duration(n * float64(unit)), nil
		}
	}
	return parseDuration(text)
}
