package value

import "fmt"

// Global is a class, a function or anything else that a pickle names by its module.
// It is a name: nothing is imported.
type Global struct{ Module, Name string }

// Making is the way in which an [Object] comes to be.
type Making uint8

// The ways, each with the opcodes of pickle that mean it.
const (
	Called       Making = iota // Class(*Args): REDUCE
	New                        // Class.__new__(Class, *Args): NEWOBJ
	NewKeywords                // Class.__new__(Class, *Args, **Keywords): NEWOBJ_EX
	Instantiated               // as Python 2 did for classes of its old kind: INST, OBJ
	Kept                       // Class itself, changed by Steps
)

// Object is any object that has no type of its own here: what made it, and what was
// then done to it. Nothing was executed.
type Object struct {
	Making   Making
	Class    Value // most often a Global
	Args     Value // most often a *Tuple; nil for Kept
	Keywords Value // of NewKeywords, most often a *Dict
	Steps    []Step
}

// StepKind is what a [Step] does.
type StepKind uint8

// The kinds of steps, each with the opcodes of pickle that mean it.
const (
	SetState StepKind = iota // BUILD: __setstate__, or attributes from a dict
	Extend                   // APPEND, APPENDS: extend or append
	SetItems                 // SETITEM, SETITEMS: key and value in turn
	AddItems                 // ADDITEMS: add each
)

// Step is one thing done to an object once it was made.
type Step struct {
	Kind   StepKind
	Values []Value // one for SetState; keys and values in turn for SetItems
}

// ClassName is the dotted name of the object's class, or the type of what made it.
func (o *Object) ClassName() string {
	if g, ok := o.Class.(Global); ok {
		return g.Dotted()
	}
	if o.Class == nil {
		return None.Type()
	}
	return o.Class.Type()
}

// State is what the last SetState gave, or nil.
func (o *Object) State() Value {
	for i := len(o.Steps) - 1; i >= 0; i-- {
		if o.Steps[i].Kind == SetState {
			return o.Steps[i].Values[0]
		}
	}
	return nil
}

// Attr is the attribute name of the object's state, where that is a dict of names or
// a pair of such dicts, as Python's default __reduce_ex__ makes it.
func (o *Object) Attr(name string) (Value, bool) {
	for _, d := range StateDicts(o.State()) {
		if v, ok := d.Str(name); ok {
			return v, true
		}
	}
	return nil, false
}

// StateDicts are the dicts of attributes in a state: one, or for a class with slots two.
func StateDicts(state Value) []*Dict {
	var dicts []*Dict
	switch s := state.(type) {
	case *Dict:
		dicts = append(dicts, s)
	case *Tuple:
		if len(s.Items) != 2 {
			return nil
		}
		for _, item := range s.Items {
			if d, ok := item.(*Dict); ok {
				dicts = append(dicts, d)
			}
		}
	}
	return dicts
}

// Dotted is module and name, or only the name of what is in builtins.
func (g Global) Dotted() string {
	if g.Module == "builtins" || g.Module == "__builtin__" {
		return g.Name
	}
	return g.Module + "." + g.Name
}

// Persistent is a reference to something kept outside a pickle, by an id that means
// something to the program that wrote it.
type Persistent struct{ ID Value }

// Extension is a reference into the registry of the program that wrote a pickle
// (copyreg.add_extension).
type Extension struct{ Code int32 }

// Buffer stands for bytes that travel beside a pickle (protocol 5, out of band) and
// may not have been given to the decoder.
type Buffer struct {
	Index    int // from 0, in the order of the pickle
	ReadOnly bool
	Data     []byte // nil if not given
}

// Type implements [Value].
func (Global) Type() string { return "type" }

func (g Global) String() string { return "<class '" + g.Dotted() + "'>" }

// Type implements [Value].
func (o *Object) Type() string {
	if o.Making == Kept && o.Class != nil {
		return o.Class.Type()
	}
	return o.ClassName()
}

func (o *Object) String() string { return Repr(o) }

// Type implements [Value].
func (*Persistent) Type() string { return "persistent" }

func (p *Persistent) String() string { return Repr(p) }

// Type implements [Value].
func (Extension) Type() string { return "extension" }

func (e Extension) String() string { return fmt.Sprintf("<extension %d>", e.Code) }

// Type implements [Value].
func (*Buffer) Type() string { return "buffer" }

func (b *Buffer) String() string { return fmt.Sprintf("<out-of-band buffer %d>", b.Index) }
