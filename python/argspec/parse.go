package argspec

import (
	"sort"
	"strings"
)

// parsing is one call of parse_known_args. The steps, and their names, are argparse's.
type parsing struct {
	*checking
	p          *Parser
	args       []string
	pattern    string             // one letter per argument: O for an option, A for another, - for the first --
	options    map[int][]optional // what the arguments that are options may be
	left       []int              // positionals that have not got theirs yet
	names      map[string]object  // the namespace
	seen       map[int]bool
	given      map[int]bool // seen, and with a value that is not the default
	warned     map[string]bool
	extras     []string
	subsExtras []string // those of sub-parsers come last
}

// optional is one way to read an argument as an option.
type optional struct {
	action   int // -1: there is none
	name     string
	sep      string // what stands between it and its value; "" where that is unknown or nothing
	explicit *string
}

// known is parse_known_args: what is left over, and the namespace.
func (c *checking) known(p *Parser, args []string) ([]string, map[string]object, error) {
	if err := c.able(p, args); err != nil {
		return nil, nil, err
	}
	k := &parsing{checking: c, p: p, args: args, options: map[int][]optional{}, names: map[string]object{},
		seen: map[int]bool{}, given: map[int]bool{}, warned: map[string]bool{}}
	k.setDefaults()
	if err := k.classify(); err != nil {
		return nil, nil, err
	}
	if err := k.consume(); err != nil {
		return nil, nil, err
	}
	if err := k.finish(); err != nil {
		return nil, nil, err
	}
	return append(k.extras, k.subsExtras...), k.names, nil
}

// able says what of a parser only Python can know.
func (c *checking) able(p *Parser, args []string) error {
	switch {
	case len(p.OwnMethods) > 0:
		return askPython("its parser has a method %s of its own", p.OwnMethods[0])
	case !p.ExitOnError:
		return askPython("it takes errors of its parser into its own hands")
	}
	if p.FromfileChars != nil {
		for _, a := range args {
			if a != "" && strings.ContainsRune(*p.FromfileChars, firstRune(a)) {
				return askPython("arguments are read from a file")
			}
		}
	}
	return nil
}

func (k *parsing) setDefaults() {
	for i := range k.p.Actions {
		a := &k.p.Actions[i]
		if a.Dest == nil || *a.Dest == suppressed || a.Default.Kind == "suppress" {
			continue
		}
		if _, ok := k.names[*a.Dest]; !ok {
			k.names[*a.Dest] = objectOf(a.Default)
		}
	}
	for _, d := range k.p.Defaults {
		if _, ok := k.names[d.Name]; !ok {
			k.names[d.Name] = objectOf(d.Value)
		}
	}
	for i := range k.p.Actions {
		if k.p.Actions[i].Positional() {
			k.left = append(k.left, i)
		}
	}
}

// classify fills the pattern.
func (k *parsing) classify() error {
	var b strings.Builder
	for i, arg := range k.args {
		if arg == "--" {
			b.WriteByte('-')
			b.WriteString(strings.Repeat("A", len(k.args)-i-1))
			break
		}
		found, err := k.parseOptional(arg)
		if err != nil {
			return err
		}
		if found == nil {
			b.WriteByte('A')
			continue
		}
		if len(found) > 1 && !k.lateAmbiguity {
			return k.ambiguous(arg, found)
		}
		k.options[i] = found
		b.WriteByte('O')
	}
	k.pattern = b.String()
	return nil
}

func (k *parsing) ambiguous(arg string, found []optional) error {
	var names []string
	for _, o := range found {
		names = append(names, o.name)
	}
	return k.fail(nil, "ambiguous option: "+arg+" could match "+strings.Join(names, ", "))
}

// consume takes positionals and options in turns.
func (k *parsing) consume() error {
	var indices []int
	for i := range k.options {
		indices = append(indices, i)
	}
	sort.Ints(indices)
	start := 0
	for len(indices) > 0 && start <= indices[len(indices)-1] {
		next := indices[sort.SearchInts(indices, start)]
		if start != next {
			end, err := k.consumePositionals(start)
			if err != nil {
				return err
			}
			if end > start {
				start = end
				continue
			}
			k.extras = append(k.extras, k.args[start:next]...)
			start = next
		}
		end, err := k.consumeOptional(start)
		if err != nil {
			return err
		}
		start = end
	}
	stop, err := k.consumePositionals(start)
	if err == nil {
		k.extras = append(k.extras, k.args[stop:]...)
	}
	return err
}

