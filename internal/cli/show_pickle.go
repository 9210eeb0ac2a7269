package cli

import (
	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
)

// addPickle adds the flags for pickles.
func addPickle(c *cobra.Command, p *app.PickleOptions) {
	f := c.Flags()
	f.BoolVar(&p.Type, "type", false, "of a pickle, only the types and sizes within")
	f.StringVar(&p.Path, "path", "", "of a pickle, only the part at `PATH`, such as [0]['a b'].weights[-1]")
	f.BoolVar(&p.All, "all", false, "of a pickle, all items of containers of more than 1000, and all of long texts")
	f.BoolVar(&p.Dis, "dis", false, "of a pickle, the opcodes, as python -m pickletools prints them")
	f.BoolVarP(&p.Annotate, "annotate", "a", false, "with --dis, what each opcode does")
}

// checkPickle refuses flags that do not go together.
func checkPickle(flags showFlags) error {
	p := flags.Pickle
	if p.Annotate && !p.Dis {
		return usageError("cantil show --dis -a FILE", "-a describes the opcodes of --dis")
	}
	forms := 0
	for _, given := range []bool{p.Dis, p.Type, flags.JSON, flags.array.repr} {
		if given {
			forms++
		}
	}
	if forms > 1 {
		return usageError("they are different forms of the answer", "only one of --dis, --type, --json and --repr can be given")
	}
	return nil
}
