// Command cantil runs, times, profiles and compares Python programs.
// Everything it can do is listed by "cantil --help".
package main

import (
	"os"

	"github.com/cantil-py/cantil/internal/cli"
)

func main() {
	if code, is := cli.Shim(); is { // before anything else: it must stay small
		os.Exit(code)
	}
	os.Exit(cli.Main(os.Args[1:], cli.System()))
}
