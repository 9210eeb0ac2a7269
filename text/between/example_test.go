package between_test

import (
	"fmt"
	"os"
	"strings"

	"github.com/cantil-py/cantil/text/between"
)

func ExampleCopy() {
	prefix, err := between.Literal("<title>")
	if err != nil {
		fmt.Println(err)
		return
	}
	suffix, err := between.Literal("</title>")
	if err != nil {
		fmt.Println(err)
		return
	}
	page := strings.NewReader("<head><title>Pit vipers</title></head>")
	found, err := between.Copy(os.Stdout, page, between.Options{Prefix: prefix, Suffix: suffix})
	fmt.Println("", found, err)
	// Output: Pit vipers 1 <nil>
}