// taken is an option with its arguments, to be acted upon.
type taken struct {
	action int
	args   []string
	name   string
}

// consumeOptional takes the option at start and the short ones in its cluster, and returns where the next argument stands.
func (k *parsing) consumeOptional(start int) (int, error) {
	found := k.options[start]
	if len(found) > 1 {
		return 0, k.ambiguous(k.args[start], found)
	}
	o := found[0]
	if o.action < 0 {
		k.extras = append(k.extras, k.args[start])
		return start + 1, nil
	}
	var all []taken
	stop := start + 1
	for o.explicit != nil {
		count, err := k.matchArgument(o.action, "A")
		if err != nil {
			return 0, err
		}
		if count == 1 {
			all = append(all, taken{o.action, []string{*o.explicit}, o.name})
			return stop, k.takeAll(all)
		}
		if count != 0 || !k.clustered(o) {
			return 0, k.ignored(o)
		}
		next, err := k.nextInCluster(o)
		if err != nil {
			return 0, err
		}
		all = append(all, taken{o.action, nil, o.name})
		if next.action < 0 {
			k.extras = append(k.extras, o.name[:1]+*o.explicit)
			return stop, k.takeAll(all)
		}
		o = next
	}
	count, err := k.matchArgument(o.action, k.pattern[start+1:])
	if err != nil {
		return 0, err
	}
	stop += count
	all = append(all, taken{o.action, k.args[start+1 : stop], o.name})
	return stop, k.takeAll(all)
}

// clustered says whether what follows the option in its argument may be further options.
func (k *parsing) clustered(o optional) bool {
	second := []rune(o.name)
	return len(second) > 1 && !strings.ContainsRune(k.p.PrefixChars, second[1]) && (*o.explicit != "" || !k.emptyExplicit)
}

func (k *parsing) ignored(o optional) error {
	text, err := reprOf(*o.explicit)
	if err != nil {
		return err
	}
	return k.fail(&k.p.Actions[o.action], "ignored explicit argument "+text)
}

// nextInCluster is the option that follows o in "-oxyz": -x, with the rest. Its action is -1 where that is to be left over.
func (k *parsing) nextInCluster(o optional) (optional, error) {
	rest := *o.explicit
	if rest == "" {
		return o, askPython("an exception of argparse: %s=", o.name)
	}
	first := string(firstRune(rest))
	if k.clusters && (o.sep != "" || strings.Contains(k.p.PrefixChars, first)) {
		return o, k.ignored(o)
	}
	name := o.name[:1] + first
	action, ok := k.p.optionsByString[name]
	if !ok && k.clusters {
		return optional{action: -1}, nil
	}
	if !ok {
		return o, k.ignored(o)
	}
	next := optional{action: action, name: name}
	rest = rest[len(first):]
	if k.clusters && strings.HasPrefix(rest, "=") {
		next.sep, rest = "=", rest[1:]
		next.explicit = &rest
	} else if rest != "" {
		next.explicit = &rest
	}
	return next, nil
}

func (k *parsing) takeAll(all []taken) error {
	for _, t := range all {
		if k.warns && k.p.Actions[t.action].Deprecated && !k.warned[t.name] {
			k.warn(k.p, "option '%s' is deprecated", t.name)
			k.warned[t.name] = true
		}
		if err := k.take(t.action, t.args, t.name); err != nil {
			return err
		}
	}
	return nil
}

// consumePositionals gives the arguments from start on to as many positionals as possible, and returns where it stopped.
func (k *parsing) consumePositionals(start int) (int, error) {
	counts, err := k.matchPartial(k.left, k.pattern[start:])
	if err != nil {
		return 0, err
	}
	for i, count := range counts {
		a := &k.p.Actions[k.left[i]]
		args := append([]string{}, k.args[start:start+count]...)
		if k.dashesByPattern {
			args = withoutDashes(a, args, k.pattern[start:start+count])
		}
		start += count
		if k.warns && len(args) > 0 && a.Deprecated && !k.warned[text(a.Dest)] {
			k.warn(k.p, "argument '%s' is deprecated", text(a.Dest))
			k.warned[text(a.Dest)] = true
		}
		if err := k.take(k.left[i], args, ""); err != nil {
			return 0, err
		}
	}
	k.left = k.left[len(counts):]
	return start, nil
}

