package argspec

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/literal"
)

// suppressed is argparse.SUPPRESS.
const suppressed = "==SUPPRESS=="

const (
	// maxDigits bounds a number: Python refuses very long ones since 3.11, and no setting refuses those of 640.
	maxDigits = 640
	// maxPlain is the last character whose repr is the same in every version: Unicode has long been complete up to it.
	maxPlain = 0x24F
)

// object is a Python value in a namespace, as far as it matters: what it is, and which.
type object struct {
	kind   string // of a Value; "list" and "other" also for new ones
	id     int    // of a default: which object; 0 for new ones
	text   string // of a str
	number *big.Int
	float  float64
	repr   string
}

func objectOf(v Value) object {
	o := object{kind: v.Kind, id: v.ID, text: v.Text, repr: v.Repr}
	switch v.Kind {
	case "suppress":
		o.text = suppressed
	case "int":
		o.number, _ = new(big.Int).SetString(v.Repr, 10)
	case "float":
		o.float, _ = strconv.ParseFloat(v.Repr, 64)
	}
	return o
}

// same is Python's "is", for values that may be the same object. Small numbers and the constants are one object each. Single
// characters mostly are, but not always in 3.12, so for these only Python knows.
func same(a, b object) (bool, error) {
	if a.id != 0 && b.id != 0 {
		return a.id == b.id, nil
	}
	if a.kind != b.kind {
		return false, nil
	}
	switch a.kind {
	case "none", "suppress":
		return true, nil
	case "bool":
		return a.repr == b.repr, nil
	case "str":
		if a.text == b.text && utf8.RuneCountInString(a.text) == 1 {
			return false, askPython("whether a character is the same object as the default")
		}
		return a.text == "" && b.text == "", nil
	case "int":
		small := a.number != nil && a.number.IsInt64() && a.number.Int64() >= -5 && a.number.Int64() <= 256
		return small && b.number != nil && a.number.Cmp(b.number) == 0, nil
	}
	return false, nil
}

// convert is what the type of an action makes of a text; whole is the text as an object.
func (k *parsing) convert(a *Action, s string, whole object) (object, error) {
	switch a.Type.Builtin {
	case "str":
		return whole, nil
	case "path":
		return object{kind: "other"}, nil
	case "bool":
		return object{kind: "bool", repr: map[bool]string{true: "True", false: "False"}[s != ""]}, nil
	case "int", "float":
		return k.convertNumber(a, s)
	}
	return object{}, askPython("the type of %s is a function of the program", strings.Join(append(a.OptionStrings, text(a.Dest)), " "))
}

func (k *parsing) convertNumber(a *Action, s string) (object, error) {
	for _, r := range s {
		if r >= utf8.RuneSelf {
			return object{}, askPython("digits of other scripts")
		}
	}
	bare := strings.ReplaceAll(strings.Trim(s, " \t\n\r\v\f\x1c\x1d\x1e\x1f"), "_", "")
	form := strings.Trim(s, " \t\n\r\v\f\x1c\x1d\x1e\x1f")
	switch {
	case len(bare) > maxDigits:
		return object{}, askPython("a number of %d digits", len(bare))
	case a.Type.Builtin == "int" && literal.IsInt(form):
		number, _ := new(big.Int).SetString(strings.TrimPrefix(bare, "+"), 10)
		return object{kind: "int", number: number, repr: number.String()}, nil
	case a.Type.Builtin == "float" && literal.IsFloat(form):
		f, _ := strconv.ParseFloat(bare, 64) // out of range is infinite, as for Python
		return object{kind: "float", float: f, repr: value.ReprFloat(f)}, nil
	}
	shown, err := reprOf(s)
	if err != nil {
		return object{}, err
	}
	return object{}, k.fail(a, "invalid "+text(a.Type.Name)+" value: "+shown)
}

// checkChoice is _check_value.
func (k *parsing) checkChoice(a *Action, v object) error {
	c := a.Choices
	if c == nil {
		return nil
	}
	among, err := k.among(c, v)
	if err != nil || among {
		return err
	}
	if strings.Contains(c.Kind, "set") || !c.Complete {
		return askPython("the order of the choices")
	}
	if k.p.SuggestOnError && v.kind == "str" {
		return askPython("a suggestion")
	}
	shown, err := k.shown(v)
	if err != nil {
		return err
	}
	var choices []string
	for _, choice := range c.Values {
		text, err := k.shown(objectOf(choice))
		if err != nil {
			text, err = choice.Repr, nil
			if k.choicesAsText {
				return askPython("choices that are no text")
			}
		}
		choices = append(choices, text)
	}
	return k.fail(a, "invalid choice: "+shown+" (choose from "+strings.Join(choices, ", ")+")")
}

// among says whether the value is one of the choices, by Python's "in".
func (k *parsing) among(c *Choices, v object) (bool, error) {
	if c.Kind == "str" && v.kind == "str" && !k.choicesAsText { // a part of the text
		var all strings.Builder
		for _, choice := range c.Values {
			all.WriteString(choice.Text)
		}
		return strings.Contains(all.String(), v.text), nil
	}
	if c.Kind == "str" && v.kind != "str" || !c.Complete {
		return false, askPython("choices of type %s", c.Kind)
	}
	unknown := false
	for _, choice := range c.Values {
		equal, ok := equals(v, objectOf(choice))
		if equal {
			return true, nil
		}
		unknown = unknown || !ok
	}
	if unknown {
		return false, askPython("choices that only Python can compare")
	}
	return false, nil
}

// equals is Python's ==; not ok where only Python knows.
func equals(a, b object) (equal, ok bool) {
	switch {
	case a.kind == "other" || b.kind == "other" || a.kind == "bool" && b.kind != "bool" || b.kind == "bool" && a.kind != "bool":
		return false, false
	case a.kind == "int" && b.kind == "float" || a.kind == "float" && b.kind == "int":
		return false, false
	case a.kind == "suppress" || b.kind == "suppress":
		return a.text == b.text && (a.kind == "str" || b.kind == "str" || a.kind == b.kind), true
	case a.kind != b.kind:
		return false, true
	}
	switch a.kind {
	case "str":
		return a.text == b.text, true
	case "int":
		return a.number != nil && b.number != nil && a.number.Cmp(b.number) == 0, true
	case "float":
		return a.float == b.float, true
	case "none":
		return true, true
	case "bool":
		return a.repr == b.repr, true
	}
	return false, false
}

// shown is a value in a message about choices: its repr, or since 3.14 that of its text.
func (k *parsing) shown(v object) (string, error) {
	switch v.kind {
	case "str", "suppress":
		return reprOf(v.text)
	case "int", "bool", "float":
		if v.kind == "float" && math.IsNaN(v.float) {
			v.repr = "nan"
		}
		if k.choicesAsText {
			return value.ReprStr(v.repr), nil
		}
		return v.repr, nil
	case "none":
		if k.choicesAsText {
			return "'None'", nil
		}
		return "None", nil
	case "list", "tuple":
		if v.repr != "" && !k.choicesAsText {
			return v.repr, nil
		}
	}
	return "", askPython("a value that only Python can show")
}

// reprOf is Python's repr of a text, if that is the same in every version.
func reprOf(s string) (string, error) {
	for _, r := range s {
		if r > maxPlain {
			return "", askPython("a character whose repr depends on the version")
		}
	}
	return value.ReprStr(s), nil
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
