package find_test

import (
	"context"
	"fmt"

	"github.com/cantil-py/cantil/text/find"
)

func ExampleAll() {
	list, err := find.All(context.Background(), ".", find.Options{Exts: []string{"go"}})
	for _, e := range list {
		if e.Path == "glob.go" {
			fmt.Println(e.Path, e.Type, err)
		}
	}
	// Output: glob.go file <nil>
}
