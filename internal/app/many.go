package app

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

const (
	// mostCommands bounds the commands of one call, each of which keeps a folder.
	mostCommands = 1_000_000
	// longestLine bounds one line of arguments.
	longestLine = 1 << 20
)

// ManyOptions are several programs, so many at a time.
type ManyOptions struct {
	Each []RunOptions // one for each program
	Jobs int          // how many run at once
	Halt bool         // after the first failure no other is started
	// Done is called as each ends, by one goroutine at a time; its output has been kept, not shown.
	Done func(n int, result RunResult, err error)
}

// RunMany runs programs side by side and returns how many failed, or could not be started.
func RunMany(ctx context.Context, opts ManyOptions) (failed int) {
	next := make(chan int)
	var lock sync.Mutex
	halted := func() bool {
		lock.Lock()
		defer lock.Unlock()
		return opts.Halt && failed > 0
	}
	var workers sync.WaitGroup
	for range max(1, min(opts.Jobs, len(opts.Each))) {
		workers.Go(func() {
			for n := range next {
				if halted() {
					continue // it failed while this one waited
				}
				result, err := Run(ctx, opts.Each[n])
				lock.Lock()
				if err != nil || result.Code != 0 {
					failed++
				}
				opts.Done(n, result, err)
				lock.Unlock()
			}
		})
	}
	for n := range opts.Each {
		if halted() || ctx.Err() != nil {
			break
		}
		next <- n
	}
	close(next)
	workers.Wait()
	return failed
}

// Product is a command line for every combination of the lists, the last one changing fastest. {1} stands for the item
// of the first list, {} for all of them; where neither occurs, all are appended.
func Product(command []string, lists [][]string) ([][]string, error) {
	total := 1
	for _, list := range lists {
		total *= len(list)
		if total > mostCommands {
			return nil, fmt.Errorf("combining the lists: more than %d commands", mostCommands)
		}
	}
	lines := make([][]string, 0, total)
	for n := range total {
		items := make([]string, len(lists))
		for i, rest := len(lists)-1, n; i >= 0; i-- {
			items[i] = lists[i][rest%len(lists[i])]
			rest /= len(lists[i])
		}
		line, err := FillItems(command, items)
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// FillItems puts the items where the command names them, or behind it.
func FillItems(command, items []string) ([]string, error) {
	argument := regexp.MustCompile(`\{(\d*)\}`)
	if !slices.ContainsFunc(command, argument.MatchString) {
		return append(slices.Clone(command), items...), nil
	}
	var wrong error
	line := make([]string, len(command))
	for i, word := range command {
		line[i] = argument.ReplaceAllStringFunc(word, func(place string) string {
			if place == "{}" {
				return strings.Join(items, " ")
			}
			n, err := strconv.Atoi(place[1 : len(place)-1])
			if err != nil || n < 1 || n > len(items) {
				wrong = fmt.Errorf("filling in %q: there is no list %s", word, place)
				return ""
			}
			return items[n-1]
		})
	}
	return line, wrong
}

// ReadCommands reads a command from each line, split into words as a shell does; lines that are empty or begin with # are passed over.
func ReadCommands(r io.Reader) ([][]string, error) {
	var commands [][]string
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, longestLine)
	for n := 1; lines.Scan(); n++ {
		words, err := splitWords(lines.Text())
		if err != nil {
			return nil, &BadInput{fmt.Errorf("line %d: %w", n, err)}
		}
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		if commands = append(commands, words); len(commands) > mostCommands {
			return nil, fmt.Errorf("reading commands: more than %d", mostCommands)
		}
	}
	if err := lines.Err(); err != nil {
		if errors.Is(err, bufio.ErrTooLong) {
			err = fmt.Errorf("a line of more than %d bytes", longestLine)
		}
		return nil, &BadInput{fmt.Errorf("reading commands: %w", err)}
	}
	return commands, nil
}
