package marshal_test

import (
	"fmt"

	"github.com/cantil-py/cantil/value/marshal"
)

func Example() {
	data, err := marshal.Marshal(marshal.Tuple{"calls", int64(3), &marshal.List{Items: []marshal.Value{1.5, nil}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	v, err := marshal.Unmarshal(data)
	if err != nil {
		fmt.Println(err)
		return
	}
	t := v.(marshal.Tuple)
	fmt.Println(t[0], t[1], t[2].(*marshal.List).Items)
	// Output: calls 3 [1.5 <nil>]
}

func ExampleDecoder() {
	d := marshal.NewDecoder([]byte("{z\x01ai\x01\x00\x00\x00z\x01bi\x02\x00\x00\x000"))
	if d.Next() != marshal.KindDict {
		fmt.Println(d.Expected("a dict"))
		return
	}
	for d.Next() == marshal.KindString {
		name := d.Text()
		if d.Next() != marshal.KindInt {
			break
		}
		fmt.Println(name, d.Int())
	}
	fmt.Println(d.Expected("a number"))
	// Output:
	// a 1
	// b 2
	// byte 17: expected a number, found the end of a dict
}
