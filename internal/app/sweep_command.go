package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/cantil-py/cantil/python/argspec"
	"github.com/cantil-py/cantil/sweep"
)

// UnknownParameter means that a program has no argument of that name.
type UnknownParameter struct {
	Program, Name string
	Known         []string // the names that it has
}

func (e *UnknownParameter) Error() string {
	return fmt.Sprintf("%s has no argument %q", e.Program, e.Name)
}

// commander writes the command lines of points: values that have a place {name} in the arguments stand there, others become
// options and positionals as the program's interface has them.
type commander struct {
	args    []string
	placed  map[string]bool // names with a place
	levels  []level         // the program, and the commands of it that the arguments name
	option  map[string]argument
	program argspec.Program
	spec    *ArgsSpec // nil: not read
}

// level is a parser, and where in the arguments those for it end.
type level struct {
	parser *argspec.Parser
	end    int
}

// argument is how a parameter is given.
type argument struct {
	level  int
	word   string          // the option string; "" for a positional
	action *argspec.Action // nil where the interface was not read
	number int             // of the action, to have positionals in their order
}

// interfaceOf reads the program's interface and finds each name in it. done must be called at the end.
func (o *SweepOptions) interfaceOf(ctx context.Context, names []string) (c *commander, done func(), err error) {
	c = &commander{args: o.Args, placed: map[string]bool{}, option: map[string]argument{}}
	done = func() {}
	var rest []string
	for _, name := range names {
		c.placed[name] = slices.ContainsFunc(o.Args, func(arg string) bool { return strings.Contains(arg, "{"+name+"}") })
		if !c.placed[name] {
			rest = append(rest, name)
		}
	}
	if o.NoCheck {
		c.levels = []level{{end: len(o.Args)}}
		for _, name := range rest {
			c.option[name] = argument{word: "--" + name}
		}
		return c, done, nil
	}
	asked := ArgsOptions{Python: o.Python, Module: o.Module, Program: o.Program, TwoStage: o.TwoStage, Env: withVariables(o.Env, o.Variables)}
	if c.program, done, err = asked.program(ctx); err != nil {
		return nil, done, err
	}
	c.spec, err = asked.read(ctx, c.program)
	var problem *argspec.Problem
	switch {
	case errors.As(err, &problem) && len(rest) == 0:
		return c, done, nil // every value has its place, and there is nothing to check them with
	case err != nil:
		return nil, done, err
	}
	c.levels = levelsOf(&c.spec.Parser, o.Args)
	for _, name := range rest {
		if c.option[name], err = c.find(o.Program, name); err != nil {
			return nil, done, err
		}
	}
	return c, done, nil
}

// levelsOf follows the commands that the arguments name.
func levelsOf(p *argspec.Parser, args []string) []level {
	levels := []level{{p, len(args)}}
	for i, arg := range args {
		at := &levels[len(levels)-1]
		if sub := command(at.parser, arg); sub != nil {
			at.end = i
			levels = append(levels, level{sub, len(args)})
		}
	}
	return levels
}

// command is the parser of a program's command of that name, or nil.
func command(p *argspec.Parser, name string) *argspec.Parser {
	for i := range p.Actions {
		for j := range p.Actions[i].Parsers {
			sub := &p.Actions[i].Parsers[j]
			if sub.Name == name || slices.Contains(sub.Aliases, name) {
				return &sub.Parser
			}
		}
	}
	return nil
}

// find looks for a name in the innermost command first.
func (c *commander) find(program, name string) (argument, error) {
	var known []string
	for i := len(c.levels) - 1; i >= 0; i-- {
		p := c.levels[i].parser
		for _, same := range []func(string) bool{
			func(s string) bool { return s == name },
			func(s string) bool { return plainName(s) == plainName(name) },
		} {
			if a, ok := findIn(p, same); ok {
				a.level = i
				return a, nil
			}
		}
		known = append(known, parameterNames(p)...)
	}
	return argument{}, &UnknownParameter{program, name, known}
}

// plainName is a name as argparse makes it of an option string.
func plainName(s string) string { return strings.ReplaceAll(s, "-", "_") }

// findIn takes an option string first, then what a value is kept as, then a positional.
func findIn(p *argspec.Parser, same func(string) bool) (argument, bool) {
	for _, o := range p.Options {
		if same(strings.TrimLeft(o.String, p.PrefixChars)) {
			return argument{word: o.String, action: &p.Actions[o.Action]}, true
		}
	}
	for i := range p.Actions {
		a := &p.Actions[i]
		isCommand := len(a.Parsers) > 0
		switch {
		case isCommand || a.Dest == nil && !a.Metavar.Set:
		case a.Dest != nil && same(*a.Dest) || a.Positional() && len(a.Metavar.Words) == 1 && same(a.Metavar.Words[0]):
			if a.Positional() {
				return argument{action: a, number: i}, true
			}
			if takesValue(a) {
				return argument{word: longest(a.OptionStrings), action: a}, true
			}
		}
	}
	return argument{}, false
}

