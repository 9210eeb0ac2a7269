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
			"Reads pickles and numpy's files of arrays, .npy and .npz, and prints what Python",
			"prints, byte for byte, without Python: nothing in a file is ever executed. What",
			"a file is, its content says, not its name.",
			"",
			"Pickles are printed as pprint prints them, each value of a file after the other.",
			"An object that only its own class could print is shown as the call that makes",
			"it, with its attributes: module.Class(1, name='x'). Where it would not be safe",
			"to load the file with Python, a warning says so; cantil scan tells more.",
			"",
			"Of large values the beginning is shown, and how much is left out; --all or",
			"--repr show everything. Pickles are also read in gzip files, and in zip files as",
			"torch writes them.",
			"",
			"Arrays are printed by numpy's own rules and options (numpy.set_printoptions),",
			"those of numpy 2 unless --numpy 1.24 asks for the older ones. Of a .npz file all",
			"arrays are printed, each below its name. Large files are mapped into memory: of",
			"an array that is summarised only the corners are read."),
		Examples: []example{
			{"what is in a pickle?", "cantil show results.pkl"},
			{"only its structure, then a part of it", "cantil show --type results.pkl; cantil show --path \"[0]['loss']\" results.pkl"},
			{"the opcodes, with what they do", "cantil show --dis -a results.pkl"},
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
	addPickle(c.cobra, &flags.Pickle)
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
	err := checkPickle(flags)
	if err != nil {
		return err
	}
	flags.Pickle.Warn = func(finding string) {
		env.say("do not load %s with Python unless you trust it: %s", oneLine(flags.File), oneLine(finding))
	}
	if flags.Array, err = flags.array.options(cmd); err != nil {
		return err
	}
	err = app.Show(flags.ShowOptions, env.Stdout)
	if input := new(app.BadInput); errors.As(err, &input) {
		return &failure{err: err, code: codeBadInput}
	}
	return err
}
