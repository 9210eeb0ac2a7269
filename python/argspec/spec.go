package argspec

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// specFormat is the version of the description; another one in a cache is read anew.
const specFormat = 1

// Spec is the command line of one program. docs/formats/argspec.md has each field.
type Spec struct {
	Format       int      `json:"format"`
	Kind         string   `json:"kind"`          // "argparse" or "click"
	Python       string   `json:"python"`        // the version that was asked
	Entry        string   `json:"entry"`         // the method that the program calls: "parse_args"
	OwnArguments bool     `json:"own_arguments"` // what it parses is sys.argv[1:], and nothing else
	TwoStage     bool     `json:"two_stage"`     // it is the second of its parsers
	Argparse     string   `json:"argparse"`      // a fingerprint of argparse's code
	Parser       Parser   `json:"parser"`
	Files        []string `json:"files,omitempty"` // the files of the program itself
}

// Parser is one ArgumentParser, or one command of click.
type Parser struct {
	Prog            string      `json:"prog"`
	Usage           *string     `json:"usage"` // where the program has its own
	Description     *string     `json:"description"`
	Epilog          *string     `json:"epilog"`
	PrefixChars     string      `json:"prefix_chars"`
	FromfileChars   *string     `json:"fromfile_prefix_chars"`
	AddHelp         bool        `json:"add_help"`
	AllowAbbrev     bool        `json:"allow_abbrev"`
	ExitOnError     bool        `json:"exit_on_error"`
	SuggestOnError  bool        `json:"suggest_on_error"`
	ConflictHandler string      `json:"conflict_handler"`
	ArgumentDefault Value       `json:"argument_default"`
	NegativeOptions bool        `json:"negative_options"` // some option looks like a negative number
	Formatter       *Formatter  `json:"formatter"`
	OwnMethods      []string    `json:"own_methods"` // those it has in place of argparse's
	UsageParts      *UsageParts `json:"usage_parts"`
	Actions         []Action    `json:"actions"`
	Options         []Option    `json:"options"` // every option string, in the order of argparse's table
	Groups          []Group     `json:"groups"`
	Exclusive       []Exclusive `json:"exclusive"`
	Defaults        []Default   `json:"defaults"` // of set_defaults
	optionsByString map[string]int
	conflictsOf     map[int][]int
}

// Formatter is how help is laid out.
type Formatter struct {
	Bases           []string `json:"bases"`  // argparse's own classes of it
	Custom          bool     `json:"custom"` // it has methods of its own
	Width           *int     `json:"width"`  // fixed by the program, else nil
	MaxHelpPosition int      `json:"max_help_position"`
	IndentIncrement int      `json:"indent_increment"`
}

// UsageParts is what the usage is wrapped from.
type UsageParts struct {
	Optionals   []string `json:"optionals"`
	Positionals []string `json:"positionals"`
	Samples     []Sample `json:"samples"`
}

// Sample is the usage as Python formats it at some number of columns.
type Sample struct {
	Columns int
	Text    string
}

// Action is one argument: an option, a positional, or the choice of a sub-parser.
type Action struct {
	Kind          string      `json:"kind"` // "store", "store_true", "append", "parsers" and so on, or "custom"
	Class         string      `json:"class"`
	Base          string      `json:"base,omitempty"` // of a custom one: the kind of argparse's that it derives from
	OptionStrings []string    `json:"option_strings"` // none: a positional
	Dest          *string     `json:"dest"`
	Nargs         Nargs       `json:"nargs"`
	Const         Value       `json:"const"`
	Default       Value       `json:"default"`
	Type          Type        `json:"type"`
	Choices       *Choices    `json:"choices"`
	Required      bool        `json:"required"`
	Help          *string     `json:"help"`
	Hidden        bool        `json:"hidden"`
	Metavar       Metavar     `json:"metavar"`
	Deprecated    bool        `json:"deprecated"`
	Version       *string     `json:"version,omitempty"`
	Parsers       []SubParser `json:"parsers,omitempty"`
}

// SubParser is a command of a program.
type SubParser struct {
	Name       string   `json:"name"`
	Aliases    []string `json:"aliases"`
	Listed     bool     `json:"listed"` // it stands in the help, with a line of its own
	Hidden     bool     `json:"hidden"`
	Help       *string  `json:"help"`
	Deprecated bool     `json:"deprecated"`
	Parser     Parser   `json:"parser"`
}

// Value is a Python value as far as it can be told.
type Value struct {
	Kind  string  `json:"kind"` // "none", "suppress", "bool", "int", "float", "str", "list", "tuple", "other"
	ID    int     `json:"id,omitempty"`
	Text  string  `json:"text,omitempty"` // of a str its text, of others str(v)
	Repr  string  `json:"repr,omitempty"`
	Class string  `json:"class,omitempty"` // of others
	Name  string  `json:"name,omitempty"`  // of others, a function's for example
	Items []Value `json:"items,omitempty"`
}

// Type converts an argument's text.
type Type struct {
	Name    *string `json:"name"`    // as messages call it; nil where there is none
	Builtin string  `json:"builtin"` // "str", "int", "float", "bool", "path", "file"; "" for what only Python can tell
	Named   bool    `json:"named"`
}

// Choices are the values that are allowed.
type Choices struct {
	Kind     string  `json:"kind"` // their Python type: "list", "range", "str"
	Complete bool    `json:"complete"`
	Values   []Value `json:"values"`
}

