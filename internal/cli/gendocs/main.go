// Command gendocs writes the manual from the commands themselves:
//
//	go run ./internal/cli/gendocs -markdown docs/commands -man build/man
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/cantil-py/cantil/internal/cli"
)

func main() {
	markdown := flag.String("markdown", "", "write a page per command into this `folder`")
	man := flag.String("man", "", "write man pages into this `folder`")
	flag.Parse()
	if err := write(*markdown, *man); err != nil {
		fmt.Fprintln(os.Stderr, "gendocs:", err)
		os.Exit(1)
	}
}

func write(markdown, man string) error {
	if markdown != "" {
		if err := cli.WriteMarkdown(markdown); err != nil {
			return err
		}
	}
	if man != "" {
		return cli.WriteMan(man)
	}
	return nil
}
