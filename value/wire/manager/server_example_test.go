package manager_test

import (
	"context"
	"fmt"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/wire"
	"github.com/cantil-py/cantil/value/wire/manager"
)

// A queue of Go's, from which any number of Python programs take jobs with
//
//	BaseManager.register("get_jobs")
//	m = BaseManager(("127.0.0.1", 50000), b"secret")
//	m.connect()
//	job = m.get_jobs().get()
//
// Here a Go client does the same.
func ExampleServer() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	opts := wire.Options{Key: []byte("secret")}
	s, err := manager.NewServer("127.0.0.1:0", manager.Options{Wire: opts})
	if err != nil {
		fmt.Println(err)
		return
	}
	jobs := manager.NewQueue(10)
	s.Register("get_jobs", manager.Share(jobs))
	done := make(chan error)
	go func() { done <- s.Serve(ctx) }()
	if err := jobs.Put(ctx, value.Str("job 1")); err != nil {
		fmt.Println(err)
	}

	m, err := manager.Dial(ctx, s.Addr().String(), opts)
	if err != nil {
		fmt.Println(err)
		return
	}
	queue, err := m.Create(ctx, "get_jobs")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(queue.Call(ctx, "get"))
	cancel()
	fmt.Println(<-done)
	// Output:
	// 'job 1' <nil>
	// <nil>
}
