package app

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/cantil-py/cantil/python/argspec"
)

// Form is the command line of a program as a form to fill in: see [FormOf]. [Form.Arguments] makes arguments of what was
// filled in.
type Form struct {
	Program  string        `json:"program"`
	Meaning  string        `json:"meaning,omitempty"`
	Sections []FormSection `json:"sections"`
	Notes    []string      `json:"notes,omitempty"`
	Commands []FormCommand `json:"commands,omitempty"` // of which one is chosen
	Required bool          `json:"command_required,omitempty"`
}

// FormSection is a titled group of fields.
type FormSection struct {
	Title  string      `json:"title"`
	Fields []FormField `json:"fields"`
}

// FormField is one argument.
type FormField struct {
	Key      string   `json:"key"` // its place among the arguments of the program, or of the command
	Label    string   `json:"label"`
	Kind     string   `json:"kind"` // text, number, choice, flag, count or words (several, as a shell would part them)
	Value    string   `json:"value"`
	Default  string   `json:"default"`
	Meaning  string   `json:"meaning,omitempty"`
	Required bool     `json:"required,omitempty"`
	Choices  []string `json:"choices,omitempty"`
}

// FormCommand is a command of the program, with a form of its own.
type FormCommand struct {
	Name string `json:"name"`
	Form Form   `json:"form"`
}

// Filled is what was filled in: texts by the keys of fields, "true" for a flag that is given; what is missing or empty is
// not given. Of a command its name, and what was filled in below it.
type Filled struct {
	Values  map[string]string `json:"values"`
	Command string            `json:"command,omitempty"`
	Sub     *Filled           `json:"sub,omitempty"`
}

// FormOf makes a form of a program's description.
func FormOf(s *ArgsSpec) Form { return formOf(&s.Parser, TabulateArgs(s)) }

// formOf has the same sections and rows as the table.
func formOf(p *argspec.Parser, t ArgsTable) Form {
	f := Form{Program: p.Prog, Meaning: t.Meaning, Notes: t.Notes, Sections: []FormSection{}}
	in := map[int]bool{}
	add := func(title string, places []int) {
		section := FormSection{Title: title}
		for _, i := range places {
			in[i] = true
			for _, row := range rowsOf(p, &p.Actions[i]) {
				section.Fields = append(section.Fields, fieldOf(&p.Actions[i], i, row))
			}
		}
		if len(section.Fields) > 0 {
			f.Sections = append(f.Sections, section)
		}
	}
	for _, g := range p.Groups {
		add(word(g.Title), g.Actions)
	}
	var others []int
	for i := range p.Actions {
		if !in[i] {
			others = append(others, i)
		}
		f.addCommands(&p.Actions[i], &t)
	}
	add("", others)
	return f
}

func (f *Form) addCommands(a *argspec.Action, t *ArgsTable) {
	f.Required = f.Required || len(a.Parsers) > 0 && a.Required
	for j := range a.Parsers {
		sub := &a.Parsers[j]
		f.Commands = append(f.Commands, FormCommand{sub.Name, formOf(&sub.Parser, t.Commands[len(f.Commands)])})
	}
}

func fieldOf(a *argspec.Action, place int, row ArgsRow) FormField {
	f := FormField{
		Key: strconv.Itoa(place), Label: row.Argument, Value: row.Value, Default: row.Default, Meaning: row.Meaning,
		Required: a.Required && a.Nargs.Word != "*", Kind: "text",
	}
	several := slices.Contains([]string{"N", "*", "+", "...", "A..."}, a.Nargs.Word) || a.Kind == "append" || a.Kind == "extend"
	switch {
	case a.Kind == "count":
		f.Kind = "count"
	case takesNone(a):
		f.Kind = "flag"
	case several:
		f.Kind = "words"
	case a.Choices != nil && a.Choices.Complete:
		f.Kind = "choice"
	case a.Type.Builtin == "int" || a.Type.Builtin == "float":
		f.Kind = "number"
	}
	if a.Choices != nil && a.Choices.Complete {
		for _, v := range a.Choices.Values {
			f.Choices = append(f.Choices, shownValue(v))
		}
	}
	return f
}

// maxCounted bounds how often a flag is repeated: -vvv.
const maxCounted = 100

// Arguments are those that say what was filled in, in an order in which no option takes what is another's: positionals,
// options that take several, the others, then the command with its own.
func (f *Filled) Arguments(s *ArgsSpec) ([]string, error) { return f.arguments(&s.Parser) }

func (f *Filled) arguments(p *argspec.Parser) ([]string, error) {
	var positionals, several, options []string
	for i := range p.Actions {
		a, text := &p.Actions[i], f.Values[strconv.Itoa(i)]
		if text == "" || len(a.Parsers) > 0 {
			continue
		}
		field := fieldOf(a, i, ArgsRow{})
		words, err := wordsOf(field, a, text)
		switch {
		case err != nil:
			return nil, &BadInput{err}
		case a.Positional():
			positionals = append(positionals, words...)
		case field.Kind == "words":
			several = append(several, words...)
		default:
			options = append(options, words...)
		}
	}
	args := slices.Concat(positionals, several, options)
	if f.Command == "" || f.Sub == nil {
		return args, nil
	}
	for i := range p.Actions {
		for j := range p.Actions[i].Parsers {
			if sub := &p.Actions[i].Parsers[j]; sub.Name == f.Command {
				more, err := f.Sub.arguments(&sub.Parser)
				return slices.Concat(args, []string{f.Command}, more), err
			}
		}
	}
	return nil, &BadInput{fmt.Errorf("the program has no command %q", f.Command)}
}

// wordsOf are the arguments for one field.
func wordsOf(field FormField, a *argspec.Action, text string) ([]string, error) {
	words := []string{text}
	if field.Kind == "words" {
		var err error
		if words, err = splitWords(text); err != nil {
			return nil, err
		}
	}
	if a.Positional() {
		return words, nil
	}
	option := a.OptionStrings[len(a.OptionStrings)-1] // the long one
	switch {
	case field.Kind == "flag":
		return []string{option}, nil
	case field.Kind == "count":
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > maxCounted {
			return nil, fmt.Errorf("%s: %q is no count from 0 to %d", option, text, maxCounted)
		}
		return slices.Repeat([]string{option}, n), nil
	case a.Kind == "append" && a.Nargs.Word == "":
		var each []string
		for _, w := range words {
			each = append(each, joined(option, w)...)
		}
		return each, nil
	case field.Kind == "words":
		return append([]string{option}, words...), nil
	}
	return joined(option, text), nil
}

// joined holds an option and its value together, so that a value with a dash is not taken for an option.
func joined(option, text string) []string {
	if strings.HasPrefix(option, "--") {
		return []string{option + "=" + text}
	}
	return []string{option, text}
}
