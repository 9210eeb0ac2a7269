package app

import (
	"fmt"
	"strings"

	"github.com/cantil-py/cantil/python/argspec"
)

// mostDefault is how many characters of a default are shown; --json has it all.
const mostDefault = 30

// ArgsTable is the command line of a program, or of one of its commands, as a table.
type ArgsTable struct {
	Name, Meaning string
	Sections      []ArgsSection
	Notes         []string
	Commands      []ArgsTable
}

// ArgsSection is one titled group of arguments.
type ArgsSection struct {
	Title string
	Rows  []ArgsRow
}

// ArgsRow is one argument.
type ArgsRow struct{ Argument, Value, Default, Meaning string }

// TabulateArgs arranges a description for people.
func TabulateArgs(s *ArgsSpec) ArgsTable {
	t := tabulate(&s.Parser)
	switch s.Entry {
	case "parse_known_args", "parse_known_intermixed_args":
		t.Notes = append(t.Notes, "It takes arguments that it does not know, too. If it parses twice, --two-stage shows what the second parser knows.")
	case "print_help", "print_usage", "error":
		t.Notes = append(t.Notes, "Without arguments it only prints its help.")
	}
	return t
}

func tabulate(p *argspec.Parser) ArgsTable {
	t := ArgsTable{Name: p.Prog, Meaning: plainText(p, nil, p.Description)}
	in := map[int]bool{}
	for _, g := range p.Groups {
		section := ArgsSection{Title: word(g.Title)}
		for _, i := range g.Actions {
			in[i] = true
			section.Rows = append(section.Rows, rowsOf(p, &p.Actions[i])...)
		}
		t.Sections = append(t.Sections, section)
	}
	var others ArgsSection // click has no groups
	for i := range p.Actions {
		a := &p.Actions[i]
		if !in[i] {
			others.Rows = append(others.Rows, rowsOf(p, a)...)
		}
		for j := range a.Parsers {
			t.Commands = append(t.Commands, tabulateCommand(&a.Parsers[j]))
		}
	}
	t.Sections = append(t.Sections, others)
	for _, x := range p.Exclusive {
		t.Notes = append(t.Notes, exclusiveNote(p, x))
	}
	return t
}

func tabulateCommand(s *argspec.SubParser) ArgsTable {
	t := tabulate(&s.Parser)
	if len(s.Aliases) > 0 {
		t.Name += " (" + strings.Join(s.Aliases, ", ") + ")"
	}
	if t.Meaning == "" {
		t.Meaning = plainText(&s.Parser, nil, s.Help)
	}
	return t
}

// rowsOf is the row of an argument; none of a hidden one, of the help, and of commands, which have tables of their own.
func rowsOf(p *argspec.Parser, a *argspec.Action) []ArgsRow {
	if a.Hidden || a.Kind == "help" || a.Kind == "parsers" {
		return nil
	}
	return []ArgsRow{{invocation(a), valueOf(a), defaultOf(a), plainText(p, a, a.Help)}}
}

// invocation is how the argument is written: "-e, --epochs EPOCHS".
func invocation(a *argspec.Action) string {
	if a.Positional() {
		return metavar(a, word(a.Dest))
	}
	options := strings.Join(a.OptionStrings, ", ")
	if takesNone(a) {
		return options
	}
	return options + " " + metavar(a, strings.ToUpper(word(a.Dest)))
}

func takesNone(a *argspec.Action) bool { return a.Nargs.Word == "N" && a.Nargs.Number == 0 }

func metavar(a *argspec.Action, name string) string {
	if a.Metavar.Set {
		return strings.Join(a.Metavar.Words, " ")
	}
	return name
}

// valueOf says what may be given: "int", "one of a, b", "2 float".
func valueOf(a *argspec.Action) string {
	if takesNone(a) {
		return map[string]string{"count": "counted", "version": "version"}[a.Kind] + map[bool]string{true: "flag"}[a.Kind != "count" && a.Kind != "version"]
	}
	kind := "str"
	if a.Type.Name != nil {
		kind = *a.Type.Name
	}
	if a.Choices != nil && a.Choices.Complete {
		var shown []string
		for _, v := range a.Choices.Values {
			shown = append(shown, shownValue(v))
		}
		kind = "one of " + strings.Join(shown, ", ")
	}
	switch a.Nargs.Word {
	case "N":
		kind = fmt.Sprintf("%d %s", a.Nargs.Number, kind)
	case "?":
		kind += " or nothing"
	case "*":
		kind += ", any number"
	case "+":
		kind += ", 1 or more"
	case "...":
		kind = "all the rest"
	}
	if a.Kind == "append" || a.Kind == "extend" {
		kind += ", repeatable"
	}
	return kind
}

// defaultOf is the value without the argument; with its name where that is not the option's.
func defaultOf(a *argspec.Action) string {
	switch {
	case a.Required && a.Nargs.Word != "*": // which argparse calls required up to 3.13
		return "required"
	case a.Default.Kind == "none" || a.Default.Kind == "suppress" || a.Kind == "version":
		return "-"
	}
	shown := shownValue(a.Default)
	if shown == "" {
		shown = "''"
	}
	if short := []rune(shown); len(short) > mostDefault {
		shown = string(short[:mostDefault-3]) + "..."
	}
	name := word(a.Dest)
	for _, o := range a.OptionStrings {
		if strings.ReplaceAll(strings.TrimLeft(o, "-+/"), "-", "_") == name {
			return shown
		}
	}
	if a.Positional() || a.Kind != "store_false" && a.Kind != "store_const" && a.Kind != "append_const" {
		return shown
	}
	return name + "=" + shown
}

// shownValue is a str as it is, another value as Python shows it.
func shownValue(v argspec.Value) string {
	if v.Kind == "str" || v.Kind == "other" {
		return v.Text
	}
	return v.Repr
}

func exclusiveNote(p *argspec.Parser, x argspec.Exclusive) string {
	var names []string
	for _, i := range x.Actions {
		a := &p.Actions[i]
		if a.Hidden {
			continue
		}
		if a.Positional() {
			names = append(names, invocation(a))
		} else {
			names = append(names, a.OptionStrings[len(a.OptionStrings)-1])
		}
	}
	if x.Required {
		return "Exactly one of " + strings.Join(names, ", ")
	}
	return "At most one of " + strings.Join(names, ", ")
}

// plainText is a help on one line, with the names in it filled in.
func plainText(p *argspec.Parser, a *argspec.Action, text *string) string {
	if text == nil {
		return ""
	}
	pairs := []string{"%(prog)s", p.Prog}
	if a != nil {
		kind := "None"
		if a.Type.Name != nil {
			kind = *a.Type.Name
		}
		shown := shownValue(a.Default)
		if a.Default.Kind == "none" {
			shown = "None"
		}
		var choices []string
		if a.Choices != nil {
			for _, v := range a.Choices.Values {
				choices = append(choices, shownValue(v))
			}
		}
		pairs = append(pairs, "%(default)s", shown, "%(default)r", a.Default.Repr, "%(type)s", kind, "%(dest)s", word(a.Dest), "%(metavar)s", metavar(a, "None"),
			"%(choices)s", strings.Join(choices, ", "), "%%", "%")
	}
	return strings.Join(strings.Fields(strings.NewReplacer(pairs...).Replace(*text)), " ")
}

func word(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
