package run

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"testing"
)

// TestMain lets this binary be the programs that the tests start, and their shims.
func TestMain(m *testing.M) {
	if code, is := Shim(markAfter); is {
		os.Exit(code)
	}
	if spec := os.Getenv(frontVariable); spec != "" {
		os.Exit(frontOf(spec))
	}
	os.Exit(m.Run())
}

const (
	// frontVariable holds the spec, as JSON, that a front of the tests runs.
	frontVariable = "RUN_TEST_SPEC"
	// afterFile is what markAfter makes, where the folder says that it wants it.
	afterFile = "after"
)

// markAfter is what the shims of the tests do at the end.
func markAfter(folder string) {
	if _, err := os.Stat(folder + "/want-after"); err == nil {
		_ = os.WriteFile(folder+"/"+afterFile, nil, 0o600) // the test looks for it
	}
}

// frontOf is a small cantil run.
func frontOf(encoded string) int {
	var spec Spec
	if err := json.Unmarshal([]byte(encoded), &spec); err != nil {
		panic(err)
	}
	spec.Stdin, spec.Stdout, spec.Stderr, spec.Adopt = os.Stdin, os.Stdout, os.Stderr, true
	p, err := Start(context.Background(), spec)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 125
	}
	say := func(line string) { fmt.Fprintln(os.Stderr, "front:", line) }
	if err := p.Show(context.Background(), os.Stdout, os.Stderr, say); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	o, err := p.Wait()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 125
	}
	return o.Code
}
