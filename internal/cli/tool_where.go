package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
)

func newToolWhere(env Env) command {
	c := newCommand(env, usage{
		Name:     "tool where",
		Synopsis: []string{"tool where [flags] FILE", "tool where [flags] MODULE"},
		Summary:  "print the folder of a source file or a module",
		Detail: lines(
			"Prints the whole path of the folder that a file is in, the same that",
			"os.path.dirname(os.path.abspath(__file__)) is within the file; or the folder of",
			"a module, as the Python that cantil would run finds it from here. A namespace",
			"package has a folder for each of its parts. A module is not imported, only the",
			"packages it lies in."),
		Examples: []example{
			{"the folder of a script", "cantil tool where train.py"},
			{"where a module comes from", "cantil tool where json"},
			{"the file itself, as another Python finds it", "cantil tool where --file --python 3.12 json.decoder"},
		},
		Exits: []exit{{"0", "it was printed"}, {"1", "there is no such file or module, or it is part of Python itself"},
			{"126", "the Python cannot be used"}, {"127", "no Python"}},
	})
	var python string
	var file, asJSON bool
	f := c.cobra.Flags()
	f.BoolVar(&file, "file", false, "print the file instead of its folder")
	f.StringVar(&python, "python", "", "ask `PYTHON`: a version (3.12), a name or a path")
	f.BoolVar(&asJSON, "json", false, "print as JSON")
	c.cobra.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usageError("cantil tool where train.py", "one file or module is wanted")
		}
		return runToolWhere(cmd.Context(), env, app.Asked{Python: python, Env: env.Environ}, args[0], file, asJSON)
	}
	return c
}

func runToolWhere(ctx context.Context, env Env, asked app.Asked, name string, file, asJSON bool) error {
	folders, path, err := app.Where(ctx, asked, name)
	if err != nil {
		return toolError(err, "")
	}
	if asJSON {
		return printJSON(env.Stdout, map[string]any{"folders": folders, "file": path})
	}
	if file {
		folders = []string{path}
	}
	if file && path == "" {
		return &failure{err: fmt.Errorf("%s has no file, only folders", name), code: codeBadInput}
	}
	for _, line := range folders {
		if _, err := fmt.Fprintln(env.Stdout, line); err != nil {
			return err
		}
	}
	return nil
}
