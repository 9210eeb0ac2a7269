package manager

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/pickle"
)

const (
	// maxItems is how many items one object may hold: 256 MiB of bare references, where
	// Python's own manager takes all memory for [0] * 10**12.
	maxItems = 1 << 24
	// maxWait is the longest wait in seconds, 292 years as time.Duration has it; more waits as long.
	maxWait = float64(math.MaxInt64 / int64(time.Second))
)

// Object is what a [Server] shares. Its methods are called by many goroutines at once.
// What it is given and what it answers must not be changed afterwards. It is told from
// others by ==, so it should be a pointer.
type Object interface {
	// Methods are the names of those that clients may call.
	Methods() []string
	// Call calls one of them. It should return when the context ends, which it does
	// when the client is gone. An error that is an [Exception] is raised at the client;
	// any other is told there as a RemoteError.
	Call(ctx context.Context, method string, args Args) (value.Value, error)
}

// Maker makes an object for a client, with the arguments given there.
type Maker func(args Args) (Object, error)

// Share makes a Maker of an object that is the same for all clients.
func Share(o Object) Maker {
	return func(args Args) (Object, error) {
		_, err := args.Bind("share")
		return o, err
	}
}

// Exception is raised at the client, which has to know its class.
type Exception struct {
	Class string // with its module: "builtins.KeyError", "queue.Empty"
	Args  []value.Value
}

func (e *Exception) Error() string {
	var args []string
	for _, a := range e.Args {
		if s, ok := a.(value.Str); ok && e.Class != "builtins.KeyError" {
			args = append(args, string(s))
			continue
		}
		args = append(args, short(a))
	}
	name := strings.TrimPrefix(e.Class, "builtins.")
	return strings.TrimSuffix(name+": "+strings.Join(args, ", "), ": ")
}

// object is the exception as a pickle has it. An argument that is more than data, for
// which the server will not vouch, is told by its repr.
func (e *Exception) object() *value.Object {
	args := &value.Tuple{}
	for _, a := range e.Args {
		if _, err := pickle.Dump(a); err != nil {
			a = value.Str(short(a))
		}
		args.Items = append(args.Items, a)
	}
	module, name := "builtins", e.Class
	if i := strings.LastIndexByte(e.Class, '.'); i >= 0 {
		module, name = e.Class[:i], e.Class[i+1:]
	}
	return &value.Object{Making: value.Called, Class: value.Global{Module: module, Name: name}, Args: args}
}

func text(format string, args ...any) []value.Value {
	return []value.Value{value.Str(fmt.Sprintf(format, args...))}
}

func typeError(format string, args ...any) error {
	return &Exception{"builtins.TypeError", text(format, args...)}
}

func valueError(format string, args ...any) error {
	return &Exception{"builtins.ValueError", text(format, args...)}
}

// hashable tells a key that Python could not hash as Python does.
func hashable(err error) error {
	var u *value.UnhashableError
	if errors.As(err, &u) {
		return typeError("%s", u.Error())
	}
	return err
}

func tooMany() error {
	return &Exception{"builtins.MemoryError", text("more than %d items", maxItems)}
}

// short is a repr for messages.
func short(v value.Value) string { return value.Printer{Limit: 200}.Repr(v) }

// Args are the arguments of a call.
type Args struct {
	Positional []value.Value
	Keywords   *value.Dict // nil for none
}

func (a Args) keywords() *value.Dict {
	if a.Keywords == nil {
		return &value.Dict{}
	}
	return a.Keywords
}

