// Command cantil runs, times, profiles and compares Python programs.
// Everything it can do is listed by "cantil --help".
package main

import (
	"os"

	"github.com/cantil-py/cantil/internal/cli"
	"github.com/cantil-py/cantil/internal/web"
)

func main() {
	if code, is := cli.Shim(); is { // before anything else: it must stay small
		os.Exit(code)
	}
	env := cli.System()
	env.Web = web.Serve
	os.Exit(cli.Main(os.Args[1:], env))
}
