package cli

import (
	"errors"

	"github.com/cantil-py/cantil/internal/app"
)

// newTool is the group of the small tools, which have little to do with one another.
func newTool(env Env) command {
	return newGroup(env, usage{
		Name:     "tool",
		Synopsis: []string{"tool COMMAND [flags] ..."},
		Summary:  "small tools for files, text and lists",
		Detail: lines(
			"Small tools that notes on Python are full of, each done properly. Every one is",
			"a Go package as well."),
		Examples: []example{{"all arrangements of four characters", "cantil tool perm 1234"}},
		Exits:    []exit{{"0", "the commands were listed"}},
	},
		newToolPerm(env),
		newToolBetween(env),
		newToolInts(env),
		newToolFind(env),
		newToolWhere(env),
		newToolDocs(env),
		newToolName(env),
		newToolBwt(env),
	)
}

// toolError gives a tool's bad input its exit code, and none of the advice on profiles.
func toolError(err error, hint string) error {
	var bad *app.BadInput
	if errors.As(err, &bad) {
		return &failure{err: err, hint: hint, code: codeBadInput}
	}
	return err
}
