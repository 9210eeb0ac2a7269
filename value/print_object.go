package value

// part is an argument or attribute of an object, and what is printed before it.
type part struct {
	before string
	value  Value
}

// callee is what an object's call begins with. What copyreg._reconstructor makes, as
// protocols 0 and 1 have it, is an object of its first argument.
func (o *Object) callee() string {
	if g, _, ok := o.reconstructed(); ok {
		return g.Dotted()
	}
	if g, ok := o.Class.(Global); ok {
		return g.Dotted()
	}
	return "<" + o.ClassName() + ">"
}

// reconstructed is the class of an object that copyreg._reconstructor makes, and the
// arguments as a call of the class would have them: of a plain one none, of one that
// extends a tuple its items, of others what they extend.
func (o *Object) reconstructed() (class Global, args []Value, ok bool) {
	t, ok := o.Args.(*Tuple)
	if !ok || o.Class != Value(Global{"copyreg", "_reconstructor"}) || len(t.Items) != 3 {
		return Global{}, nil, false
	}
	class, ok1 := t.Items[0].(Global)
	base, ok2 := t.Items[1].(Global)
	items, isTuple := t.Items[2].(*Tuple)
	switch {
	case !ok1 || !ok2:
		return Global{}, nil, false
	case t.Items[2] == Value(None):
		return class, nil, base == Global{"builtins", "object"}
	case isTuple && base == Global{"builtins", "tuple"}:
		return class, items.Items, true
	}
	return class, t.Items[2:], true
}

// Items are the items of what may be a namedtuple: an object made of arguments alone. Its
// pickle does not tell it from other objects that are, nor how its fields are named.
func (o *Object) Items() ([]Value, bool) {
	t, isTuple := o.Args.(*Tuple)
	if !isTuple || len(o.Steps) > 0 {
		return nil, false
	}
	if _, items, ok := o.reconstructed(); ok {
		base := t.Items[1]
		return items, base == Value(Global{"builtins", "tuple"})
	}
	_, isNamed := o.Class.(Global)
	return t.Items, o.Making == New && isNamed
}

// EnumValue is the value of what may be a member of an enum: an object that its class
// makes of one argument. Python 3.11 names members instead, as the [Global] Class.NAME.
func (o *Object) EnumValue() (Value, bool) {
	t, ok := o.Args.(*Tuple)
	_, isNamed := o.Class.(Global)
	if !ok || !isNamed || o.Making != Called || len(t.Items) != 1 || len(o.Steps) > 0 {
		return nil, false
	}
	return t.Items[0], true
}

// parts are what an object is made with and what it is then given.
func (o *Object) parts() []part {
	var all []part
	if _, ok := o.Class.(Global); !ok {
		all = append(all, part{"", o.Class})
	}
	_, args, ok := o.reconstructed()
	if t, isTuple := o.Args.(*Tuple); isTuple && !ok {
		args = t.Items
	} else if o.Args != nil && !ok {
		all = append(all, part{"*", o.Args})
	}
	for _, arg := range args {
		all = append(all, part{"", arg})
	}
	if d, ok := o.Keywords.(*Dict); ok {
		all = append(all, keywords(d)...)
	}
	for _, step := range o.Steps {
		all = append(all, step.parts()...)
	}
	return all
}

func keywords(d *Dict) []part {
	var all []part
	for _, p := range d.Pairs() {
		if s, ok := p.Key.(Str); ok {
			all = append(all, part{string(s) + "=", p.Value})
		} else {
			all = append(all, part{Printer{Limit: 80}.Repr(p.Key) + ": ", p.Value})
		}
	}
	return all
}

func (s Step) parts() []part {
	switch s.Kind {
	case SetState:
		var all []part
		dicts := StateDicts(s.Values[0])
		for _, d := range dicts {
			all = append(all, keywords(d)...)
		}
		if dicts == nil {
			all = append(all, part{"state=", s.Values[0]})
		}
		return all
	case SetItems:
		d := new(Dict)
		for i := 0; i+1 < len(s.Values); i += 2 {
			if d.Set(s.Values[i], s.Values[i+1]) != nil {
				return []part{{"*", NewTuple(s.Values...)}}
			}
		}
		return []part{{"", d}}
	}
	return []part{{"", NewList(s.Values...)}}
}

// object prints the call that makes o, with the attributes it then gets as keywords.
func (w *printing) object(o *Object) {
	name := o.callee()
	if w.within(o, name+"(...)") {
		return
	}
	w.enter(o)
	w.text(name + "(")
	for i, p := range o.parts() {
		if i > 0 {
			w.text(", ")
		}
		if !w.next() {
			break
		}
		w.text(p.before)
		w.value(p.value)
	}
	w.text(")")
	w.leave(o)
}
