package argspec

import (
	"strings"
)

// Candidate is one way to complete an argument.
type Candidate struct {
	Text    string
	Meaning string // a help on one line, or ""
}

// Complete tells how the argument that begins with current may go on, after the arguments before it. files says that the name of a file may stand there.
func (s *Spec) Complete(before []string, current string) (list []Candidate, files bool) {
	c := completion{p: &s.Parser, given: map[int]bool{}}
	for _, arg := range before {
		c.pass(arg)
	}
	return c.candidates(current)
}

// completion is how far the arguments have come.
type completion struct {
	p       *Parser
	given   map[int]bool
	pending *Action // an option that takes more
	taken   int     // by it
	place   int     // positionals that are full
	filled  int     // arguments of the next one
	plain   bool    // after "--"
}

// pass takes one whole argument.
func (c *completion) pass(arg string) {
	if i, explicit, ok := c.option(arg); ok {
		c.given[i] = true
		c.pending, c.taken = &c.p.Actions[i], 0
		if explicit || !c.wants() {
			c.pending = nil
		}
		return
	}
	switch {
	case arg == "--" && !c.plain:
		c.plain, c.pending = true, nil
	case c.pending != nil:
		c.taken++
		if !c.wants() {
			c.pending = nil
		}
	default:
		c.passPositional(arg)
	}
}

func (c *completion) passPositional(arg string) {
	a := c.positional()
	if a == nil {
		return
	}
	for i := range a.Parsers {
		sub := &a.Parsers[i]
		if sub.Name == arg || contains(sub.Aliases, arg) {
			*c = completion{p: &sub.Parser, given: map[int]bool{}}
			return
		}
	}
	c.filled++
	if c.filled >= most(a) {
		c.place, c.filled = c.place+1, 0
	}
}

// option is the action of an option string, which may be abbreviated or have its value with it.
func (c *completion) option(arg string) (action int, explicit, ok bool) {
	if c.plain || arg == "" || !strings.ContainsRune(c.p.PrefixChars, firstRune(arg)) {
		return 0, false, false
	}
	name, _, explicit := strings.Cut(arg, "=")
	if i, ok := c.p.optionsByString[name]; ok {
		return i, explicit, true
	}
	found := -1
	for _, o := range c.p.Options {
		if len(name) > 2 && c.p.AllowAbbrev && strings.HasPrefix(o.String, name) {
			if found >= 0 && found != o.Action {
				return 0, false, false
			}
			found = o.Action
		}
	}
	return found, explicit, found >= 0
}

// wants says whether the pending option takes another argument.
func (c *completion) wants() bool { return c.taken < most(c.pending) }

// needs says whether it must.
func (c *completion) needs() bool {
	least := map[string]int{"": 1, "+": 1, "N": c.pending.Nargs.Number}[c.pending.Nargs.Word]
	return c.taken < least
}

// most is how many arguments an action takes at most.
func most(a *Action) int {
	const many = 1 << 30
	switch a.Nargs.Word {
	case "", "?":
		return 1
	case "N":
		return a.Nargs.Number
	}
	return many
}

// positional is the one whose turn it is, or nil.
func (c *completion) positional() *Action {
	n := 0
	for i := range c.p.Actions {
		if !c.p.Actions[i].Positional() {
			continue
		}
		if n == c.place {
			return &c.p.Actions[i]
		}
		n++
	}
	return nil
}

func (c *completion) candidates(current string) ([]Candidate, bool) {
	asOption := current != "" && !c.plain && strings.ContainsRune(c.p.PrefixChars, firstRune(current))
	if name, value, ok := strings.Cut(current, "="); asOption && ok {
		i, known := c.p.optionsByString[name]
		if !known {
			return nil, false
		}
		return valuesOf(&c.p.Actions[i], name+"=", value)
	}
	if c.pending != nil && (c.needs() || !asOption) {
		list, files := valuesOf(c.pending, "", current)
		if c.needs() || len(list) > 0 {
			return list, files
		}
	}
	if asOption {
		return c.options(current), false
	}
	a := c.positional()
	if a == nil {
		return nil, c.pending != nil
	}
	return valuesOf(a, "", current)
}

// options are the options that begin like that and may still be given.
func (c *completion) options(current string) []Candidate {
	var list []Candidate
	for _, o := range c.p.Options {
		a := &c.p.Actions[o.Action]
		again := a.Kind == "append" || a.Kind == "append_const" || a.Kind == "extend" || a.Kind == "count" || a.Kind == "custom"
		if strings.HasPrefix(o.String, current) && !a.Hidden && (again || !c.given[o.Action]) && !c.excluded(o.Action) {
			list = append(list, Candidate{o.String, c.p.meaning(a)})
		}
	}
	return list
}

// excluded says whether another option of its exclusive group was given.
func (c *completion) excluded(action int) bool {
	for _, other := range c.p.conflictsOf[action] {
		if c.given[other] {
			return true
		}
	}
	return false
}

// valuesOf are the values of an action that begin like that, each after the lead; without choices there may be a file.
func valuesOf(a *Action, lead, current string) (list []Candidate, files bool) {
	for i := range a.Parsers {
		sub := &a.Parsers[i]
		if strings.HasPrefix(sub.Name, current) && !sub.Hidden {
			list = append(list, Candidate{lead + sub.Name, oneLine(sub.Help)})
		}
	}
	if a.Choices == nil || len(a.Parsers) > 0 {
		return list, len(a.Parsers) == 0 && a.Type.Builtin != "int" && a.Type.Builtin != "float" && a.Type.Builtin != "bool"
	}
	for _, v := range a.Choices.Values {
		text := v.Repr
		if v.Kind == "str" || v.Kind == "other" {
			text = v.Text
		}
		if strings.HasPrefix(text, current) {
			list = append(list, Candidate{Text: lead + text})
		}
	}
	return list, false
}

// meaning is the help of an action on one line, as far as it is known without formatting.
func (p *Parser) meaning(a *Action) string {
	help := oneLine(a.Help)
	kind := "str"
	if a.Type.Name != nil {
		kind = *a.Type.Name
	}
	shown := a.Default.Text
	if a.Default.Kind != "str" && a.Default.Kind != "other" {
		shown = a.Default.Repr
	}
	if a.Default.Kind == "none" {
		shown = "None"
	}
	return strings.NewReplacer("%(default)s", shown, "%(prog)s", p.Prog, "%(type)s", kind, "%(dest)s", text(a.Dest), "%%", "%").Replace(help)
}

func oneLine(s *string) string { return strings.Join(strings.Fields(text(s)), " ") }
