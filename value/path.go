package value

import (
	"fmt"
	"strconv"
	"strings"
)

// At follows a path such as [0]['a b'].weights[-1] from v: an index of a list or tuple,
// a key of a dict, written as its repr, or a name that is a key or an attribute. An index
// also goes into what may be a namedtuple, and into objects that extend list or dict.
func At(v Value, path string) (Value, error) {
	at := ""
	for rest := path; rest != ""; {
		step, tail, err := cutStep(rest)
		if err != nil {
			return nil, err
		}
		next, err := follow(v, step)
		if err != nil {
			if at == "" {
				at = "the value"
			}
			return nil, fmt.Errorf("%s is a %s %w", at, v.Type(), err)
		}
		at += rest[:len(rest)-len(tail)]
		if next == nil {
			next = None
		}
		v, rest = next, tail
	}
	return v, nil
}

// step is one part of a path: in brackets, or a name.
type step struct {
	text      string
	quoted    bool
	bracketed bool
}

func cutStep(path string) (s step, rest string, err error) {
	switch {
	case path[0] == '[' && len(path) > 1 && (path[1] == '\'' || path[1] == '"'):
		end := strings.Index(path[2:], path[1:2]+"]")
		if end < 0 {
			return s, "", fmt.Errorf("the path %q has no end of its quotes", path)
		}
		return step{path[2 : 2+end], true, true}, path[2+end+2:], nil
	case path[0] == '[':
		end := strings.IndexByte(path, ']')
		if end < 0 {
			return s, "", fmt.Errorf("the path %q has no closing bracket", path)
		}
		return step{path[1:end], false, true}, path[end+1:], nil
	}
	path = strings.TrimPrefix(path, ".")
	end := strings.IndexAny(path, ".[")
	if end < 0 {
		end = len(path)
	}
	if end == 0 {
		return s, "", fmt.Errorf("the path has no name before %q", path)
	}
	return step{path[:end], true, false}, path[end:], nil
}

func follow(v Value, s step) (Value, error) {
	if items, ok := itemsWithin(v); ok && !s.quoted {
		i, err := strconv.Atoi(s.text)
		if err == nil && i < 0 {
			i += len(items)
		}
		if err != nil || i < 0 || i >= len(items) {
			return nil, fmt.Errorf("of %d items, and has no [%s]", len(items), s.text)
		}
		return items[i], nil
	}
	if d, ok := Mapping(v); ok {
		if s.quoted {
			if x, ok := d.Str(s.text); ok {
				return x, nil
			}
		} else if x, ok := keyed(d, s.text); ok {
			return x, nil
		}
		return nil, fmt.Errorf("without the key %s", s.text)
	}
	if o, ok := v.(*Object); ok && !s.quoted {
		if x, ok := keyed(o.set(), s.text); ok {
			return x, nil
		}
	}
	if o, ok := v.(*Object); ok && s.quoted {
		if x, ok := o.set().Str(s.text); ok {
			return x, nil
		}
		if x, ok := o.Attr(s.text); ok {
			return x, nil
		}
		return nil, fmt.Errorf("without the attribute %s", s.text)
	}
	return nil, fmt.Errorf("and has no %s", s.text)
}

// keyed is the value of the key whose repr is text: 1, None, (1, 'a').
func keyed(d *Dict, text string) (Value, bool) {
	if i, err := strconv.ParseInt(text, 10, 64); err == nil {
		return d.Get(Int(i))
	}
	for key, v := range d.All() {
		if (Printer{Limit: len(text) + 1}).Repr(key) == text {
			return v, true
		}
	}
	return nil, false
}

// itemsWithin are the items of a sequence, or of an object that has some: a namedtuple, or
// one of a class that extends list.
func itemsWithin(v Value) ([]Value, bool) {
	o, ok := v.(*Object)
	if !ok {
		return Sequence(v)
	}
	if items, ok := o.Items(); ok {
		return items, true
	}
	var items []Value
	for _, step := range o.Steps {
		if step.Kind == Extend {
			items = append(items, step.Values...)
		}
	}
	return items, items != nil
}

// set are the keys and values that were set in o: of a class that extends dict.
func (o *Object) set() *Dict {
	d := new(Dict)
	for _, step := range o.Steps {
		if step.Kind == SetItems {
			if err := d.SetAll(step.Values); err != nil {
				return new(Dict) // with keys that are none
			}
		}
	}
	return d
}

// Sequence are the items of a list, tuple or deque.
func Sequence(v Value) ([]Value, bool) {
	switch v := v.(type) {
	case *List:
		return v.Items, true
	case *Tuple:
		return v.Items, true
	case *Deque:
		return v.Items, true
	}
	return nil, false
}

// Mapping is the dict that v is or extends.
func Mapping(v Value) (*Dict, bool) {
	switch v := v.(type) {
	case *Dict:
		return v, true
	case *OrderedDict:
		return &v.Dict, true
	case *DefaultDict:
		return &v.Dict, true
	case *Counter:
		return &v.Dict, true
	}
	return nil, false
}
