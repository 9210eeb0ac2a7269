//go:build unix

package run_test

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/cantil-py/cantil/run"
)

// The first thing that main does is to ask whether it is a shim:
//
//	if code, is := run.Shim(nil); is {
//		os.Exit(code)
//	}
func Example() {
	folder, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)
	p, err := run.Start(context.Background(), run.Spec{
		Argv: []string{"/bin/sh", "-c", "echo working; sleep 60"}, Folder: folder, Timeout: 200 * time.Millisecond,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	outcome, err := p.Wait()
	log, _ := os.ReadFile(folder + "/" + run.StdoutFile)
	fmt.Printf("%s %d %q %v\n", outcome.Status, outcome.Code, log, err)
	// Output: timed-out 124 "working\n" <nil>
}