func longest(list []string) string {
	return slices.MaxFunc(list, func(a, b string) int { return len(a) - len(b) })
}

func parameterNames(p *argspec.Parser) []string {
	var names []string
	for _, o := range p.Options {
		names = append(names, strings.TrimLeft(o.String, p.PrefixChars))
	}
	for i := range p.Actions {
		if a := &p.Actions[i]; a.Positional() && a.Dest != nil && len(a.Parsers) == 0 {
			names = append(names, *a.Dest)
		}
	}
	return names
}

// kindOf is the kind of an action, of a class of the program's own that of its base.
func kindOf(a *argspec.Action) string {
	if a.Kind == "custom" && a.Base != "" {
		return a.Base
	}
	return a.Kind
}

func takesValue(a *argspec.Action) bool {
	switch kindOf(a) {
	case "store_true", "store_false", "store_const", "append_const", "count", "help", "version", "boolean_optional":
		return false
	}
	return a.Nargs != argspec.Nargs{Word: "N"}
}

// line is the command line of a point.
func (c *commander) line(p sweep.Point) ([]string, error) {
	places := map[string]string{"repeat": strconv.Itoa(p.Repeat)}
	for name, v := range p.Settings {
		places[name] = v.String()
	}
	options, positionals := make([][]string, len(c.levels)), make([][]string, len(c.levels))
	for _, name := range c.inOrder(p) {
		a := c.option[name]
		words, err := a.words(name, p.Settings[name])
		if err != nil {
			return nil, err
		}
		if a.word == "" {
			positionals[a.level] = append(positionals[a.level], words...)
		} else {
			options[a.level] = append(options[a.level], words...)
		}
	}
	var line []string
	from := 0
	for i, l := range c.levels {
		for _, arg := range c.args[from:l.end] {
			line = append(line, fill(arg, places))
		}
		line = append(append(line, positionals[i]...), options[i]...)
		from = l.end
	}
	for _, arg := range c.args[from:] {
		line = append(line, fill(arg, places))
	}
	return line, nil
}

// inOrder are the names of the point's values that have no place, positionals as the program takes them.
func (c *commander) inOrder(p sweep.Point) []string {
	var names []string
	for name := range p.Settings {
		if !c.placed[name] {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		if n := c.option[a].number - c.option[b].number; n != 0 {
			return n
		}
		return strings.Compare(a, b)
	})
	return names
}

// words are a value as the program takes it.
func (a argument) words(name string, v sweep.Value) ([]string, error) {
	if a.action == nil || takesValue(a.action) {
		return a.valueWords(v), nil
	}
	if kind := kindOf(a.action); kind == "count" {
		n, err := strconv.Atoi(v.String())
		if err != nil || n < 0 || n > mostCount {
			return nil, fmt.Errorf("parameter %s: it is counted, from 0 to %d, and cannot be %q", name, mostCount, v)
		}
		return slices.Repeat([]string{a.word}, n), nil
	}
	on, err := strconv.ParseBool(v.String())
	if err != nil {
		return nil, fmt.Errorf("parameter %s: it is a flag, true or false, and cannot be %q", name, v)
	}
	if on {
		return []string{a.word}, nil
	}
	if kindOf(a.action) == "boolean_optional" {
		if no := negated(a.action); no != "" {
			return []string{no}, nil
		}
	}
	return nil, nil
}

// mostCount is more than anyone means by -vvv.
const mostCount = 100

// negated is the option string that switches off.
func negated(a *argspec.Action) string {
	for _, o := range a.OptionStrings {
		if strings.HasPrefix(o, "--no-") {
			return o
		}
	}
	return ""
}

// valueWords: of what takes several, the parts between commas or spaces; what is given again and again, again for each.
func (a argument) valueWords(v sweep.Value) []string {
	values := []string(v)
	if len(v) == 1 && a.action != nil && takesSeveral(a.action) {
		values = strings.FieldsFunc(v[0], func(r rune) bool { return r == ',' || r == ' ' })
	}
	switch {
	case a.word == "":
		return values
	case a.action != nil && takesSeveral(a.action):
		return append([]string{a.word}, values...)
	}
	var words []string
	for _, value := range values {
		if value != "" && !strings.HasPrefix(value, "-") || !strings.HasPrefix(a.word, "--") {
			words = append(words, a.word, value)
		} else {
			words = append(words, a.word+"="+value)
		}
	}
	return words
}

func takesSeveral(a *argspec.Action) bool {
	switch a.Nargs.Word {
	case "*", "+", "...", "N":
		return true
	}
	return false
}