// Bind puts arguments in the order of the names of parameters. One whose name ends in ?
// may be missing, and is nil then. The error is Python's TypeError.
func (a Args) Bind(method string, names ...string) ([]value.Value, error) {
	if len(a.Positional) > len(names) {
		return nil, typeError("%s() takes at most %d arguments (%d given)", method, len(names), len(a.Positional))
	}
	bound := make([]value.Value, len(names))
	copy(bound, a.Positional)
	for key, v := range a.keywords().All() {
		name, _ := key.(value.Str)
		i := slices.IndexFunc(names, func(n string) bool { return strings.TrimSuffix(n, "?") == string(name) })
		if i < 0 {
			return nil, typeError("%s() got an unexpected keyword argument %s", method, short(key))
		}
		if bound[i] != nil {
			return nil, typeError("%s() got multiple values for argument %s", method, short(key))
		}
		bound[i] = v
	}
	for i, name := range names {
		if bound[i] == nil && !strings.HasSuffix(name, "?") {
			return nil, typeError("%s() missing required argument: '%s'", method, name)
		}
	}
	return bound, nil
}

// method is one of an object of type T: its parameters, and what it does with them.
type method[T any] struct {
	params []string
	do     func(ctx context.Context, o T, args []value.Value) (value.Value, error)
}

type methods[T any] map[string]method[T]

func (m methods[T]) names() []string {
	var list []string
	for name := range m {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

func (m methods[T]) call(ctx context.Context, o T, name string, args Args) (value.Value, error) {
	found, ok := m[name]
	if !ok {
		return nil, &Exception{"builtins.AttributeError", text("there is no method %q", name)}
	}
	bound, err := args.Bind(name, found.params...)
	if err != nil {
		return nil, err
	}
	v, err := found.do(ctx, o, bound)
	if v == nil {
		v = value.None
	}
	return v, hashable(err)
}

// integer is an argument that Python would take as an index.
func integer(v value.Value) (int, error) {
	switch v := v.(type) {
	case value.Int:
		return int(v), nil
	case value.Bool:
		if v {
			return 1, nil
		}
		return 0, nil
	case value.BigInt:
		return 0, &Exception{"builtins.OverflowError", text("Python int too large to convert to C ssize_t")}
	}
	return 0, typeError("'%s' object cannot be interpreted as an integer", v.Type())
}

// truth is Python's bool of what is given as a flag; def where none is.
func truth(v value.Value, def bool) bool {
	switch v := v.(type) {
	case nil:
		return def
	case value.Bool:
		return bool(v)
	case value.Int:
		return v != 0
	case value.Float:
		return v != 0
	case value.Str:
		return v != ""
	}
	return v != value.None
}

// seconds is an argument that gives a time. None, or no argument, is for ever: ok is false.
func seconds(v value.Value) (d time.Duration, ok bool, err error) {
	var f float64
	switch v := v.(type) {
	case nil:
		return 0, false, nil
	case value.Int:
		f = float64(v)
	case value.Float:
		f = float64(v)
	case value.BigInt:
		f, _ = new(big.Float).SetInt(v.X).Float64()
	case value.Bool:
		if v {
			f = 1
		}
	default:
		if v == value.None {
			return 0, false, nil
		}
		return 0, false, typeError("a time must be a number, not %s", v.Type())
	}
	if math.IsNaN(f) {
		return 0, false, valueError("Invalid value NaN (not a number)")
	}
	return time.Duration(max(min(f, maxWait), -maxWait) * float64(time.Second)), true, nil
}

// iterate is what Python would get from a value one after the other.
func iterate(v value.Value) ([]value.Value, error) {
	switch v := v.(type) {
	case *value.List:
		return slices.Clone(v.Items), nil
	case *value.Tuple:
		return slices.Clone(v.Items), nil
	case *value.Deque:
		return slices.Clone(v.Items), nil
	case *value.Set:
		return slices.Clone(v.Items()), nil
	case *value.FrozenSet:
		return slices.Clone(v.Items()), nil
	case value.Str:
		var list []value.Value
		for rest := string(v); rest != ""; {
			_, size := value.DecodeRune(rest)
			list, rest = append(list, value.Str(rest[:size])), rest[size:]
		}
		return list, nil
	}
	if d, ok := value.Mapping(v); ok {
		var list []value.Value
		for key := range d.All() {
			list = append(list, key)
		}
		return list, nil
	}
	return nil, typeError("this manager cannot iterate over a '%s' object", v.Type())
}
