package app

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/cantil-py/cantil/internal/store"
)

const (
	timingsFile = "timings.jsonl"
	// toldOneByOne is how many calls of a function the bootstrap tells as they end.
	toldOneByOne = 10
	// timingsEvery is how often it is looked whether another has ended.
	timingsEvery = 100 * time.Millisecond
	// mostTimings bounds what is read of the file at a time.
	mostTimings = 1 << 20
)

// timings tells of the calls of timed functions as they end.
type timings struct {
	path string
	say  func(string)
	at   int64
	done chan struct{}
	wait sync.WaitGroup
}

// tellTimings begins to tell; stop tells the rest.
func (o *RunOptions) tellTimings(kept *store.Run) *timings {
	t := &timings{path: kept.Path(timingsFile), say: o.Say, done: make(chan struct{})}
	if len(o.Timed) == 0 {
		return t
	}
	t.wait.Go(func() {
		for {
			select {
			case <-t.done:
				t.tell()
				return
			case <-time.After(timingsEvery):
				t.tell()
			}
		}
	})
	return t
}

func (t *timings) stop() {
	close(t.done)
	t.wait.Wait()
}

// tell says what is new in the file. A line that is not whole yet waits.
func (t *timings) tell() {
	file, err := os.Open(t.path)
	if err != nil {
		return
	}
	defer file.Close()
	data, _ := io.ReadAll(io.NewSectionReader(file, t.at, mostTimings)) // what was read before an error counts
	data = data[:bytes.LastIndexByte(data, '\n')+1]
	t.at += int64(len(data))
	for lines := bufio.NewScanner(bytes.NewReader(data)); lines.Scan(); {
		if text := timing(lines.Bytes()); text != "" {
			t.say(text)
		}
	}
}

// timing is a line of the file in words; "" if there is nothing to say.
func timing(line []byte) string {
	var t struct {
		Finished, Function, Missing string
		Seconds, Total, Least, Most float64
		Calls                       int
	}
	switch err := json.Unmarshal(line, &t); {
	case err != nil:
		return ""
	case t.Finished != "":
		return fmt.Sprintf("Finished '%s' function in %.1fs", t.Finished, t.Seconds)
	case t.Missing != "":
		return fmt.Sprintf("there was no function %s to time", t.Missing)
	case t.Calls <= toldOneByOne:
		return ""
	}
	return fmt.Sprintf("%s: %d calls took %s in all, %s each (%s to %s)",
		t.Function, t.Calls, seconds(t.Total), seconds(t.Total/float64(t.Calls)), seconds(t.Least), seconds(t.Most))
}

// seconds is a time with three digits that count.
func seconds(s float64) string {
	d := time.Duration(s * float64(time.Second))
	for unit := time.Nanosecond; unit < time.Second; unit *= 10 {
		if d < 1000*unit {
			return d.Round(unit).String()
		}
	}
	return d.Round(10 * time.Millisecond).String()
}
