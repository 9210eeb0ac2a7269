// Command nap sleeps for 20 ms and prints how many nanoseconds passed, by the clock that
// nobody sets, from its first to its last statement.
package main

import (
	"fmt"
	"time"
)

func main() {
	began := time.Now()
	time.Sleep(20 * time.Millisecond)
	fmt.Println(time.Since(began).Nanoseconds())
}
