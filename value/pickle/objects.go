package pickle

import (
	"fmt"
	"strings"

	"github.com/cantil-py/cantil/value"
)

// global is GLOBAL: a module and a name, each on a line.
func (m *machine) global() error {
	g, err := m.twoLines()
	if err != nil {
		return err
	}
	m.pushGlobal(g)
	return nil
}

func (m *machine) twoLines() (value.Global, error) {
	p, err := m.line()
	if err != nil {
		return value.Global{}, err
	}
	module := string(p)
	if p, err = m.line(); err != nil {
		return value.Global{}, err
	}
	g := value.Global{Module: module, Name: string(p)}
	if !validText(g.Module) || !validText(g.Name) {
		return g, errNotText
	}
	return g, nil
}

func (m *machine) stackGlobal() error {
	items, err := m.popN(2)
	if err != nil {
		return err
	}
	module, ok1 := items[0].(value.Str)
	name, ok2 := items[1].(value.Str)
	if !ok1 || !ok2 {
		return errNotNames
	}
	m.pushGlobal(value.Global{Module: string(module), Name: string(name)})
	return nil
}

func (m *machine) pushGlobal(g value.Global) {
	g = m.today(g)
	m.tell(Event{Kind: Imported, Global: g})
	m.push(constantOf(g))
}

// today is the name under which Python 3 has g, which before protocol 3 may be that of
// Python 2.
func (m *machine) today(g value.Global) value.Global {
	if m.proto >= 3 {
		return g
	}
	return renamed(g)
}

// constantOf is the value itself where g names one that has a type of its own here.
func constantOf(g value.Global) value.Value {
	if g.Module == "builtins" {
		switch g.Name {
		case "Ellipsis":
			return value.Ellipsis
		case "NotImplemented":
			return value.NotImplemented
		}
	}
	return g
}

// reduce calls what is below the arguments: by a recipe where there is one.
func (m *machine) reduce() error {
	items, err := m.popN(2)
	if err != nil {
		return err
	}
	if g, ok := memberOf(items[0], items[1]); ok {
		m.tell(Event{Kind: Imported, Global: g})
		m.push(g)
		return nil
	}
	m.made(&value.Object{Making: value.Called, Class: items[0], Args: items[1]})
	return nil
}

// memberOf is the dotted name that getattr(class, "name") stands for: so protocols before
// 4 name what is within a class, and Python 3.11 its enums' members.
func memberOf(f, args value.Value) (value.Global, bool) {
	t, ok := args.(*value.Tuple)
	if !ok || len(t.Items) != 2 || f != value.Value(builtin("getattr")) {
		return value.Global{}, false
	}
	g, ok1 := t.Items[0].(value.Global)
	name, ok2 := t.Items[1].(value.Str)
	if !ok1 || !ok2 || name == "" || strings.Contains(string(name), ".") {
		return value.Global{}, false
	}
	return value.Global{Module: g.Module, Name: g.Name + "." + string(name)}, true
}

func (m *machine) newObject() error {
	items, err := m.popN(2)
	if err != nil {
		return err
	}
	m.made(&value.Object{Making: value.New, Class: items[0], Args: items[1]})
	return nil
}

func (m *machine) newObjectKeywords() error {
	items, err := m.popN(3)
	if err != nil {
		return err
	}
	m.made(&value.Object{Making: value.NewKeywords, Class: items[0], Args: items[1], Keywords: items[2]})
	return nil
}

func (m *machine) obj() error {
	items, err := m.popMark()
	if err != nil {
		return err
	}
	if len(items) == 0 {
		return errUnderflow
	}
	m.made(&value.Object{Making: value.Instantiated, Class: items[0], Args: &value.Tuple{Items: m.rooms.values(items[1:])}})
	return nil
}

func (m *machine) inst() error {
	g, err := m.twoLines()
	if err != nil {
		return err
	}
	items, err := m.popMark()
	if err != nil {
		return err
	}
	g = m.today(g)
	m.tell(Event{Kind: Imported, Global: g})
	m.made(&value.Object{Making: value.Instantiated, Class: g, Args: &value.Tuple{Items: m.rooms.values(items)}})
	return nil
}

// made pushes what o stands for: a value with a type of its own, or o.
func (m *machine) made(o *value.Object) {
	v, known := m.known(o)
	if d, ok := v.(*value.DType); ok {
		if m.bare == nil {
			m.bare = map[*value.DType]bool{}
		}
		m.bare[d] = true
	}
	m.tell(Event{Kind: Made, Object: o, Known: known})
	m.push(v)
}

func (m *machine) known(o *value.Object) (value.Value, bool) {
	class, ok := o.Class.(value.Global)
	args, isTuple := o.Args.(*value.Tuple)
	if !ok || !isTuple || m.usesBare(args.Items, 0) {
		return o, false
	}
	if canFinish(class, o.Making, args.Items) {
		if m.unfinished == nil {
			m.unfinished = map[*value.Object]home{}
		}
		m.unfinished[o] = home{}
		return o, true
	}
	r := recipeOf(class, o.Making)
	if r == nil {
		return o, false
	}
	v, ok := r(args.Items)
	if !ok {
		return o, false
	}
	return v, true
}

