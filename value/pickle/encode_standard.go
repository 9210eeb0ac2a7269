package pickle

import (
	"fmt"
	"math/big"

	"github.com/cantil-py/cantil/value"
)

// standard writes the types of the standard library, each as its own __reduce__ does.
func (w *writer) standard(v value.Value) error {
	switch v := v.(type) {
	case value.Complex:
		return w.call(builtin("complex"), value.Float(real(v)), value.Float(imag(v)))
	case value.Range:
		return w.reduce(v, builtin("range"), v.Start, v.Stop, v.Step)
	case *value.Slice:
		return w.reduce(v, builtin("slice"), v.Start, v.Stop, v.Step)
	case value.Decimal:
		return w.reduce(v, value.Global{Module: "decimal", Name: "Decimal"}, value.Str(v))
	case value.Fraction:
		num, den := new(big.Int).Set(v.X.Num()), new(big.Int).Set(v.X.Denom())
		return w.reduce(v, value.Global{Module: "fractions", Name: "Fraction"}, value.NewInt(num), value.NewInt(den))
	case value.UUID:
		return w.uuid(v)
	case value.Path:
		if pathRecipe(v.Class) == nil {
			return fmt.Errorf("pathlib has no class %.40q", v.Class)
		}
		return w.reduce(v, value.Global{Module: "pathlib", Name: v.Class}, value.Str(v.Text))
	case *value.OrderedDict:
		return w.filled(v, "OrderedDict", nil, v.Pairs())
	case *value.DefaultDict:
		return w.defaultDict(v)
	case *value.Counter:
		return w.reduce(v, collection("Counter"), &v.Dict)
	case *value.Deque:
		return w.deque(v)
	}
	return w.datetime(v)
}

func collection(name string) value.Global { return value.Global{Module: "collections", Name: name} }

// filled writes an empty collection and then its pairs: it may contain itself.
func (w *writer) filled(v value.Value, name string, args []value.Value, pairs []value.Pair) error {
	if err := w.reduce(v, collection(name), args...); err != nil {
		return err
	}
	return w.setAll(pairs)
}

func (w *writer) defaultDict(d *value.DefaultDict) error {
	var args []value.Value
	if !isNone(d.Factory) {
		args = []value.Value{d.Factory}
	}
	return w.filled(d, "defaultdict", args, d.Pairs())
}

func (w *writer) deque(d *value.Deque) error {
	var args []value.Value
	if !isNone(d.MaxLen) {
		args = []value.Value{noItems, d.MaxLen}
	}
	if err := w.reduce(d, collection("deque"), args...); err != nil {
		return err
	}
	return w.appendAll(d.Items)
}

func (w *writer) uuid(u value.UUID) error {
	class := value.Global{Module: "uuid", Name: "UUID"}
	if w.Protocol >= 2 {
		if err := w.named(class); err != nil {
			return err
		}
		w.out = append(w.out, opEmptyTuple, opNewobj)
		w.remember(u)
	} else {
		if err := w.named(value.Global{Module: "copyreg", Name: "_reconstructor"}); err != nil {
			return err
		}
		w.op(opMark)
		if err := w.named(class); err != nil {
			return err
		}
		if err := w.named(builtin("object")); err != nil {
			return err
		}
		w.out = append(w.out, opNone, opTuple, opReduce)
		w.remember(u)
	}
	state, err := value.NewDict(value.Pair{Key: value.Str("int"), Value: value.NewInt(new(big.Int).SetBytes(u[:]))})
	if err != nil {
		return err
	}
	return w.state(state)
}

func (w *writer) datetime(v value.Value) error {
	class := func(name string) value.Global { return value.Global{Module: "datetime", Name: name} }
	switch v := v.(type) {
	case value.Date:
		return w.reduce(v, class("date"), value.Bytes(dateBytes(v, 0)))
	case *value.Time:
		return w.reduce(v, class("time"), withZone(clockBytes(v.Clock, v.Fold), v.Zone)...)
	case *value.DateTime:
		return w.reduce(v, class("datetime"), withZone(append(dateBytes(v.Date, v.Fold), clockBytes(v.Clock, 0)...), v.Zone)...)
	case value.TimeDelta:
		return w.reduce(v, class("timedelta"), value.Int(v.Days), value.Int(v.Seconds), value.Int(v.Microseconds))
	case *value.TimeZone:
		args := []value.Value{v.Offset}
		if !isNone(v.Name) {
			args = append(args, v.Name)
		}
		return w.reduce(v, class("timezone"), args...)
	}
	return fmt.Errorf("a %s (%T) has no pickled form", v.Type(), v)
}

func withZone(p []byte, zone value.Value) []value.Value {
	if isNone(zone) {
		return []value.Value{value.Bytes(p)}
	}
	return []value.Value{value.Bytes(p), zone}
}

func dateBytes(d value.Date, fold int) []byte {
	return []byte{byte(d.Year >> 8), byte(d.Year), byte(d.Month | fold<<7), byte(d.Day)}
}

func clockBytes(c value.Clock, fold int) []byte {
	return []byte{byte(c.Hour | fold<<7), byte(c.Minute), byte(c.Second), byte(c.Microsecond >> 16), byte(c.Microsecond >> 8), byte(c.Microsecond)}
}
