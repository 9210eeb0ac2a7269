// Command spin computes for as many steps as its argument says, and nothing else: a program whose time is known to be in
// proportion to a number.
package main

import (
	"os"
	"strconv"
)

func main() {
	steps, err := strconv.Atoi(os.Args[len(os.Args)-1])
	if err != nil {
		os.Exit(2)
	}
	x := uint64(88172645463325252)
	for range steps {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	if x == 0 { // never, but the compiler does not know
		os.Exit(3)
	}
}
