package manager

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/pickle"
	"github.com/cantil-py/cantil/value/wire"
)

// The kinds of answers.
const (
	kindReturn       = "#RETURN"
	kindError        = "#ERROR"
	kindTraceback    = "#TRACEBACK"
	kindUnserialized = "#UNSERIALIZABLE"
)

const (
	maxRepr  = 1 << 20 // bytes of what repr and str answer; a small pickle can stand for an endless text
	maxDebug = 75      // bytes of an object in debug_info, as Python has it
)

// asking is a request: (id or None, method, args, kwds).
type asking struct {
	id     value.Value
	method string
	args   Args
}

func asked(v value.Value) (asking, error) {
	bad := fmt.Errorf("the request is not a manager's: %s", short(v))
	t, ok := v.(*value.Tuple)
	if !ok || len(t.Items) != 4 {
		return asking{}, bad
	}
	method, isText := t.Items[1].(value.Str)
	args, isTuple := t.Items[2].(*value.Tuple)
	kwds, isDict := value.Mapping(t.Items[3])
	if !isText || !isTuple || !isDict {
		return asking{}, bad
	}
	return asking{t.Items[0], string(method), Args{args.Items, kwds}}, nil
}

// function is one of the manager's own.
func (s *Server) function(ask asking) (value.Value, error) {
	switch ask.method {
	case "dummy":
		return value.None, nil
	case "number_of_objects":
		s.mu.Lock()
		defer s.mu.Unlock()
		return value.Int(len(s.shared)), nil
	case "debug_info":
		return value.Str(s.debug()), nil
	case "shutdown":
		if !s.opts.AllowShutdown {
			return nil, &Exception{"builtins.PermissionError", text("this manager does not let its clients shut it down")}
		}
		return value.None, nil
	case "create":
		return s.create(ask.args)
	case "get_methods", "incref", "decref":
		return s.about(ask)
	}
	return nil, &Exception{"builtins.AssertionError", text("%s unrecognized", short(value.Str(ask.method)))}
}

// about is a function that takes one object.
func (s *Server) about(ask asking) (value.Value, error) {
	args, err := ask.args.Bind(ask.method, "ident")
	if err != nil {
		return nil, err
	}
	switch ask.method {
	case "incref":
		return value.None, s.count(args[0], 1)
	case "decref":
		return value.None, s.count(args[0], -1)
	}
	_, id, _ := tokenOf(args[0])
	found, err := s.find(id)
	if err != nil {
		return nil, err
	}
	return exposed(found.object), nil
}

func (s *Server) create(args Args) (value.Value, error) {
	if len(args.Positional) == 0 {
		return nil, typeError("create() misses the name of a type")
	}
	name, _ := args.Positional[0].(value.Str)
	maker := s.makers[string(name)]
	if maker == nil {
		return nil, &Exception{"builtins.KeyError", args.Positional[:1]}
	}
	o, err := maker(Args{args.Positional[1:], args.Keywords})
	if err != nil {
		return nil, err
	}
	id, err := s.keep(string(name), o)
	if err != nil {
		return nil, err
	}
	return value.NewTuple(value.Str(id), exposed(o)), nil
}

func exposed(o Object) *value.Tuple {
	t := &value.Tuple{}
	for _, name := range o.Methods() {
		t.Items = append(t.Items, value.Str(name))
	}
	return t
}

// debug tells of each object its id, references and content.
func (s *Server) debug() string {
	s.mu.Lock()
	all := map[string]shared{}
	for id, o := range s.shared {
		all[id] = *o
	}
	s.mu.Unlock()
	var lines []string
	for id, o := range all {
		lines = append(lines, fmt.Sprintf("  %s:       refcount=%d\n    %s", id, o.refs, describe(&o, maxDebug)))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// call calls a method of a shared object.
func (s *Server) call(ctx context.Context, v value.Value) (kind string, answer value.Value) {
	ask, err := asked(v)
	if err != nil {
		return kindTraceback, traceback(err)
	}
	found, err := s.find(ask.id)
	if err != nil {
		return kindTraceback, traceback(err)
	}
	if !slices.Contains(found.object.Methods(), ask.method) {
		return unexposed(found, ask.method)
	}
	answer, err = found.object.Call(ctx, ask.method, ask.args)
	if err == nil {
		return kindReturn, answer
	}
	var e *Exception
	if errors.As(err, &e) {
		return kindError, e.object()
	}
	return kindTraceback, traceback(err)
}

// unexposed are the methods that Python's manager has for every object.
func unexposed(o *shared, method string) (kind string, answer value.Value) {
	switch method {
	case "__repr__", "__str__":
		return kindReturn, value.Str(describe(o, maxRepr))
	case "#GETVALUE":
		if v, ok := o.object.(valued); ok {
			return kindReturn, v.snapshot()
		}
		return kindUnserialized, traceback(typeError("cannot pickle '%s' object", o.typeid))
	}
	return kindTraceback, traceback(&Exception{"builtins.AttributeError",
		text("method %s of '%s' object is not in exposed=%v", short(value.Str(method)), o.typeid, o.object.Methods())})
}

// valued are objects of which there can be a copy at the client.
type valued interface{ snapshot() value.Value }

func describe(o *shared, most int) string {
	switch x := o.object.(type) {
	case valued:
		return value.Printer{Limit: most}.Repr(x.snapshot())
	case fmt.Stringer:
		return x.String()
	}
	return "<" + o.typeid + " object>"
}

// traceback is what stands in an answer for an exception that cannot be raised as such.
func traceback(err error) value.Str {
	return value.Str("Traceback (most recent call last):\n  in a manager written in Go\n" + err.Error() + "\n")
}

// send answers. What clients put in goes out as data only, unless Options say otherwise;
// the exceptions are the server's own.
func (s *Server) send(c *wire.Conn, kind string, answer value.Value) error {
	objects := s.opts.Wire.Objects || kind == kindError
	p, err := s.pickled(value.NewTuple(value.Str(kind), answer), objects)
	if err != nil {
		p, err = s.pickled(value.NewTuple(value.Str(kindUnserialized), traceback(err)), false)
	}
	if err != nil {
		return err
	}
	return c.SendBytes(p)
}

func (s *Server) pickled(v value.Value, objects bool) ([]byte, error) {
	var b bytes.Buffer
	e := pickle.NewEncoder(&b)
	e.Objects = objects
	if s.opts.Wire.Protocol != 0 {
		e.Protocol = s.opts.Wire.Protocol
	}
	if err := e.Value(v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
