// Package call calls Python functions from Go, each call bounded in time and in a process
// of its own.
//
// Call [Func] for one call. It returns what the function returned as a [value.Value]:
//
//	result, err := call.Func(ctx, call.Python{Path: "python3"}, call.Request{
//		Target:  "math:factorial",
//		Args:    []value.Value{value.Int(30)},
//		Timeout: 4 * time.Second,
//	})
//	fmt.Println(result.Value) // 265252859812191058636308480000000
//
// For many calls make a [Pool]: its Pythons stay, and a call costs little more than the
// function. One that hangs or dies takes its process with it and nothing else; another
// takes its place.
//
// A function that raises is an [Exception], one that calls sys.exit an [Exit]. [ErrTimeout]
// means that it took too long and was ended, with all processes it had started; [Died] that
// its process ended without an answer, and how.
//
// Each Python runs under a shim, which is your own executable started again; so the first
// call of main must be [github.com/cantil-py/cantil/run.Shim]. This works on Unix; on
// Windows calls fail with errors.ErrUnsupported.
//
// The function's stdin, stdout and stderr are the process's own. What it returns comes
// through a pipe apart, as data: nothing in it is ever executed here.
//
// What a function leaves running when it returns goes on after [Func], and ends with its
// Python in a [Pool]. Should this process be killed, a call goes on to its timeout.
package call
