// Command genprof writes a cProfile file of any size, always the same for the
// same flags, to measure readers of such files with:
//
//	go run ./benchmarks/genprof -o big.prof
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"

	"github.com/cantil-py/cantil/benchmarks/bigprof"
)

func main() {
	o := bigprof.Large()
	flag.IntVar(&o.Functions, "functions", o.Functions, "how many functions")
	flag.IntVar(&o.Edges, "edges", o.Edges, "how many pairs of caller and function")
	flag.Uint64Var(&o.Seed, "seed", o.Seed, "another seed, another profile")
	path := flag.String("o", "big.prof", "the file to write")
	flag.Parse()
	if err := write(*path, o); err != nil {
		fmt.Fprintln(os.Stderr, "genprof:", err)
		os.Exit(1)
	}
}

func write(path string, o bigprof.Options) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	if err := bigprof.Write(w, o); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}
