package value

// part is an argument or attribute of an object, and what is printed before it.
type part struct {
	before string
	value  Value
}

// callee is what an object's call begins with. What copyreg._reconstructor makes in
// protocols 0 and 1 is an object of its first argument.
func (o *Object) callee() string {
	if g, ok := o.reconstructed(); ok {
		return g.Dotted()
	}
	if g, ok := o.Class.(Global); ok {
		return g.Dotted()
	}
	return "<" + o.ClassName() + ">"
}

// reconstructed is the class of an object that copyreg._reconstructor makes of nothing.
func (o *Object) reconstructed() (Global, bool) {
	args, ok := o.Args.(*Tuple)
	if !ok || o.Class != Value(Global{"copyreg", "_reconstructor"}) || len(args.Items) != 3 {
		return Global{}, false
	}
	g, ok := args.Items[0].(Global)
	return g, ok && args.Items[1] == Value(Global{"builtins", "object"}) && args.Items[2] == Value(None)
}

// parts are what an object is made with and what it is then given.
func (o *Object) parts() []part {
	var all []part
	if _, ok := o.Class.(Global); !ok {
		all = append(all, part{"", o.Class})
	}
	if _, ok := o.reconstructed(); !ok {
		if args, ok := o.Args.(*Tuple); ok {
			for _, arg := range args.Items {
				all = append(all, part{"", arg})
			}
		} else if o.Args != nil {
			all = append(all, part{"*", o.Args})
		}
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
		if w.full() {
			break
		}
		w.text(p.before)
		w.value(p.value)
	}
	w.text(")")
	w.leave(o)
}
