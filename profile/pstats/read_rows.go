package pstats

import "github.com/cantil-py/cantil/value/marshal"

// marker reads the entry ("__sampled__",): True of the sampling profiler.
func (r *reader) marker() error {
	d := r.d
	if d.Next() != marshal.KindString || d.Text() != "__sampled__" {
		return d.Expected("a function (file, line, name) or the mark __sampled__")
	}
	if d.Next() != marshal.KindBool {
		return d.Expected("True after the mark __sampled__")
	}
	r.sampled = d.Int() != 0
	return nil
}

// row reads the figures of a function: (primitive calls, calls, own time,
// cumulative time, callers).
func (r *reader) row(occurrence int32) error {
	const want = "a tuple of 5 figures of a function"
	d := r.d
	kind := d.Next()
	if kind == marshal.KindRef {
		shared := d.Replay(d.Ref())
		d = &shared
		kind = d.Next()
	}
	if kind != marshal.KindTuple || d.Len() != 5 {
		return d.Expected(want)
	}
	c, err := nextFigures(d)
	if err != nil {
		return err
	}
	c.Calls, c.Primitive = c.Primitive, c.Calls // callers have them the other way round
	callers, err := r.callers(d)
	if err != nil {
		return err
	}
	r.entries.add(entry{occurrence, int32(callers), c})
	return nil
}

// nextFigures reads two numbers of calls and the two times.
func nextFigures(d *marshal.Decoder) (c Counts, err error) {
	if calls, times, ok := d.NextFigures(); ok {
		return Counts{calls[0], calls[1], times[0], times[1]}, nil
	}
	if c.Calls, err = count(d, d.Next()); err != nil {
		return c, err
	}
	if c.Primitive, err = count(d, d.Next()); err != nil {
		return c, err
	}
	if c.Own, err = seconds(d, d.Next()); err != nil {
		return c, err
	}
	c.Cumulative, err = seconds(d, d.Next())
	return c, err
}

// callers reads a dict of callers, whose values are figures or one number, and
// returns how many there are.
func (r *reader) callers(d *marshal.Decoder) (int, error) {
	kind := d.Next()
	if kind == marshal.KindRef {
		shared := d.Replay(d.Ref())
		d = &shared
		kind = d.Next()
	}
	if kind != marshal.KindDict {
		return 0, d.Expected("a dict of callers")
	}
	list := r.free()
	for {
		d.Fill()
		occurrence, more, err := r.caller(d)
		if err != nil {
			return 0, err
		}
		if !more {
			break
		}
		if r.budget--; r.budget < 0 {
			return 0, d.Expected("callers listed once")
		}
		if len(list) == cap(list) {
			list = r.moreEdges(list)
		}
		list = append(list, Edge{Caller: FuncID(occurrence)})
		if err := r.edge(d, &list[len(list)-1]); err != nil {
			return 0, err
		}
	}
	r.keep(list)
	return len(list), r.resolve(list)
}

// caller reads the key of the next caller, if there is one: its occurrence, or
// ^number of a reference, which resolve replaces.
func (r *reader) caller(d *marshal.Decoder) (occurrence int32, more bool, err error) {
	if number, ok := d.NextRef(); ok {
		return int32(^number), true, nil
	}
	kind := d.Next()
	if kind == marshal.KindNull {
		return 0, false, nil
	}
	occurrence, err = r.function(d, kind)
	return occurrence, true, err
}

// resolve puts occurrences in place of references.
func (r *reader) resolve(list []Edge) error {
	for i := range list {
		caller := list[i].Caller
		if caller >= 0 {
			continue
		}
		occurrence, ok := r.knownFunction(int(^caller))
		if !ok {
			var err error
			if occurrence, err = r.functionOf(r.d, int(^caller)); err != nil {
				return err
			}
		}
		list[i].Caller = FuncID(occurrence)
	}
	return nil
}

// edge reads what one caller accounts for: (calls, primitive calls, own time,
// cumulative time), or the number of calls alone.
func (r *reader) edge(d *marshal.Decoder, e *Edge) (err error) {
	if d.NextTuple(4) {
		e.Counts, err = nextFigures(d)
		return err
	}
	kind := d.Next()
	if kind == marshal.KindRef {
		shared := d.Replay(d.Ref())
		d = &shared
		kind = d.Next()
	}
	if kind == marshal.KindTuple {
		if d.Len() != 4 {
			return d.Expected("a tuple of 4 figures of a caller")
		}
		e.Counts, err = nextFigures(d)
		return err
	}
	if e.Calls, err = count(d, kind); err != nil {
		return d.Expected("4 figures of a caller, or its number of calls")
	}
	e.CountOnly = true
	return nil
}

// count takes a whole number. Other tools write 3.0 for 3.
func count(d *marshal.Decoder, kind marshal.Kind) (int64, error) {
	if kind == marshal.KindInt {
		return d.Int(), nil
	}
	if kind == marshal.KindFloat {
		if n := int64(d.Float()); float64(n) == d.Float() {
			return n, nil
		}
	}
	return 0, d.Expected("a whole number of calls below 2**63")
}

// seconds takes a time. The pure-Python profile module writes 0 for 0.0.
func seconds(d *marshal.Decoder, kind marshal.Kind) (float64, error) {
	switch kind {
	case marshal.KindFloat:
		return d.Float(), nil
	case marshal.KindInt:
		return float64(d.Int()), nil
	}
	return 0, d.Expected("a time in seconds")
}
