package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
)

// showFlags are the flags of show: each kind of file has some of its own.
type showFlags struct {
	app.ShowOptions
	array arrayFlags
}

func newShow(env Env) command {
	c := newCommand(env, usage{
		Name:     "show",
		Synopsis: []string{"show [flags] FILE"},
		Summary:  "print a file of Python values",
		Detail: lines(
			"Reads numpy's files of arrays, .npy and .npz, and prints what Python prints,",
			"byte for byte, without Python. What a file is, its content says, not its name.",
			"",
			"Arrays are printed by numpy's own rules and options (numpy.set_printoptions),",
			"those of numpy 2 unless --numpy 1.24 asks for the older ones. Of a .npz file all",
			"arrays are printed, each below its name. Large files are mapped into memory: of",
			"an array that is summarised only the corners are read."),
		Examples: []example{
			{"an array, as print(a) prints it", "cantil show weights.npy"},
			{"rows of numbers on one line, three digits, no exponents", "cantil show --wide weights.npy"},
			{"as repr(a), in full", "cantil show --repr --threshold inf weights.npy"},
			{"with the least, the largest, the mean and a histogram", "cantil show --stats weights.npy"},
			{"one array of several", "cantil show --member bias model.npz"},
			{"for another program", "cantil show --json weights.npy"},
		},
		Exits: []exit{
			{"0", "the file was printed"},
			{"1", "the file cannot be read, or is of no kind that is known"},
		},
	})
	var flags showFlags
	c.cobra.Flags().BoolVar(&flags.JSON, "json", false, "print as JSON, all elements with all their digits")
	flags.array.add(c.cobra)
	c.cobra.RunE = func(cmd *cobra.Command, args []string) error {
		return runShow(env, cmd, flags, args)
	}
	return c
}

func runShow(env Env, cmd *cobra.Command, flags showFlags, args []string) error {
	if len(args) != 1 {
		return usageError("cantil show FILE", "there must be one file to show, not %d", len(args))
	}
	flags.File = args[0]
	var err error
	if flags.Array, err = flags.array.options(cmd); err != nil {
		return err
	}
	err = app.Show(flags.ShowOptions, env.Stdout)
	if input := new(app.BadInput); errors.As(err, &input) {
		return &failure{err: err, code: codeBadInput}
	}
	return err
}
