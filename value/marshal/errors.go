package marshal

import "fmt"

// Error is a fault in the input: where it is and what was expected there.
type Error struct {
	Offset int    // bytes from the start of the input
	Want   string // "a tuple of 4"; empty where any value would have done
	Found  string // "the end of the data"
}

func (e *Error) Error() string {
	want := e.Want
	if want == "" {
		want = "a marshalled value"
	}
	return fmt.Sprintf("byte %d: expected %s, found %s", e.Offset, want, e.Found)
}

// Expected returns the error of a reader that wanted something else than the
// value just read. It keeps the cause where the input itself is at fault.
func (d *Decoder) Expected(want string) error {
	if d.err != nil {
		e := *d.err
		if e.Want == "" {
			e.Want = want
		}
		return &e
	}
	return &Error{Offset: d.base + d.offset, Want: want, Found: d.describe()}
}

// Err returns the fault that made [Decoder.Next] return KindInvalid, or nil.
func (d *Decoder) Err() error {
	if d.err == nil {
		return nil
	}
	return d.err
}

// describe names the current value, with its length where that tells more.
func (d *Decoder) describe() string {
	switch d.kind {
	case KindTuple, KindList, KindSet, KindFrozenSet:
		return fmt.Sprintf("%v of %d", d.kind, d.length)
	case KindInt:
		return fmt.Sprintf("the int %d", d.int)
	case KindRef:
		return fmt.Sprintf("a reference to %v", d.target())
	}
	return d.kind.String()
}

// fail records the first fault and stops the decoder.
func (d *Decoder) fail(offset int, want, found string) Kind {
	if d.err == nil {
		d.err = &Error{Offset: d.base + offset, Want: want, Found: found}
	}
	d.kind = KindInvalid
	return KindInvalid
}

// short is the failure of a value that needs n more bytes than there are.
func (d *Decoder) short(n int) Kind {
	return d.fail(d.pos, "", fmt.Sprintf("the end of the data after %d of %d bytes", len(d.data)-d.pos, n))
}
