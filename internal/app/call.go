package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
	"unicode/utf8"

	"github.com/cantil-py/cantil/python/call"
	"github.com/cantil-py/cantil/python/interp"
	"github.com/cantil-py/cantil/run"
	"github.com/cantil-py/cantil/value"
)

// CallOptions are the function to call, and what is printed of it.
type CallOptions struct {
	Python  string // a path, a name or a version; "" for the one in use here
	Target  string // FILE.py:FUNC or MODULE:FUNC
	Args    []string
	Kwargs  string        // a JSON object; "" for none
	Timeout time.Duration // 0 for none
	Default *string       // printed where the function was ended by the timeout; nil for none
	JSON    bool          // print the value as JSON

	Dir            string   // the working folder; "" for this process's
	Env            []string // what the function finds in its environment
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Signals        <-chan os.Signal  // passed on to the function's process
	Say            func(line string) // what the user should know, as it comes up
}

// The codes of a call that gave no value; those of the function's own process aside.
const (
	raisedCode  = 1
	timeoutCode = run.CodeTimedOut
)

// Call calls a Python function in a process of its own and prints what it returns. A
// function that fails is no error here: its exit code is returned, and is never 0 where
// nothing was returned. The error is a [NotFound] or [NotExecutable] where the function or
// the Python was at fault.
func Call(ctx context.Context, opts CallOptions) (exitCode int, err error) {
	request, err := opts.request()
	if err != nil {
		return 0, err
	}
	python, err := opts.python(ctx)
	if err != nil {
		return 0, err
	}
	result, err := call.Func(ctx, python, request)
	if err != nil {
		return opts.tell(ctx, python, err)
	}
	return 0, opts.print(result)
}

func (o *CallOptions) request() (call.Request, error) {
	kwargs, err := keywords(o.Kwargs)
	r := call.Request{Target: o.Target, Kwargs: kwargs, Timeout: o.Timeout, Want: o.form()}
	for _, arg := range o.Args {
		r.Args = append(r.Args, call.Literal(arg))
	}
	return r, err
}

func (o *CallOptions) form() call.Form {
	if o.JSON {
		return call.JSON
	}
	return call.Str
}

func (o *CallOptions) python(ctx context.Context) (call.Python, error) {
	found, err := interp.Find(ctx, o.Python, interp.Options{Dir: o.Dir})
	var missing *interp.NotFoundError
	var unsupported *interp.UnsupportedError
	switch {
	case errors.As(err, &missing):
		err = &NotFound{err}
	case errors.As(err, &unsupported):
		err = &NotExecutable{err}
	}
	return call.Python{Path: found.Path, Dir: o.Dir, Env: o.Env, Stdin: o.Stdin, Stdout: o.Stdout, Stderr: o.Stderr, Signals: o.Signals}, err
}

// print writes the value as Python's print does.
func (o *CallOptions) print(r call.Result) error {
	text := r.Str
	if o.JSON {
		text = r.JSON
	}
	if _, err := io.WriteString(o.Stdout, asPrinted(text)+"\n"); err != nil {
		return fmt.Errorf("printing the value: %w", err)
	}
	return nil
}

// asPrinted is text as UTF-8. The surrogates that stand for a byte (os.fsdecode) become that
// byte; others, which Python itself refuses to print, an escape.
func asPrinted(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	var b []byte
	for len(text) > 0 {
		r, size := value.DecodeRune(text)
		switch {
		case r >= 0xDC80 && r <= 0xDCFF:
			b = append(b, byte(r))
		case r >= 0xD800 && r <= 0xDFFF:
			b = fmt.Appendf(b, `\u%x`, r)
		default:
			b = utf8.AppendRune(b, r)
		}
		text = text[size:]
	}
	return string(b)
}

// tell says why there is no value, and gives the exit code for that.
func (o *CallOptions) tell(ctx context.Context, python call.Python, err error) (int, error) {
	var raised *call.Exception
	var exit *call.Exit
	var died *call.Died
	var unsent *call.Unsent
	var missing *call.TargetError
	var refused *call.Refused
	switch {
	case errors.Is(err, call.ErrTimeout):
		return o.timedOut(ctx, python)
	case errors.As(err, &raised):
		_, err := io.WriteString(o.Stderr, asPrinted(raised.Traceback))
		return codeOfException(raised), err
	case errors.As(err, &exit):
		o.Say(err.Error())
		return max(exit.Code, raisedCode), nil
	case errors.As(err, &died):
		o.Say(err.Error())
		return codeOfDeath(died), nil
	case errors.As(err, &unsent):
		o.Say(err.Error())
		return raisedCode, nil
	case errors.As(err, &missing):
		return 0, &NotFound{err}
	case errors.As(err, &refused):
		return 0, &NotExecutable{err}
	}
	return 0, err
}

// codeOfException is Python's own exit code for it.
func codeOfException(e *call.Exception) int {
	if e.Type == "KeyboardInterrupt" {
		return 128 + 2 // as the shell tells an end by SIGINT
	}
	return raisedCode
}

func codeOfDeath(d *call.Died) int {
	if d.Signal != 0 {
		return 128 + d.Signal
	}
	return max(d.Code, raisedCode)
}

// timedOut prints the default, if there is one, as the function's value would be.
func (o *CallOptions) timedOut(ctx context.Context, python call.Python) (int, error) {
	o.Say(fmt.Sprintf("%s did not return within %v and was ended", o.Target, o.Timeout))
	if o.Default == nil {
		return timeoutCode, nil
	}
	python.Stdin, python.Stdout, python.Stderr = nil, nil, nil
	r, err := call.Func(ctx, python, call.Request{Args: []value.Value{call.Literal(*o.Default)}, Want: o.form()})
	if err != nil {
		return 0, fmt.Errorf("reading the default %q: %w", *o.Default, err)
	}
	return 0, o.print(r)
}