// Group is a titled group of the help.
type Group struct {
	Title       *string `json:"title"`
	Description *string `json:"description"`
	Actions     []int   `json:"actions"`
}

// Exclusive is a group of which one argument at most may be given.
type Exclusive struct {
	Required bool  `json:"required"`
	Group    *int  `json:"group"` // the titled group that it stands in
	Actions  []int `json:"actions"`
}

// Default is a value of set_defaults.
type Default struct {
	Name  string `json:"name"`
	Value Value  `json:"value"`
}

// Option is an option string and the action it belongs to.
type Option struct {
	String string
	Action int
}

// Nargs says how many arguments there are: a number, or "" for one, "?", "*", "+", "A...", "...", "==SUPPRESS==".
type Nargs struct {
	Word   string
	Number int // where Word is "N"
}

// Metavar is what stands for a value in the help: nothing, one word, or several.
type Metavar struct {
	Set   bool
	Tuple bool
	Words []string
}

// Positional says whether the argument has no option string.
func (a *Action) Positional() bool { return len(a.OptionStrings) == 0 }

// UnmarshalJSON reads null, a text or a number.
func (n *Nargs) UnmarshalJSON(data []byte) error {
	*n = Nargs{}
	if number, err := strconv.Atoi(string(data)); err == nil {
		*n = Nargs{Word: "N", Number: number}
		return nil
	}
	var word *string
	if err := json.Unmarshal(data, &word); err != nil {
		return fmt.Errorf("reading nargs: %w", err)
	}
	if word != nil {
		n.Word = *word
	}
	return nil
}

// MarshalJSON writes what UnmarshalJSON reads.
func (n Nargs) MarshalJSON() ([]byte, error) {
	switch n.Word {
	case "":
		return []byte("null"), nil
	case "N":
		return json.Marshal(n.Number)
	}
	return json.Marshal(n.Word)
}

// UnmarshalJSON reads null, a text or a list of them.
func (m *Metavar) UnmarshalJSON(data []byte) error {
	*m = Metavar{}
	var one *string
	if err := json.Unmarshal(data, &one); err == nil {
		if one != nil {
			*m = Metavar{Set: true, Words: []string{*one}}
		}
		return nil
	}
	m.Set, m.Tuple = true, true
	return json.Unmarshal(data, &m.Words)
}

// MarshalJSON writes what UnmarshalJSON reads.
func (m Metavar) MarshalJSON() ([]byte, error) {
	switch {
	case !m.Set:
		return []byte("null"), nil
	case m.Tuple:
		return json.Marshal(m.Words)
	}
	return json.Marshal(m.Words[0])
}

// UnmarshalJSON reads a pair.
func (o *Option) UnmarshalJSON(data []byte) error {
	return json.Unmarshal(data, &[]any{&o.String, &o.Action})
}

// MarshalJSON writes what UnmarshalJSON reads.
func (o Option) MarshalJSON() ([]byte, error) { return json.Marshal([]any{o.String, o.Action}) }

// UnmarshalJSON reads a pair.
func (s *Sample) UnmarshalJSON(data []byte) error {
	return json.Unmarshal(data, &[]any{&s.Columns, &s.Text})
}

// MarshalJSON writes what UnmarshalJSON reads.
func (s Sample) MarshalJSON() ([]byte, error) { return json.Marshal([]any{s.Columns, s.Text}) }

// parse reads a description and makes sure that its numbers point to what is there.
func parse(data []byte) (*Spec, error) {
	var s Spec
	if err := json.Unmarshal(data, &s); err != nil {
		return nil, fmt.Errorf("reading the description of a command line: %w", err)
	}
	if s.Format != specFormat {
		return nil, fmt.Errorf("reading the description of a command line: its format is %d, not %d", s.Format, specFormat)
	}
	if err := s.Parser.check(); err != nil {
		return nil, fmt.Errorf("reading the description of %s: %w", s.Parser.Prog, err)
	}
	return &s, nil
}

// check makes sure of the numbers, and fills the tables.
func (p *Parser) check() error {
	inside := func(actions ...int) bool {
		for _, i := range actions {
			if i < 0 || i >= len(p.Actions) {
				return false
			}
		}
		return true
	}
	p.optionsByString, p.conflictsOf = map[string]int{}, map[int][]int{}
	for _, o := range p.Options {
		if !inside(o.Action) || o.String == "" {
			return fmt.Errorf("option %q has no action", o.String)
		}
		p.optionsByString[o.String] = o.Action
	}
	for _, g := range p.Groups {
		if !inside(g.Actions...) {
			return fmt.Errorf("a group has an action that is not there")
		}
	}
	for _, x := range p.Exclusive {
		if !inside(x.Actions...) || x.Group != nil && (*x.Group < 0 || *x.Group >= len(p.Groups)) {
			return fmt.Errorf("an exclusive group has an action or a group that is not there")
		}
		for i, a := range x.Actions {
			p.conflictsOf[a] = append(append(p.conflictsOf[a], x.Actions[:i]...), x.Actions[i+1:]...)
		}
	}
	for i := range p.Actions {
		for j := range p.Actions[i].Parsers {
			if err := p.Actions[i].Parsers[j].Parser.check(); err != nil {
				return err
			}
		}
	}
	return nil
}