// withoutDashes removes the "--" that ended the options.
func withoutDashes(a *Action, args []string, pattern string) []string {
	at := strings.IndexByte(pattern, '-')
	if at < 0 || a.Nargs.Word == "..." || a.Nargs.Word == "A..." && at > 0 {
		return args
	}
	return without(args, "--")
}

// without is the list without the first of its items that is s.
func without(list []string, s string) []string {
	for i, item := range list {
		if item == s {
			return append(append([]string{}, list[:i]...), list[i+1:]...)
		}
	}
	return list
}

// finish looks whether all that is required is there, and converts defaults.
func (k *parsing) finish() error {
	var missing []string
	for i := range k.p.Actions {
		a := &k.p.Actions[i]
		switch {
		case k.seen[i]:
		case a.Required:
			name, err := k.nameOf(a)
			if err == nil && name == nil {
				err = askPython("a required argument without a name")
			}
			if err != nil {
				return err
			}
			missing = append(missing, *name)
		case a.Default.Kind == "str":
			if err := k.convertDefault(a); err != nil {
				return err
			}
		}
	}
	if len(missing) > 0 {
		return k.fail(nil, "the following arguments are required: "+strings.Join(missing, ", "))
	}
	return k.checkExclusive()
}

func (k *parsing) convertDefault(a *Action) error {
	held, ok := k.names[text(a.Dest)]
	if !ok {
		return nil
	}
	untouched, err := same(held, objectOf(a.Default))
	if err != nil || !untouched {
		return err
	}
	converted, err := k.convert(a, a.Default.Text, objectOf(a.Default))
	k.names[text(a.Dest)] = converted
	return err
}

func (k *parsing) checkExclusive() error {
	for _, x := range k.p.Exclusive {
		if !x.Required || k.anyGiven(x.Actions) {
			continue
		}
		var names []string
		for _, i := range x.Actions {
			if k.p.Actions[i].Hidden {
				continue
			}
			name, err := k.nameOf(&k.p.Actions[i])
			if err == nil && name == nil {
				err = askPython("an argument without a name")
			}
			if err != nil {
				return err
			}
			names = append(names, *name)
		}
		return k.fail(nil, "one of the arguments "+strings.Join(names, " ")+" is required")
	}
	return nil
}

func (k *parsing) anyGiven(actions []int) bool {
	for _, i := range actions {
		if k.given[i] {
			return true
		}
	}
	return false
}

// fail is an ArgumentError of the action, or of the whole where that is nil.
func (k *parsing) fail(a *Action, message string) error {
	if a == nil {
		return &argumentError{k.p, message}
	}
	name, err := k.nameOf(a)
	if err != nil {
		return err
	}
	if name != nil {
		message = "argument " + *name + ": " + message
	}
	return &argumentError{k.p, message}
}

// nameOf is what messages call an argument; nil where it has no name.
func (k *parsing) nameOf(a *Action) (*string, error) {
	name := ""
	switch {
	case !a.Positional():
		name = strings.Join(a.OptionStrings, "/")
	case a.Metavar.Tuple && !k.choicesAsText:
		return nil, askPython("a metavar of several words")
	case a.Metavar.Tuple && (a.Nargs.Word == "+" || a.Nargs.Word == "*" && len(a.Metavar.Words) == 2):
		if len(a.Metavar.Words) != 2 {
			return nil, askPython("a metavar of %d words", len(a.Metavar.Words))
		}
		name = a.Metavar.Words[0] + "[, " + a.Metavar.Words[1] + "]"
	case a.Metavar.Tuple:
		name = strings.Join(a.Metavar.Words, ", ")
	case a.Metavar.Set && a.Metavar.Words[0] != suppressed:
		name = a.Metavar.Words[0]
	case a.Dest != nil && *a.Dest != suppressed:
		name = *a.Dest
	case k.namesByChoices && a.Choices != nil && len(a.Choices.Values) > 0:
		for i, v := range a.Choices.Values {
			if v.Kind != "str" {
				return nil, askPython("choices that are no text")
			}
			if i > 0 {
				name += ","
			}
			name += v.Text
		}
		name = "{" + name + "}"
	default:
		return nil, nil
	}
	return &name, nil
}
