package pickle

import (
	"fmt"
	"strings"

	"github.com/cantil-py/cantil/value"
)

// global writes a class or function that is a value itself.
func (w *writer) global(g value.Global) error {
	if !w.Objects && !harmless(g) {
		return &GlobalError{g}
	}
	return w.named(g)
}

// GlobalError says that a pickle would name a class or function outside the set that
// is allowed without EncoderOptions.Objects.
type GlobalError struct{ Global value.Global }

func (e *GlobalError) Error() string {
	return fmt.Sprintf("%s is a class or function that is not written unless Objects is set", e.Global.Dotted())
}

// harmless says whether g is a plain type of builtins, such as a defaultdict's factory.
func harmless(g value.Global) bool {
	if g.Module != "builtins" {
		return false
	}
	switch g.Name {
	case "list", "dict", "tuple", "set", "frozenset", "int", "float", "complex", "bool", "str", "bytes", "bytearray", "object":
		return true
	}
	return false
}

// named writes the name of a class or function.
func (w *writer) named(g value.Global) error {
	if w.again(g) {
		return nil
	}
	if w.Protocol >= 4 {
		if err := w.str(g.Module); err != nil {
			return err
		}
		if err := w.str(g.Name); err != nil {
			return err
		}
		w.op(opStackGlobal)
		w.remember(g)
		return nil
	}
	if outer, inner, dotted := cutLast(g.Name); dotted {
		return w.attribute(g, value.Global{Module: g.Module, Name: outer}, inner)
	}
	if !oneLine(g.Module) || !oneLine(g.Name) {
		return fmt.Errorf("the name %q needs protocol 4", g.Dotted())
	}
	w.out = append(w.out, opGlobal)
	w.out = append(append(w.out, g.Module...), '\n')
	w.out = append(append(w.out, g.Name...), '\n')
	w.remember(g)
	return nil
}

// cutLast parts "A.B.c" into "A.B" and "c".
func cutLast(name string) (outer, inner string, dotted bool) {
	i := strings.LastIndexByte(name, '.')
	if i < 0 {
		return "", name, false
	}
	return name[:i], name[i+1:], true
}

// attribute writes g, which is in a class, as protocols before 4 have to: by getattr.
func (w *writer) attribute(g, outer value.Global, inner string) error {
	if err := w.named(builtin("getattr")); err != nil {
		return err
	}
	if err := w.args([]value.Value{outer, value.Str(inner)}); err != nil {
		return err
	}
	w.op(opReduce)
	w.remember(g)
	return nil
}

func oneLine(s string) bool { return s != "" && !strings.ContainsAny(s, "\n\r") && validText(s) }

// object writes what makes an object of any class, and its steps.
func (w *writer) object(o *value.Object) error {
	if err := w.making(o); err != nil {
		return err
	}
	for _, step := range o.Steps {
		if err := w.step(step); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) making(o *value.Object) error {
	switch o.Making {
	case value.Kept:
		if err := w.save(o.Class); err != nil {
			return err
		}
		w.remember(o)
		return nil
	case value.Called:
		return w.maker(o, opReduce, o.Class, o.Args)
	case value.New:
		if w.Protocol >= 2 {
			return w.maker(o, opNewobj, o.Class, o.Args)
		}
		return w.newByCall(o)
	case value.NewKeywords:
		if w.Protocol >= 4 {
			return w.maker(o, opNewobjEx, o.Class, o.Args, o.Keywords)
		}
		f := value.Global{Module: "copyreg", Name: "__newobj_ex__"}
		return w.reduce(o, f, o.Class, o.Args, o.Keywords)
	case value.Instantiated:
		return w.instance(o)
	}
	return fmt.Errorf("an object of %s is made in no known way (%d)", o.ClassName(), o.Making)
}

// maker saves parts and the opcode that makes o of them.
func (w *writer) maker(o *value.Object, code byte, parts ...value.Value) error {
	for _, part := range parts {
		if err := w.save(part); err != nil {
			return err
		}
	}
	w.made(o, code, len(parts))
	return nil
}

// newByCall is New for protocols 0 and 1, which have no opcode for it.
func (w *writer) newByCall(o *value.Object) error {
	args, ok := o.Args.(*value.Tuple)
	if !ok {
		return fmt.Errorf("an object of %s whose arguments are no tuple needs protocol 2", o.ClassName())
	}
	f := value.Global{Module: "copyreg", Name: "__newobj__"}
	return w.reduce(o, f, append([]value.Value{o.Class}, args.Items...)...)
}

// instance writes what OBJ and INST made.
func (w *writer) instance(o *value.Object) error {
	args, ok := o.Args.(*value.Tuple)
	if !ok {
		return fmt.Errorf("an object of %s has no arguments", o.ClassName())
	}
	if w.Protocol == 0 {
		return w.inst(o, args.Items)
	}
	w.op(opMark)
	for _, part := range append([]value.Value{o.Class}, args.Items...) {
		if err := w.save(part); err != nil {
			return err
		}
	}
	w.op(opObj)
	w.remember(o)
	return nil
}

func (w *writer) inst(o *value.Object, args []value.Value) error {
	g, ok := o.Class.(value.Global)
	if !ok || !oneLine(g.Module) || !oneLine(g.Name) {
		return fmt.Errorf("an object of %s needs protocol 1", o.ClassName())
	}
	if !w.Objects && !harmless(g) {
		return &GlobalError{g}
	}
	w.op(opMark)
	for _, arg := range args {
		if err := w.save(arg); err != nil {
			return err
		}
	}
	w.out = fmt.Appendf(w.out, "%c%s\n%s\n", opInst, g.Module, g.Name)
	w.remember(o)
	return nil
}

func (w *writer) step(step value.Step) error {
	switch step.Kind {
	case value.Extend:
		return w.appendAll(step.Values)
	case value.AddItems:
		if w.Protocol < 4 {
			return fmt.Errorf("members added to an object need protocol 4")
		}
		return w.addAll(step.Values)
	case value.SetItems:
		if len(step.Values)%2 != 0 {
			return errOddPairs
		}
		pairs := make([]value.Pair, len(step.Values)/2)
		for i := range pairs {
			pairs[i] = value.Pair{Key: step.Values[2*i], Value: step.Values[2*i+1]}
		}
		return w.setAll(pairs)
	case value.SetState:
		if len(step.Values) != 1 {
			return fmt.Errorf("an object's state is %d values, must be one", len(step.Values))
		}
		return w.state(step.Values[0])
	}
	return fmt.Errorf("there is no step of kind %d", step.Kind)
}

// state gives the object below a state.
func (w *writer) state(v value.Value) error {
	if err := w.save(v); err != nil {
		return err
	}
	w.op(opBuild)
	return nil
}
