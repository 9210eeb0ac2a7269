// Command ours times value/pickle on one file: it prints the least wall time, in
// seconds, of decoding it and of encoding it again.
package main

import (
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/cantil-py/cantil/value/pickle"
)

func main() {
	if err := timed(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "ours:", err)
		os.Exit(1)
	}
}

func timed(file, rounds string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(rounds)
	if err != nil {
		return err
	}
	var load, dump time.Duration
	for i := range n {
		start := time.Now()
		v, err := pickle.Load(data)
		if err != nil {
			return err
		}
		loaded := time.Now()
		if _, err := pickle.Dump(v); err != nil {
			return err
		}
		l, d := loaded.Sub(start), time.Since(loaded)
		if i == 0 {
			load, dump = l, d
		}
		load, dump = min(load, l), min(dump, d)
	}
	fmt.Println(load.Seconds(), dump.Seconds())
	return nil
}
