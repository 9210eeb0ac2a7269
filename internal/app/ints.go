package app

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"slices"
	"strings"

	"github.com/cantil-py/cantil/text/ints"
)

// IntsForm is what is printed of a list of numbers.
type IntsForm int

// The forms: the list as Python prints it, a number a line, JSON, the sum alone, or
// what there is to say about them.
const (
	IntsList IntsForm = iota
	IntsLines
	IntsJSON
	IntsSum
	IntsStats
	IntsStatsJSON
)

// Ints prints the numbers of a file, "" or "-" for stdin. A bad item is a [BadInput].
func Ints(path string, stdin io.Reader, form IntsForm, w io.Writer) error {
	name, in := "stdin", stdin
	if path != "" && path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return &BadInput{err}
		}
		defer file.Close()
		name, in = path, file
	}
	s := ints.NewScanner(in)
	out := bufio.NewWriter(w)
	if form >= IntsSum {
		summarize(s, form, out)
	} else {
		listInts(s, form, out)
	}
	var syntax *ints.SyntaxError
	switch err := s.Err(); {
	case errors.As(err, &syntax):
		return errors.Join(out.Flush(), &BadInput{fmt.Errorf("%s: %w", name, err)})
	case err != nil:
		return errors.Join(out.Flush(), fmt.Errorf("reading %s: %w", name, err))
	}
	return out.Flush()
}

// listInts prints the numbers as they come. The writer keeps its error for Flush.
func listInts(s *ints.Scanner, form IntsForm, out *bufio.Writer) {
	begin, between, end := "[", ", ", "]\n"
	if form == IntsLines {
		begin, between, end = "", "\n", "\n"
	}
	text := []byte(begin)
	some := false
	for s.Scan() {
		if some {
			text = append(text, between...)
		}
		some = true
		if n := s.Number(); n.Big == nil {
			text = ints.Append(text, n.Int)
		} else {
			text = n.Big.Append(text, 10)
		}
		if _, err := out.Write(text); err != nil {
			return
		}
		text = text[:0]
	}
	if s.Err() != nil {
		end = "\n"
	}
	if some || form != IntsLines {
		_, _ = out.Write(append(text, end...)) // Flush tells
	}
}

func summarize(s *ints.Scanner, form IntsForm, out io.Writer) {
	var sum ints.Summary
	for s.Scan() {
		sum.Add(s.Number())
	}
	switch {
	case s.Err() != nil:
	case form == IntsSum:
		fmt.Fprintln(out, sum.Sum())
	case form == IntsStatsJSON:
		fmt.Fprintf(out, `{"count": %d, "sum": %s, "min": %s, "max": %s, "mean": %s, "stdev": %s}`+"\n", sum.Count(), sum.Sum(),
			orNull(sum.Min()), orNull(sum.Max()), jsonFloat(sum.Mean()), jsonFloat(sum.Stdev()))
	default:
		fmt.Fprintf(out, "count  %d\nsum    %s\n", sum.Count(), sum.Sum())
		if sum.Count() > 0 {
			fmt.Fprintf(out, "min    %s\nmax    %s\nmean   %v\n", sum.Min(), sum.Max(), sum.Mean())
		}
		if sum.Count() > 1 {
			fmt.Fprintf(out, "stdev  %v\n", sum.Stdev())
		}
	}
}

func orNull(n *big.Int) string {
	if n == nil {
		return "null"
	}
	return n.String()
}

// jsonFloat is null for what JSON has no number for.
func jsonFloat(f float64) string {
	if f != f || f-f != 0 {
		return "null"
	}
	return fmt.Sprint(f)
}

// WriteInts writes the numbers, in Python's spelling, to the file at path. With check
// it reads them back, and prints what was written, what was read, and whether they are
// the same, as Python would; a single one without brackets.
func WriteInts(path string, numbers []string, check bool, w io.Writer) error {
	list, err := numbersOf(strings.Join(numbers, " "))
	if err != nil {
		return &BadInput{fmt.Errorf("the numbers to write: %w", err)}
	}
	if err := ints.WriteText(path, []byte(strings.Join(list, ", "))); err != nil || !check {
		return err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	back, err := numbersOf(string(text))
	if err != nil {
		return fmt.Errorf("reading %s back: %w", path, err)
	}
	same := "True"
	if !slices.Equal(list, back) {
		same = "False"
	}
	_, err = fmt.Fprintln(w, pythonList(list), pythonList(back), same)
	return err
}

func numbersOf(text string) ([]string, error) {
	list := []string{}
	s := ints.NewScanner(strings.NewReader(text))
	for s.Scan() {
		list = append(list, s.Number().String())
	}
	return list, s.Err()
}

func pythonList(list []string) string {
	if len(list) == 1 {
		return list[0]
	}
	return "[" + strings.Join(list, ", ") + "]"
}
