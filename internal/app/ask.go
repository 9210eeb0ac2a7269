package app

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/cantil-py/cantil/python/interp"
)

// The questions that Python answers, as programs of their own.
var (
	//go:embed ask_where.py
	askWhere string
	//go:embed ask_docs.py
	askDocs string
	//go:embed ask_packages.py
	askPackages string
)

const (
	// askTime bounds an answer: a cold start of Python, and the import of what is asked about.
	askTime = 30 * time.Second
	// unknownCode is the exit code of a question's program when it knows no answer and says why.
	unknownCode = 3
)

// Asked is which Python is asked, in which folder.
type Asked struct {
	Python string   // as python/interp takes it; "" for the one of this folder
	Dir    string   // "" for the current one
	Env    []string // as "name=value"
}

// ask runs one of the questions and returns the lines it prints. That it knows no
// answer is a [BadInput].
func (a Asked) ask(ctx context.Context, question, name string) ([]string, error) {
	python, err := interp.Find(ctx, a.Python, interp.Options{Dir: a.Dir})
	var missing *interp.NotFoundError
	var unsupported *interp.UnsupportedError
	switch {
	case errors.As(err, &missing):
		return nil, &NotFound{err}
	case errors.As(err, &unsupported):
		return nil, &NotExecutable{err}
	case err != nil:
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(ctx, python.Path, "-c", question, name)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = a.Dir, append(a.Env, "PYTHONIOENCODING=utf-8:surrogateescape"), &out, &errs
	err = cmd.Run()
	var exit *exec.ExitError
	text := strings.TrimSpace(errs.String())
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("asking %s about %s: no answer within %s", python.Path, name, askTime)
	case errors.As(err, &exit) && exit.ExitCode() == unknownCode:
		return nil, &BadInput{errors.New(text)}
	case err != nil:
		return nil, fmt.Errorf("asking %s about %s: %w: %s", python.Path, name, err, lastLine(text))
	}
	return strings.Split(strings.TrimSuffix(strings.ReplaceAll(out.String(), "\r\n", "\n"), "\n"), "\n"), nil
}

// lastLine is where a traceback says what went wrong.
func lastLine(text string) string { return text[strings.LastIndexByte(text, '\n')+1:] }
