package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// moduleFlag is -m of profile, as of python.
const moduleFlag = "module"

// flagError turns pflag's error into one kind line: the flag that was meant, if
// one is near, else where the flags are listed.
func flagError(cmd *cobra.Command, err error) error {
	hint := fmt.Sprintf("%s --help lists the flags", cmd.CommandPath())
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return usageError(hint, "%w", err)
	}
	name := unknown.GetSpecifiedName()
	if short := unknown.GetSpecifiedShortnames(); short != "" {
		return usageError(shortHint(cmd, hint), "unknown flag -%s", short)
	}
	if near := nearest(name, flagNames(cmd)); near != "" {
		hint = fmt.Sprintf("did you mean --%s?", near)
	}
	return usageError(hint, "unknown flag --%s", name)
}

// shortHint knows python's habit of writing the module right after -m.
func shortHint(cmd *cobra.Command, otherwise string) string {
	if cmd.Flags().Changed(moduleFlag) {
		return "the module stands apart, as in -m pytest; " + otherwise
	}
	return otherwise
}

func flagNames(cmd *cobra.Command) []string {
	var list []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { list = append(list, f.Name) })
	return list
}

// nearest is the candidate that word is most likely a mistyping of, or "" when
// none is near enough: one edit in three characters.
func nearest(word string, candidates []string) string {
	best, bestDistance := "", len(word)/3+2
	for _, c := range candidates {
		d := distance(strings.ToLower(word), c)
		if len(word) > 1 && strings.HasPrefix(c, word) {
			d = 1
		}
		if d < bestDistance {
			best, bestDistance = c, d
		}
	}
	return best
}

// distance is the number of insertions, deletions, replacements and swaps of
// neighbours between two short words (optimal string alignment).
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			same := 1
			if a[i-1] == b[j-1] {
				same = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+same)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
