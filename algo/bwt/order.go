package bwt

import (
	"io"
	"sync"
)

// result is what a job came to.
type result struct {
	data []byte
	err  error
}

// inOrder does jobs, at most workers at a time, and emits what they come to in the order of
// the jobs. next returns io.EOF behind the last. An error of next's or emit's ends it all.
func inOrder(workers int, next func() (func() ([]byte, error), error), emit func([]byte, error) error) error {
	// One job waits in the channel's sender, one is in emit: the others are in the channel.
	results := make(chan chan result, max(0, workers-2))
	stop := make(chan struct{})
	var reading sync.WaitGroup
	var nextErr error // read only once results is closed
	reading.Go(func() {
		defer close(results)
		for {
			job, err := next()
			if err != nil {
				if err != io.EOF {
					nextErr = err
				}
				return
			}
			one := make(chan result, 1)
			select {
			case results <- one:
			case <-stop:
				return
			}
			reading.Go(func() {
				data, err := job()
				one <- result{data, err}
			})
		}
	})
	defer reading.Wait()
	defer close(stop)
	for one := range results {
		r := <-one
		if err := emit(r.data, r.err); err != nil {
			return err
		}
	}
	return nextErr
}
