package ints_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cantil-py/cantil/text/ints"
)

// The list of the notes, to a file and back.
func ExampleWriteFile() {
	dir, err := os.MkdirTemp("", "ints")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "list.txt")
	x := []int64{1, 2, 3, 4, 5}
	if err := ints.WriteFile(path, x); err != nil {
		fmt.Println(err)
		return
	}
	y, err := ints.ReadFile(path)
	fmt.Printf("[%s] [%s] %v %v\n", ints.Append(nil, x...), ints.Append(nil, y...), slices.Equal(x, y), err)
	// Output: [1, 2, 3, 4, 5] [1, 2, 3, 4, 5] true <nil>
}

func ExampleScanner() {
	var sum ints.Summary
	s := ints.NewScanner(strings.NewReader("1, 2, 3, 100000000000000000000"))
	for s.Scan() {
		sum.Add(s.Number())
	}
	fmt.Println(sum.Count(), sum.Sum(), s.Err())
	// Output: 4 100000000000000000006 <nil>
}
