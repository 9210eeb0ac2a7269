package call_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cantil-py/cantil/python/call"
	"github.com/cantil-py/cantil/python/interp"
	"github.com/cantil-py/cantil/value"
)

// One call, which may take four seconds.
func ExampleFunc() {
	python, err := interp.Find(context.Background(), "", interp.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := call.Func(context.Background(), call.Python{Path: python.Path}, call.Request{
		Target:  "math:factorial",
		Args:    []value.Value{value.Int(30)},
		Timeout: 4 * time.Second,
	})
	if errors.Is(err, call.ErrTimeout) {
		fmt.Println("it took too long")
		return
	}
	fmt.Println(result.Value, err)
	// Output: 265252859812191058636308480000000 <nil>
}

// Many calls, in Pythons that stay.
func ExamplePool() {
	python, err := interp.Find(context.Background(), "", interp.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	pool := call.NewPool(call.Python{Path: python.Path}, call.PoolOptions{Size: 2})
	defer pool.Close()
	for _, text := range []string{"spam", "[1, 2"} {
		result, err := pool.Call(context.Background(), call.Request{Target: "json:dumps", Args: []value.Value{call.Literal(text)}})
		fmt.Println(result.Value, err)
	}
	_, err = pool.Call(context.Background(), call.Request{Target: "json:loads", Args: []value.Value{value.Str("[1, 2")}})
	fmt.Println(err)
	// Output:
	// '"spam"' <nil>
	// '"[1, 2"' <nil>
	// json.decoder.JSONDecodeError: Expecting ',' delimiter: line 1 column 6 (char 5)
}