// home is where in the memo an unfinished object stands.
type home struct {
	number uint32
	inMemo bool
}

func (m *machine) noteHome(v value.Value, i uint32) {
	o, ok := v.(*value.Object)
	if !ok {
		return
	}
	if h, ok := m.unfinished[o]; ok {
		if h.inMemo {
			delete(m.unfinished, o) // in the memo twice: it stays what it is
			return
		}
		m.unfinished[o] = home{i, true}
	}
}

// fetched notes that v is referred to from elsewhere, and so can no longer be replaced.
func (m *machine) fetched(v value.Value) {
	if o, ok := v.(*value.Object); ok {
		delete(m.unfinished, o)
	}
}

// build gives the object below the top its state.
func (m *machine) build() error {
	state, err := m.pop()
	if err != nil {
		return err
	}
	v, err := m.top()
	if err != nil {
		return err
	}
	if d, ok := v.(*value.DType); ok && m.bare[d] {
		ok := !m.usesBare([]value.Value{state}, 0) && setDTypeState(d, state)
		delete(m.bare, d)
		if !ok {
			m.change(v, value.SetState, []value.Value{state})
			return nil
		}
		m.tell(Event{Kind: Made, Value: d, Known: true})
		return nil
	}
	if o, ok := v.(*value.Object); ok {
		if h, ok := m.unfinished[o]; ok {
			delete(m.unfinished, o)
			if done, ok := finish(o, state); ok && !m.usesBare([]value.Value{state}, 0) {
				m.replace(o, done, h)
				return nil
			}
		}
	}
	m.change(v, value.SetState, []value.Value{state})
	return nil
}

// replace puts done where o stands: on top of the stack and in the memo.
func (m *machine) replace(o *value.Object, done value.Value, h home) {
	m.tell(Event{Kind: Made, Object: o, Value: done, Known: true})
	m.stack[len(m.stack)-1] = done
	if now, ok := m.memo.get(h.number); h.inMemo && ok && now == value.Value(o) {
		m.memo.put(h.number, done)
	}
}

func (m *machine) persistentLine() error {
	p, err := m.line()
	if err != nil {
		return err
	}
	return m.persistent(value.Str(p))
}

func (m *machine) persistent(id value.Value) error {
	m.tell(Event{Kind: Persisted, Value: id})
	if m.Persistent == nil {
		m.push(&value.Persistent{ID: id})
		return nil
	}
	v, err := m.Persistent(id)
	if err != nil {
		return fmt.Errorf("loading a persistent id: %w", err)
	}
	m.push(v)
	return nil
}

func (m *machine) extension(code int32, err error) error {
	if err != nil {
		return err
	}
	if code <= 0 {
		return fmt.Errorf("extension code %d is not positive", code)
	}
	m.tell(Event{Kind: Extended, Value: value.Extension{Code: code}})
	if g, ok := m.Extensions[code]; ok {
		m.push(g)
	} else {
		m.push(value.Extension{Code: code})
	}
	return nil
}

func (m *machine) getLine() error {
	i, err := m.number()
	if err != nil {
		return err
	}
	return m.get(i)
}

func (m *machine) putLine() error {
	i, err := m.number()
	if err != nil {
		return err
	}
	return m.put(i)
}

type memoError struct{ number uint32 }

func (e *memoError) Error() string {
	return fmt.Sprintf("nothing was stored under the number %d", e.number)
}

// EventKind is what an [Event] tells of.
type EventKind uint8

// The kinds of events.
const (
	Imported  EventKind = iota // Global: a class or function was named
	Made                       // Object: something was called, or finished being made
	Changed                    // Object, Step, Values: only its class would know what this does
	Persisted                  // Value: the id of something kept elsewhere
	Extended                   // Value: a [value.Extension]
	Misplaced                  // a PROTO that is not the first opcode, which no pickler writes
)

// Event is a moment at which Python would run something.
type Event struct {
	Kind   EventKind
	Offset int64  // of the opcode
	Op     string // its name
	Global value.Global
	Object *value.Object
	Value  value.Value
	Known  bool // of Made: a recipe for it is known here, and its arguments are as they should be
	Step   value.StepKind
	Values []value.Value // valid during the call only
}

// KnownName says whether calls of what g names are understood, or the name is part of
// such calls: it is harmless where it is used as a pickler uses it.
func KnownName(g value.Global) bool {
	if recipeOf(g, value.Called) != nil {
		return true
	}
	switch g.Module {
	case "builtins":
		return harmless(g) || g.Name == "Ellipsis" || g.Name == "NotImplemented" || g.Name == "getattr"
	case "copyreg":
		return g.Name == "_reconstructor" || g.Name == "__newobj__" || g.Name == "__newobj_ex__"
	case "uuid":
		return g.Name == "UUID"
	case "numpy":
		return g.Name == "ndarray"
	}
	return isMultiarray(g.Module) && g.Name == "_reconstruct"
}

// tell passes e on to who listens.
func (m *machine) tell(e Event) {
	if m.Watch == nil {
		return
	}
	e.Offset, e.Op = m.opAt, opcodes[m.op].name
	m.Watch(e)
}
