// Command rivals times og-rek ("ogrek") or gopickle on one file: it prints the least
// wall time, in seconds, of decoding it. A module of its own, so that the product does
// not depend on what it is compared with.
package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"time"

	ogrek "github.com/kisielk/og-rek"
	gopickle "github.com/nlpodyssey/gopickle/pickle"
)

func main() {
	if err := timed(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "rivals:", err)
		os.Exit(1)
	}
}

func timed(which, file, rounds string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(rounds)
	if err != nil {
		return err
	}
	best := 0.0
	for i := range n {
		start := time.Now()
		if err := decode(which, data); err != nil {
			return err
		}
		if s := time.Since(start).Seconds(); i == 0 || s < best {
			best = s
		}
	}
	fmt.Println(best)
	return nil
}

func decode(which string, data []byte) error {
	if which == "ogrek" {
		_, err := ogrek.NewDecoder(bytes.NewReader(data)).Decode()
		return err
	}
	u := gopickle.NewUnpickler(bytes.NewReader(data))
	_, err := u.Load()
	return err
}
