package bwt_test

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/cantil-py/cantil/algo/bwt"
)

func ExampleTransform() {
	last, row, err := bwt.Transform([]byte("^BANANA|"))
	fmt.Println(string(last), row, err)
	text, err := bwt.Inverse(last, row)
	fmt.Println(string(text), err)
	// Output:
	// BNN^AA|A 6 <nil>
	// ^BANANA| <nil>
}

func ExampleNewIndex() {
	index, err := bwt.NewIndex([]byte("she sells sea shells by the sea shore"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(index.Count([]byte("sea")), index.Locate([]byte("sea")), index.Count([]byte("land")))
	// Output: 2 [10 28] 0
}

// A text of any size goes through block files in bounded memory. What is good of
// a damaged one can be had.
func ExampleEncode() {
	text := strings.Repeat("all work and no play makes Jack a dull boy\n", 100)
	var file bytes.Buffer
	if err := bwt.Encode(&file, strings.NewReader(text), bwt.Options{BlockSize: bwt.MinBlockSize}); err != nil {
		fmt.Println(err)
		return
	}
	file.Bytes()[1500] ^= 1
	var back bytes.Buffer
	err := bwt.Decode(&back, &file, bwt.Options{Damaged: func(d *bwt.Damage) { fmt.Println(d) }})
	fmt.Println(back.Len(), "of", len(text), "bytes,", err)
	// Output:
	// block 1 of the transformed blocks is damaged: its rows have another checksum; 1024 bytes of the text are missing from 1024 on
	// 3276 of 4300 bytes, <nil>
}
