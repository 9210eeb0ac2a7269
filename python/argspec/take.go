package argspec

import (
	"strings"
	"unicode/utf8"
)

// take is take_action: it converts the arguments, looks for conflicts, and does what the action does to the namespace.
func (k *parsing) take(action int, args []string, option string) error {
	a := &k.p.Actions[action]
	k.seen[action] = true
	v, err := k.values(a, args)
	if err != nil {
		return err
	}
	given, err := k.isGiven(action, a, v, args)
	if err != nil {
		return err
	}
	if given {
		k.given[action] = true
		for _, other := range k.p.conflictsOf[action] {
			if !k.given[other] {
				continue
			}
			name, err := k.nameOf(&k.p.Actions[other])
			if err != nil {
				return err
			}
			if name == nil {
				return k.fail(a, "not allowed with argument None")
			}
			return k.fail(a, "not allowed with argument "+*name)
		}
	}
	if v.kind == "suppress" {
		return nil
	}
	return k.act(a, v, args)
}

// isGiven says whether the argument counts as given, which matters in exclusive groups alone.
func (k *parsing) isGiven(action int, a *Action, v object, args []string) (bool, error) {
	if k.givenByPresence {
		return !a.Positional() || len(args) > 0, nil
	}
	if !k.exclusive(action) {
		return true, nil
	}
	isDefault, err := same(v, objectOf(a.Default))
	return !isDefault, err
}

// exclusive says whether the action is in an exclusive group.
func (k *parsing) exclusive(action int) bool {
	_, ok := k.p.conflictsOf[action]
	return ok
}

// values is _get_values.
func (k *parsing) values(a *Action, args []string) (object, error) {
	word := a.Nargs.Word
	if word != "A..." && word != "..." && (k.dashesOfOptions || a.Positional()) && !k.dashesByPattern {
		args = without(args, "--")
	}
	switch {
	case len(args) == 0 && word == "?":
		return k.absent(a)
	case len(args) == 0 && word == "*" && a.Positional():
		return k.absentList(a)
	case len(args) == 1 && (word == "" || word == "?"):
		v, err := k.convert(a, args[0], object{kind: "str", text: args[0]})
		if err == nil {
			err = k.checkChoice(a, v)
		}
		return v, err
	case word == suppressed:
		return object{kind: "suppress", text: suppressed}, nil
	}
	var list []object
	for _, arg := range args {
		v, err := k.convert(a, arg, object{kind: "str", text: arg})
		if err != nil {
			return v, err
		}
		list = append(list, v)
	}
	for i, v := range list {
		if word == "..." || word == "A..." && i > 0 {
			break
		}
		if err := k.checkChoice(a, v); err != nil {
			return v, err
		}
	}
	return object{kind: "list"}, nil
}

// absent is the value of nargs="?" without an argument.
func (k *parsing) absent(a *Action) (object, error) {
	v := objectOf(a.Default)
	if !a.Positional() {
		v = objectOf(a.Const)
	}
	if v.kind != "str" && (v.kind != "suppress" || k.defaultsUnchecked) {
		return v, nil
	}
	converted, err := k.convert(a, v.text, v)
	if err == nil && !k.defaultsUnchecked {
		err = k.checkChoice(a, converted)
	}
	return converted, err
}

// absentList is the value of a positional with nargs="*" without an argument.
func (k *parsing) absentList(a *Action) (object, error) {
	v := objectOf(a.Default)
	if v.kind == "none" {
		v = object{kind: "list", repr: "[]"}
		if k.emptyListUncheck {
			return v, nil
		}
	}
	if k.defaultsUnchecked || a.Choices == nil {
		return v, nil
	}
	if v.kind == "list" && !onlyScalars(a.Choices) {
		return v, askPython("choices that only Python can compare")
	}
	return v, k.checkChoice(a, v)
}

// onlyScalars: no choice can equal a list.
func onlyScalars(c *Choices) bool {
	for _, v := range c.Values {
		if v.Kind != "str" && v.Kind != "int" && v.Kind != "float" {
			return false
		}
	}
	return true
}

// act does what the action does.
func (k *parsing) act(a *Action, v object, args []string) error {
	dest := text(a.Dest)
	if a.Dest == nil {
		return askPython("an argument without a place")
	}
	held, ok := k.names[dest]
	if !ok {
		held = object{kind: "none"}
	}
	switch a.Kind {
	case "store":
		k.names[dest] = v
	case "store_const", "store_true", "store_false":
		k.names[dest] = objectOf(a.Const)
	case "boolean_optional":
		k.names[dest] = object{kind: "bool"}
	case "append", "append_const", "extend":
		if held.kind != "none" && held.kind != "list" || a.Kind == "extend" && v.kind != "list" && v.kind != "str" {
			return askPython("%s of a %s", a.Kind, held.kind)
		}
		k.names[dest] = object{kind: "list"}
	case "count":
		if held.kind != "none" && held.kind != "int" && held.kind != "bool" {
			return askPython("count of a %s", held.kind)
		}
		k.names[dest] = object{kind: "int"}
	case "parsers":
		return k.enter(a, args)
	default: // help, version, and what the program does itself
		return askPython("what %s does", a.Class)
	}
	return nil
}

// enter lets a sub-parser parse the rest.
func (k *parsing) enter(a *Action, args []string) error {
	for i := range a.Parsers {
		sub := &a.Parsers[i]
		if sub.Name != args[0] && !contains(sub.Aliases, args[0]) {
			continue
		}
		if *a.Dest != suppressed {
			k.names[*a.Dest] = object{kind: "str", text: args[0]}
		}
		if k.warns && sub.Deprecated {
			k.warn(k.p, "command '%s' is deprecated", args[0])
		}
		prog := sub.Parser.Prog // begins with the usage of the positionals that precede it, as wrapped where it was made
		k.unsure = k.unsure || strings.Contains(prog, "\n") || utf8.RuneCountInString(prog) > k.columns-2
		extras, names, err := k.known(&sub.Parser, args[1:])
		for name, v := range names {
			k.names[name] = v
		}
		k.subsExtras = append(k.subsExtras, extras...)
		return err
	}
	return askPython("a command that is among the choices only")
}

func contains(list []string, s string) bool {
	for _, item := range list {
		if item == s {
			return true
		}
	}
	return false
}
