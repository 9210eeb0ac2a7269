package call

import (
	"fmt"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/pickle"
)

// readAnswer makes of a message, which py/worker.py describes, a result or the error
// that it tells.
func readAnswer(data []byte, python, target string) (Result, error) {
	v, err := decode(data)
	if err != nil {
		return Result{}, fmt.Errorf("reading the answer: %w", err)
	}
	tuple, ok := v.(*value.Tuple)
	if !ok || len(tuple.Items) < 2 {
		return Result{}, errDamaged
	}
	fields := tuple.Items[1:]
	switch kind := text(tuple.Items, 0); kind {
	case "value":
		return result(fields)
	case "raised":
		return Result{}, &Exception{Type: text(fields, 0), Message: text(fields, 1), Traceback: text(fields, 2)}
	case "exit":
		code, _ := fields[0].(value.Int)
		return Result{}, &Exit{Code: int(code), Message: text(fields, 1)}
	case "target":
		return Result{}, &TargetError{target, text(fields, 0)}
	case "unsent":
		return Result{}, &Unsent{text(fields, 0)}
	case "refused":
		return Result{}, &Refused{python, text(fields, 0)}
	}
	return Result{}, errDamaged
}

func result(fields []value.Value) (Result, error) {
	r := Result{Type: text(fields, 0), Str: text(fields, 3), Repr: text(fields, 4), JSON: text(fields, 5)}
	if len(fields) != 6 {
		return r, errDamaged
	}
	data, ok := fields[1].(value.Bytes)
	if !ok {
		return r, nil
	}
	if fields[2] == value.Value(value.Bool(true)) {
		if v, err := pickle.Load([]byte(data)); err == nil { // else Str and Repr must do
			r.Value = v
		}
		return r, nil
	}
	var err error
	if r.Value, err = decode([]byte(data)); err != nil {
		return r, fmt.Errorf("reading the value that the function returned: %w", err)
	}
	return r, nil
}

// text is the str at a place; "" where there is none.
func text(fields []value.Value, place int) string {
	if place >= len(fields) {
		return ""
	}
	s, _ := fields[place].(value.Str)
	return string(s)
}
