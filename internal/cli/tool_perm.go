package cli

import (
	"fmt"
	"math/big"

	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
)

// permFlags are the flags of tool perm, beside the options of the use case.
type permFlags struct {
	app.PermOptions
	from, limit string
	count       bool
	rank        string
}

func newToolPerm(env Env) command {
	c := newCommand(env, usage{
		Name: "tool perm",
		Synopsis: []string{
			"tool perm [flags] STRING",
			"tool perm [flags] ITEM ITEM...",
		},
		Summary: "print all permutations, in the order of itertools",
		Detail: lines(
			"Prints the permutations of the characters of STRING, or of the items, one a",
			"line, in the order of Python's itertools.permutations: by position, so that",
			"equal items count as different ones.",
			"",
			"Permutations have ranks, from 0. --from begins at any, at once and however",
			"large it is, --limit ends after some, --count and --rank print no permutation",
			"but how many there are, and which rank one has."),
		Examples: []example{
			{"the 24 permutations of four characters", "cantil tool perm 1234"},
			{"two of three items", "cantil tool perm -r 2 red green blue"},
			{"how many ways to lay out a pack of cards", "cantil tool perm --count $(seq 52)"},
			{"ten of them, from the middle", "cantil tool perm --from 4e67 --limit 10 $(seq 52)"},
			{"the rank of a permutation", "cantil tool perm --rank 4321 1234"},
		},
		Exits: []exit{{"0", "they were printed"}, {"1", "--rank: it is no permutation of these"}},
	})
	var flags permFlags
	flags.add(c.cobra)
	c.cobra.RunE = func(cmd *cobra.Command, args []string) error {
		flags.Items = args
		flags.Spaced = cmd.Flags().Changed("separator")
		if cmd.Flags().Changed("r") && flags.R < 0 {
			return usageError("-r is how many items each permutation has", "-r %d is negative", flags.R)
		}
		return runToolPerm(env, flags, cmd.Flags().Changed("rank"))
	}
	return c
}

func (p *permFlags) add(c *cobra.Command) {
	f := c.Flags()
	f.IntVarP(&p.R, "r", "r", -1, "`R` items in each permutation")
	f.Lookup("r").DefValue = "all"
	f.StringVar(&p.Separator, "separator", "", "print `TEXT` between two items; a space where several were given")
	f.BoolVar(&p.Graphemes, "graphemes", false, "cut STRING into the characters that a reader sees, accents and all, instead of code points")
	f.StringVar(&p.from, "from", "0", "begin with the permutation of rank `K`")
	f.StringVar(&p.limit, "limit", "", "end after `N` permutations")
	f.BoolVar(&p.count, "count", false, "print how many there are")
	f.StringVar(&p.rank, "rank", "", "print the rank of `WORD`, a permutation of STRING")
	f.BoolVar(&p.JSON, "json", false, "print as JSON, an array of arrays")
}

func runToolPerm(env Env, flags permFlags, rank bool) (err error) {
	if len(flags.Items) == 0 {
		return usageError("cantil tool perm 1234", "nothing to permute")
	}
	if flags.From, err = natural("from", flags.from); err != nil {
		return err
	}
	if flags.limit != "" {
		if flags.Limit, err = natural("limit", flags.limit); err != nil {
			return err
		}
	}
	switch {
	case rank && len(flags.Items) > 1:
		return usageError("cantil tool perm --rank 4321 1234", "--rank is for the permutations of one STRING")
	case rank:
		return printed(env)(app.PermRank(flags.PermOptions, flags.rank))
	case flags.count:
		return printed(env)(app.PermCount(flags.PermOptions))
	}
	return app.Perm(flags.PermOptions, env.Stdout)
}

// printed prints a number, unless there is an error.
func printed(env Env) func(n *big.Int, err error) error {
	return func(n *big.Int, err error) error {
		if err != nil {
			return toolError(err, "")
		}
		_, err = fmt.Fprintln(env.Stdout, n)
		return err
	}
}

// maxDigits bounds numbers on the command line; the number of permutations of all that
// fits there has fewer.
const maxDigits = 40_000

// natural reads a number from 0 on, of any size, which people also write as 4e67.
func natural(flag, text string) (*big.Int, error) {
	if n, ok := new(big.Int).SetString(text, 10); ok && n.Sign() >= 0 && len(text) <= maxDigits {
		return n, nil
	}
	var mantissa, exponent uint32
	if n, err := fmt.Sscanf(text+" ", "%de%d ", &mantissa, &exponent); err == nil && n == 2 && exponent <= maxDigits {
		n := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(exponent)), nil)
		return n.Mul(n, big.NewInt(int64(mantissa))), nil
	}
	return nil, usageError("a number from 0 on, such as 12 or 4e67", "--%s %.40q is no number", flag, text)
}
