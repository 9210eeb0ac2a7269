// Command cantil runs, times, profiles and compares Python programs.
// Everything it can do is listed by "cantil --help".
package main

import (
	"os"

	"github.com/cantil-py/cantil/internal/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], cli.System()))
}
