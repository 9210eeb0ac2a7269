package value

import (
	"fmt"
	"strconv"
	"strings"
)

// At follows a path such as [0]['a b'].weights[-1] from v: an index of a list or tuple,
// a key of a dict, or a name that is a key or an attribute.
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
	if items, ok := Sequence(v); ok && !s.quoted {
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
		} else if i, err := strconv.ParseInt(s.text, 10, 64); err == nil {
			if x, ok := d.Get(Int(i)); ok {
				return x, nil
			}
		}
		return nil, fmt.Errorf("without the key %s", s.text)
	}
	if o, ok := v.(*Object); ok && s.quoted {
		if x, ok := o.Attr(s.text); ok {
			return x, nil
		}
		return nil, fmt.Errorf("without the attribute %s", s.text)
	}
	return nil, fmt.Errorf("and has no %s", s.text)
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
