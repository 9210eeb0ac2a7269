package value

// object prints the call that makes o and the attributes it then gets.
func (w *printing) object(o *Object) {
	name := w.callee(o)
	if w.within(o, name+"(...)") {
		return
	}
	w.enter(o)
	w.text(name + "(")
	comma := w.arguments(o)
	for _, step := range o.Steps {
		if w.full() {
			break
		}
		comma = w.step(step, comma)
	}
	w.text(")")
	w.leave(o)
}

// callee is what an object's call begins with.
func (w *printing) callee(o *Object) string {
	if g, ok := o.Class.(Global); ok {
		return g.Dotted()
	}
	return "<" + o.ClassName() + ">"
}

// arguments prints what the class was called with; it says whether there was anything.
func (w *printing) arguments(o *Object) bool {
	comma := false
	sep := func() {
		if comma {
			w.text(", ")
		}
		comma = true
	}
	if _, ok := o.Class.(Global); !ok {
		sep()
		w.value(o.Class)
	}
	if args, ok := o.Args.(*Tuple); ok {
		for _, arg := range args.Items {
			sep()
			w.value(arg)
		}
	} else if o.Args != nil {
		sep()
		w.text("*")
		w.value(o.Args)
	}
	if d, ok := o.Keywords.(*Dict); ok {
		for _, p := range d.Pairs() {
			sep()
			w.keyword(p)
		}
	}
	return comma
}

func (w *printing) keyword(p Pair) {
	if s, ok := p.Key.(Str); ok {
		w.text(string(s) + "=")
	} else {
		w.value(p.Key)
		w.text(": ")
	}
	w.value(p.Value)
}

// step prints one step behind the arguments.
func (w *printing) step(step Step, comma bool) bool {
	sep := func() {
		if comma {
			w.text(", ")
		}
		comma = true
	}
	switch step.Kind {
	case SetState:
		dicts := StateDicts(step.Values[0])
		for _, d := range dicts {
			for _, p := range d.Pairs() {
				sep()
				w.keyword(p)
			}
		}
		if dicts == nil {
			sep()
			w.text("state=")
			w.value(step.Values[0])
		}
	case SetItems:
		sep()
		w.text("{")
		for i := 0; i+1 < len(step.Values) && !w.full(); i += 2 {
			if i > 0 {
				w.text(", ")
			}
			w.value(step.Values[i])
			w.text(": ")
			w.value(step.Values[i+1])
		}
		w.text("}")
	default:
		sep()
		w.text("[")
		w.commas(step.Values)
		w.text("]")
	}
	return comma
}
