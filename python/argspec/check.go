package argspec

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// ErrAskPython means that only the program's own parser knows the answer: see [DryParse]. The error around it says why.
var ErrAskPython = errors.New("only Python knows")

// Answer is what a program says of arguments before it does anything else.
type Answer struct {
	Code     int    `json:"code"`  // the exit code, if it ends
	Ended    bool   `json:"ended"` // it does not go on: after an error, a help or a version
	Stdout   string `json:"stdout"`
	Stderr   string `json:"stderr"`
	Uncaught string `json:"uncaught,omitempty"` // the exception that the parsing ends with
}

// Check answers by the description if that is enough, else by a dry parse. columns are those of the terminal.
func Check(ctx context.Context, p Program, s *Spec, args []string, columns int) (Answer, error) {
	answer, err := s.Check(args, columns)
	if errors.Is(err, ErrAskPython) {
		return DryParse(ctx, p, args, columns)
	}
	return answer, err
}

// DryParse starts the program and lets its own parser parse the arguments; it is ended before it gets the result.
func DryParse(ctx context.Context, p Program, args []string, columns int) (Answer, error) {
	data, err := p.ask(ctx, "check", args, columns)
	if err != nil {
		return Answer{}, err
	}
	var a Answer
	if err := json.Unmarshal(data, &a); err != nil {
		return a, fmt.Errorf("checking arguments of %s: %w", p.Name, err)
	}
	return a, nil
}

// askPython is the error with its reason.
func askPython(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrAskPython, fmt.Sprintf(format, args...))
}

// argumentError is an ArgumentError of argparse, with the parser that tells it.
type argumentError struct {
	parser  *Parser
	message string
}

func (e *argumentError) Error() string { return e.message }

// checking is the check of one command line.
type checking struct {
	dialect
	columns int
	stderr  strings.Builder
	unsure  bool // a sub-parser was entered whose name would be wrapped
}

// Check answers without Python, in microseconds. columns are those of the terminal that an error is wrapped for; argparse has 80 where there is none.
func (s *Spec) Check(args []string, columns int) (Answer, error) {
	d, ok := known[s.Argparse]
	switch {
	case s.Kind != "argparse":
		return Answer{}, askPython("it is a program of %s", s.Kind)
	case !ok:
		return Answer{}, askPython("this release of argparse, of Python %s, was not compared with", s.Python)
	}
	return s.check(d, args, columns)
}

// check answers as a release of argparse with the dialect does.
func (s *Spec) check(d dialect, args []string, columns int) (Answer, error) {
	if !s.OwnArguments || s.Entry != "parse_args" && s.Entry != "parse_known_args" {
		return Answer{}, askPython("it parses by %s, and not plainly its own arguments", s.Entry)
	}
	for _, a := range args {
		if !utf8.ValidString(a) {
			return Answer{}, askPython("an argument is not in UTF-8")
		}
	}
	c := &checking{dialect: d, columns: columns}
	extras, _, err := c.known(&s.Parser, args)
	if err == nil && s.Entry == "parse_args" && len(extras) > 0 {
		err = &argumentError{&s.Parser, "unrecognized arguments: " + strings.Join(extras, " ")}
	}
	var refused *argumentError
	if errors.As(err, &refused) {
		return c.refusal(refused)
	}
	if err == nil && c.unsure && c.stderr.Len() > 0 {
		err = askPython("the name of a sub-parser, which is wrapped as the usage is")
	}
	return Answer{Stderr: c.stderr.String()}, err
}

// refusal is what ArgumentParser.error prints.
func (c *checking) refusal(e *argumentError) (Answer, error) {
	if c.unsure {
		return Answer{}, askPython("the name of a sub-parser, which is wrapped as the usage is")
	}
	usage, err := e.parser.usage(c.columns)
	if err != nil {
		return Answer{}, err
	}
	c.stderr.WriteString(usage)
	fmt.Fprintf(&c.stderr, "%s: error: %s\n", e.parser.Prog, e.message)
	return Answer{Code: 2, Ended: true, Stderr: c.stderr.String()}, nil
}

func (c *checking) warn(p *Parser, format string, args ...any) {
	fmt.Fprintf(&c.stderr, "%s: warning: %s\n", p.Prog, fmt.Sprintf(format, args...))
}
