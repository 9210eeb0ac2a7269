package interp_test

import (
	"context"
	"fmt"

	"github.com/cantil-py/cantil/python/interp"
)

func ExampleFind() {
	ctx := context.Background()
	py, err := interp.Find(ctx, "", interp.Options{}) // what `python` means here; "3.12" asks for a version
	if err != nil {
		fmt.Println(err) // what was looked for, where, and what to install
		return
	}
	info, err := interp.Probe(ctx, py.Path)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(py.Path, "from", py.Source, "is", info.Implementation, info.Version)
}
