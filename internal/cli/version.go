package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func newVersion(env Env) command {
	c := newCommand(env, usage{
		Name:     "version",
		Synopsis: []string{"version"},
		Summary:  "print which cantil this is",
		Detail: lines(
			"Prints the version, the commit it was built from, the Go it was built with and",
			"the system it was built for. The same as cantil --version."),
		Examples: []example{{"for a bug report", "cantil version"}},
		Exits:    []exit{{"0", "always"}},
	})
	c.cobra.Args = noArguments
	c.cobra.RunE = func(*cobra.Command, []string) error { return runVersion(env) }
	return c
}

func runVersion(env Env) error {
	_, err := fmt.Fprintf(env.Stdout, "cantil %s (%s, %s/%s)\n",
		Version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// Version is the module's version as Go recorded it: a tag, or a pseudo-version
// that names the commit, or "(devel)".
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}

// noArguments refuses any argument, in our words.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return usageError(cmd.CommandPath()+" --help tells how to call it", "unexpected argument %q", args[0])
}
