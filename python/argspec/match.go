package argspec

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// maxRepeat bounds a number of arguments: Go's regular expressions repeat no more often.
const maxRepeat = 500

// The forms of a negative number. Like Python's, they know the digits of every script, and a line feed at the end.
var (
	negative    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^-\p{Nd}+\n?$|^-\p{Nd}*\.\p{Nd}+\n?$`) })
	anyNegative = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^-\.?\p{Nd}`) }) // since 3.14
)

// parseOptional is what an argument may be as an option; nil where it is none.
func (k *parsing) parseOptional(arg string) ([]optional, error) {
	if arg == "" || !strings.ContainsRune(k.p.PrefixChars, firstRune(arg)) {
		return nil, nil
	}
	if i, ok := k.p.optionsByString[arg]; ok {
		return []optional{{action: i, name: arg}}, nil
	}
	if len([]rune(arg)) == 1 {
		return nil, nil
	}
	name, value, sep := strings.Cut(arg, "=")
	if i, ok := k.p.optionsByString[name]; sep && ok {
		return []optional{{action: i, name: name, sep: "=", explicit: &value}}, nil
	}
	if k.p.AllowAbbrev || k.abbrevAlways {
		if found := k.optionTuples(arg); len(found) > 0 {
			return found, nil
		}
	}
	number := negative
	if k.anyNegative {
		number = anyNegative
	}
	if number().MatchString(arg) && !k.p.NegativeOptions || strings.Contains(arg, " ") {
		return nil, nil
	}
	return []optional{{action: -1, name: arg}}, nil
}

// optionTuples are the options that an argument may abbreviate, or begin with.
func (k *parsing) optionTuples(arg string) []optional {
	var found []optional
	runes := []rune(arg)
	name, value, sep := strings.Cut(arg, "=")
	long := strings.ContainsRune(k.p.PrefixChars, runes[1])
	if !long && !k.abbrevWithValue {
		name, sep = arg, false
	}
	short, rest := string(runes[:2]), string(runes[2:])
	for _, o := range k.p.Options {
		switch {
		case !long && o.String == short:
			found = append(found, optional{action: o.Action, name: o.String, explicit: &rest})
		case !strings.HasPrefix(o.String, name) || !k.p.AllowAbbrev && (long || k.abbrevWithValue):
		case sep:
			found = append(found, optional{action: o.Action, name: o.String, sep: "=", explicit: &value})
		default:
			found = append(found, optional{action: o.Action, name: o.String})
		}
	}
	return found
}

// matchArgument is how many of the arguments in the pattern the option takes.
func (k *parsing) matchArgument(action int, pattern string) (int, error) {
	a := &k.p.Actions[action]
	expression, err := k.nargsPattern(a)
	if err != nil {
		return 0, err
	}
	match, err := matchPrefix(expression, pattern)
	if err != nil {
		return 0, err
	}
	if match != nil {
		return len(match[1]), nil
	}
	switch a.Nargs.Word {
	case "":
		return 0, k.fail(a, "expected one argument")
	case "?":
		return 0, k.fail(a, "expected at most one argument")
	case "+":
		return 0, k.fail(a, "expected at least one argument")
	case "N":
		plural := "s"
		if a.Nargs.Number == 1 {
			plural = ""
		}
		return 0, k.fail(a, fmt.Sprintf("expected %d argument%s", a.Nargs.Number, plural))
	}
	return 0, k.fail(a, "expected "+a.Nargs.Word+" arguments")
}

// matchPartial is how many arguments each of the first positionals takes.
func (k *parsing) matchPartial(actions []int, pattern string) ([]int, error) {
	for n := len(actions); n > 0; n-- {
		expression := ""
		for _, i := range actions[:n] {
			one, err := k.nargsPattern(&k.p.Actions[i])
			if err != nil {
				return nil, err
			}
			expression += one
		}
		match, err := matchPrefix(expression, pattern)
		if err != nil {
			return nil, err
		}
		if match == nil {
			continue
		}
		var counts []int
		for _, group := range match[1:] {
			counts = append(counts, len(group))
		}
		if end := len(match[0]); k.trimsPositionals && end < len(pattern) && pattern[end] == 'O' {
			for len(counts) > 0 && counts[len(counts)-1] == 0 {
				counts = counts[:len(counts)-1]
			}
		}
		return counts, nil
	}
	return nil, nil
}

// matchPrefix is the match at the beginning, with its groups; nil if there is none.
func matchPrefix(expression, pattern string) ([]string, error) {
	compiled, err := regexp.Compile("^" + expression)
	if err != nil {
		return nil, askPython("%v", err)
	}
	return compiled.FindStringSubmatch(pattern), nil
}

// nargsPattern is the regular expression of what an action takes, with one group.
func (k *parsing) nargsPattern(a *Action) (string, error) {
	n := a.Nargs.Number
	if n < 0 || n > maxRepeat {
		return "", askPython("an argument for %d values", n)
	}
	if k.plainPatterns && !a.Positional() {
		switch a.Nargs.Word {
		case "...":
			return "([AO]*)", nil
		case "A...":
			return "(A[AO]*)", nil
		case "N":
			return fmt.Sprintf("([AO]{%d})", n), nil
		}
	}
	forms := map[string]string{"": "(-*A-*)", "?": "(-*A?-*)", "*": "(-*[A-]*)", "+": "(-*A[A-]*)", "...": "([-AO]*)", "A...": "(-*A[-AO]*)", suppressed: "(-*-*)"}
	form, ok := forms[a.Nargs.Word]
	if a.Nargs.Word == "N" {
		form, ok = "(-*"+strings.TrimSuffix(strings.Repeat("A-*", n), "-*")+"-*)", true
	}
	if !ok {
		return "", askPython("nargs %q", a.Nargs.Word)
	}
	if !a.Positional() {
		form = strings.ReplaceAll(strings.ReplaceAll(form, "-*", ""), "-", "")
	}
	return form, nil
}
