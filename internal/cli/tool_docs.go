package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
)

func newToolDocs(env Env) command {
	c := newCommand(env, usage{
		Name:     "tool docs",
		Synopsis: []string{"tool docs [flags] NAME"},
		Summary:  "print the page of Python's documentation for a name",
		Detail: lines(
			"Prints the address of the page for a built-in (len), a keyword (with), a module",
			"(argparse), or something in one (json.loads), in the documentation of the Python",
			"that cantil would run. Nothing is asked of the network: Python itself tells what",
			"there is. A name that is not there is told, with one that is near.",
			"",
			"A method that a class inherits leads to the class that has it."),
		Examples: []example{
			{"a function", "cantil tool docs json.loads"},
			{"a module, in the browser", "cantil tool docs --open argparse"},
			{"as another Python has it", "cantil tool docs --python 3.8 str.removeprefix"},
		},
		Exits: []exit{{"0", "there is a page"}, {"1", "there is no such name, or it is not Python's own"},
			{"126", "the Python cannot be used"}, {"127", "no Python"}},
	})
	var python string
	var open, asJSON bool
	f := c.cobra.Flags()
	f.BoolVar(&open, "open", false, "open the page in the browser as well: $BROWSER, else the system's")
	f.StringVar(&python, "python", "", "ask `PYTHON`: a version (3.12), a name or a path")
	f.BoolVar(&asJSON, "json", false, "print as JSON")
	c.cobra.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usageError("cantil tool docs json.loads", "one name is wanted")
		}
		return runToolDocs(cmd.Context(), env, app.Asked{Python: python, Env: env.Environ}, args[0], open, asJSON)
	}
	return c
}

func runToolDocs(ctx context.Context, env Env, asked app.Asked, name string, open, asJSON bool) error {
	page, err := app.DocsPage(ctx, asked, name)
	if err != nil {
		return toolError(err, "")
	}
	if asJSON {
		err = printJSON(env.Stdout, map[string]string{"name": name, "page": page})
	} else {
		_, err = fmt.Fprintln(env.Stdout, page)
	}
	if err != nil || !open {
		return err
	}
	return app.OpenPage(ctx, env.Getenv("BROWSER"), page)
}
