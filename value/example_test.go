package value_test

import (
	"fmt"
	"os"

	"github.com/cantil-py/cantil/value"
)

func ExampleAt() {
	layers := value.NewList(value.Str("conv"), value.Str("dense"))
	model, err := value.NewDict(value.Pair{Key: value.Str("layers"), Value: layers})
	if err != nil {
		fmt.Println(err)
		return
	}
	last, err := value.At(model, "layers[-1]")
	fmt.Println(last, err)
	// Output: 'dense' <nil>
}

func ExamplePretty() {
	layers := value.NewList(value.Str("a long name of a layer"), value.Str("another long name"), value.None)
	_ = value.Pretty{Width: 40}.Write(os.Stdout, layers)
	// Output:
	// ['a long name of a layer',
	//  'another long name',
	//  None]
}

func ExampleDict() {
	d := new(value.Dict)
	for _, key := range []value.Value{value.Int(1), value.Float(1), value.Bool(true)} { // one key, as in Python
		if err := d.Set(key, value.Str(key.Type())); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println(d, d.Set(value.NewList(), value.None))
	// Output: {1: 'bool'} unhashable type: 'list'
}
