package pickle

import (
	"slices"

	"github.com/cantil-py/cantil/value"
)

// emptyTuple is Python's one and only ().
func emptyTuple() *value.Tuple { return noItems }

var noItems = new(value.Tuple)

func (m *machine) dict() error {
	items, err := m.popMark()
	if err != nil {
		return err
	}
	d := m.rooms.dict()
	if err := m.setPairs(d, items); err != nil {
		return err
	}
	m.push(d)
	return nil
}

// setPairs sets keys and values, which stand in turn.
func (m *machine) setPairs(d *value.Dict, items []value.Value) error {
	n := len(items)
	if n%2 != 0 {
		return errOddPairs
	}
	if d.Len() == 0 {
		m.rooms.roomFor(d, n/2)
	}
	return d.SetAll(items)
}

func (m *machine) frozenSet() error {
	items, err := m.popMark()
	if err != nil {
		return err
	}
	s, err := value.NewFrozenSet(items...)
	if err != nil {
		return err
	}
	m.push(s)
	return nil
}

func (m *machine) append() error {
	items, err := m.popN(1)
	if err != nil {
		return err
	}
	return m.extend(items)
}

func (m *machine) appends() error {
	items, err := m.popMark()
	if err != nil {
		return err
	}
	return m.extend(items)
}

// extend appends items to what is on top of the stack.
func (m *machine) extend(items []value.Value) error {
	v, err := m.top()
	if err != nil {
		return err
	}
	switch v := v.(type) {
	case *value.List:
		if n := len(v.Items); n >= batch && n+len(items) > cap(v.Items) {
			v.Items = slices.Grow(v.Items, n+len(items)) // append alone grows by a quarter only
		}
		v.Items = append(v.Items, items...)
	case *value.Deque:
		v.Items = append(v.Items, items...)
		if limit, ok := v.MaxLen.(value.Int); ok && len(v.Items) > int(limit) {
			v.Items = v.Items[len(v.Items)-int(limit):]
		}
	default:
		m.change(v, value.Extend, items)
	}
	return nil
}

func (m *machine) setItem() error {
	items, err := m.popN(2)
	if err != nil {
		return err
	}
	return m.setAll(items)
}

func (m *machine) setItems() error {
	items, err := m.popMark()
	if err != nil {
		return err
	}
	return m.setAll(items)
}

// setAll sets keys and values in what is on top of the stack.
func (m *machine) setAll(items []value.Value) error {
	v, err := m.top()
	if err != nil {
		return err
	}
	switch v := v.(type) {
	case *value.Dict:
		return m.setPairs(v, items)
	case *value.OrderedDict:
		return m.setPairs(&v.Dict, items)
	case *value.DefaultDict:
		return m.setPairs(&v.Dict, items)
	case *value.Counter:
		return m.setPairs(&v.Dict, items)
	}
	if len(items)%2 != 0 {
		return errOddPairs
	}
	m.change(v, value.SetItems, items)
	return nil
}

func (m *machine) addItems() error {
	items, err := m.popMark()
	if err != nil {
		return err
	}
	v, err := m.top()
	if err != nil {
		return err
	}
	s, ok := v.(*value.Set)
	if !ok {
		m.change(v, value.AddItems, items)
		return nil
	}
	for _, item := range items {
		if err := s.Add(item); err != nil {
			return err
		}
	}
	return nil
}

// change does to v, which is on top of the stack, what only its class would know how to
// do: it is noted as a step.
func (m *machine) change(v value.Value, kind value.StepKind, items []value.Value) {
	if len(items) == 0 {
		return // CPython looks no further either
	}
	o, ok := v.(*value.Object)
	if !ok {
		o = &value.Object{Making: value.Kept, Class: v}
		m.stack[len(m.stack)-1] = o
	}
	m.tell(Event{Kind: Changed, Object: o, Step: kind, Values: items})
	if n := len(o.Steps); n > 0 && o.Steps[n-1].Kind == kind && kind != value.SetState {
		o.Steps[n-1].Values = append(o.Steps[n-1].Values, items...)
		return
	}
	o.Steps = append(o.Steps, value.Step{Kind: kind, Values: append([]value.Value(nil), items...)})
}
