package call

import (
	"io"
	"os"
	"time"

	"github.com/cantil-py/cantil/value"
)

// Python is where functions are called. The zero value of all but Path is that of
// os/exec: our folder, our environment, no input, output thrown away.
type Python struct {
	Path           string // of the interpreter, CPython 3.6 or later, or its name on PATH; package interp finds one
	Dir            string
	Env            []string
	Stdin          io.Reader
	Stdout, Stderr io.Writer // see what the functions print, lines as they come; a file is theirs as it is. One that blocks blocks the call.
	// Signals are passed on to the function's process as they come; nil for none. A Pool
	// has no use for them.
	Signals <-chan os.Signal
}

// Request is a call of a function.
type Request struct {
	// Target is FILE.py:FUNC or MODULE:FUNC; FUNC may be dotted, as in Class.method. A file
	// is imported as a module of its name, with its folder first on sys.path; a module is
	// looked for in the working folder first. With no Target nothing is called: the result
	// is the one argument, as Python reads it.
	Target string
	// Args are plain data, see [Result], or a [Literal].
	Args   []value.Value
	Kwargs *value.Dict // keys are of type value.Str; nil for none
	// Timeout bounds the call; 0 is no bound but that of the context. Func counts from the
	// start of the process, a Pool from when the call has a process, imports included.
	Timeout time.Duration
	// Want says what is made of the value; 0 is Data.
	Want Form
}

// Literal is an argument as people type it: what Python reads as a literal is that value
// (ast.literal_eval), any other text is a str. 3 is an int, [1, 2] a list, "3" with its
// quotes and x are strs.
type Literal string

// Type implements [value.Value].
func (Literal) Type() string { return "literal" }

func (l Literal) String() string { return string(l) }

// Form is what is made of the value that a function returns; forms can be added up.
type Form uint8

// The forms.
const (
	Data Form = 1 << iota // Result.Value; for a value that is no plain data Str and Repr as well
	Str                   // Result.Str
	Repr                  // Result.Repr
	JSON                  // Result.JSON; a value without one is an [Unsent]
)

// Result is what a function returned.
type Result struct {
	// Value is exact for plain data: None, Ellipsis, bool, int, float, complex, str, bytes,
	// and tuples, lists, dicts, sets and frozensets of such; members of sets come in any
	// order. For all else it is what Python's pickle makes of it, as package value/pickle
	// reads it: arrays of numpy, dates, objects of other classes as data. It is nil for what
	// cannot be pickled, and where Data was not wanted.
	Value value.Value
	Type  string // of the value: "int", "collections.OrderedDict"
	Str   string // str(value), what print prints
	Repr  string // repr(value)
	JSON  string // json.dumps(value)
}
