package argspec

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/cantil-py/cantil/python/boot"
	"github.com/cantil-py/cantil/run"
)

// The Python side, which is one program.
var (
	//go:embed py/describe.py
	describeSource string
	//go:embed py/guard.py
	guardSource string
	//go:embed py/clicks.py
	clicksSource string
	//go:embed py/start.py
	startSource string
)

const (
	// DefaultTimeout is how long a program may take to its parser: the import of large libraries from a slow disk.
	DefaultTimeout = 60 * time.Second
	// grace is from asking it to end to killing it.
	grace = time.Second
	// maxAnswer bounds a description: a thousand options have about 1 MiB.
	maxAnswer = 64 << 20
	// maxArgs bounds the arguments: the system allows 128 KiB in one piece, and they are written in JSON.
	maxArgs = 48 << 10
)

// Program is a program whose command line is wanted.
type Program struct {
	boot.Program          // Args are not used
	Dir          string   // where it is called; "" for the current folder
	Env          []string // as os.Environ gives it; nil for ours
	TwoStage     bool     // its first parse_known_args is let through
	Timeout      time.Duration
	Home         string // a folder to keep the bootstrap's files in
}

// Problem is the error where a program has no description: it parses nothing, or fails before.
type Problem struct {
	Kind    string `json:"kind"` // "none", "ended", "failed" or "timeout"
	Text    string `json:"text"`
	Program string `json:"-"`
}

func (p *Problem) Error() string {
	return fmt.Sprintf("reading the command line of %s: %s", p.Program, p.Text)
}

// Read starts the program and describes the first parser that parses. The error is a [*Problem] where that is the program's doing.
func Read(ctx context.Context, p Program) (*Spec, error) {
	data, err := p.ask(ctx, "describe", nil, 0)
	if err != nil {
		return nil, err
	}
	return parse(data)
}

// question is what start.py is asked.
type question struct {
	Mode      string   `json:"mode"` // "describe" or "check"
	Program   string   `json:"program"`
	Module    bool     `json:"module"`
	Args      []string `json:"args"`
	TwoStage  bool     `json:"two_stage"`
	Boot      string   `json:"boot"`
	Folder    string   `json:"folder"`    // where the program is called
	Elsewhere string   `json:"elsewhere"` // where it is until it parses
	Answer    string   `json:"answer"`
}

// ask starts the program and returns the answer.
func (p Program) ask(ctx context.Context, mode string, args []string, columns int) ([]byte, error) {
	what := "reading the command line of " + p.Name
	home, err := boot.Install(p.Home)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	dir, err := filepath.Abs(p.Dir)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	folder, err := os.MkdirTemp("", "cantil-args-")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	defer os.RemoveAll(folder)
	q := question{Mode: mode, Program: p.Name, Module: p.Module, Args: append([]string{}, args...), TwoStage: p.TwoStage, Boot: home, Folder: dir,
		Elsewhere: filepath.Join(folder, "elsewhere"), Answer: filepath.Join(folder, "answer.json")}
	if err := os.Mkdir(q.Elsewhere, 0o700); err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	outcome, err := p.start(ctx, q, folder, columns)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return p.answer(q.Answer, folder, outcome)
}

// start runs Python to its end, and all that it started with it.
func (p Program) start(ctx context.Context, q question, folder string, columns int) (run.Outcome, error) {
	text, err := json.Marshal(q)
	if err != nil {
		return run.Outcome{}, err
	}
	if len(text) > 2*maxArgs {
		return run.Outcome{}, errors.New("the arguments are too long to be checked")
	}
	timeout := p.Timeout
	if timeout <= 0 {
		timeout = DefaultTimeout
	}
	source := strings.Join([]string{describeSource, guardSource, clicksSource, startSource}, "\n")
	process, err := run.Start(ctx, run.Spec{
		Argv: []string{p.Python, "-c", source, string(text)}, Dir: q.Folder, Env: p.environment(columns), Folder: folder,
		Timeout: timeout, Grace: grace, TTY: run.TTYNever,
	})
	if err != nil {
		return run.Outcome{}, err
	}
	outcome, err := process.Wait()
	if err != nil {
		return outcome, err
	}
	for _, pid := range outcome.LeftRunning { // what it started before it parsed has nothing to do any more
		if left, err := os.FindProcess(pid); err == nil {
			_ = left.Kill() // it may have ended
		}
	}
	return outcome, ctx.Err()
}

// environment is the program's, but that it sees no graphics card, has no colours, and the given number of columns.
func (p Program) environment(columns int) []string {
	environ := p.Env
	if environ == nil {
		environ = os.Environ()
	}
	var env []string
	for _, v := range environ {
		switch name, _, _ := strings.Cut(v, "="); name {
		case "CUDA_VISIBLE_DEVICES", "FORCE_COLOR", "PYTHON_COLORS", "NO_COLOR", "COLUMNS", "PYTHONINSPECT", "PYTHONSTARTUP":
		default:
			env = append(env, v)
		}
	}
	if columns > 0 {
		env = append(env, "COLUMNS="+strconv.Itoa(columns))
	}
	return append(env, "CUDA_VISIBLE_DEVICES=", "NO_COLOR=1")
}

// answer reads what start.py left, or tells why there is nothing.
func (p Program) answer(path, folder string, outcome run.Outcome) ([]byte, error) {
	if outcome.Status == run.TimedOut {
		return nil, &Problem{"timeout", "it did not come to parse its arguments in time", p.Name}
	}
	file, err := os.Open(path)
	if err != nil {
		how := outcome.Signal
		if how == "" {
			how = fmt.Sprintf("exit code %d", outcome.Code)
		}
		return nil, &Problem{"failed", fmt.Sprintf("Python ended with %s before it parsed a command line: %s", how, lastLine(folder)), p.Name}
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxAnswer+1))
	if err == nil && len(data) > maxAnswer {
		err = fmt.Errorf("the description is larger than %d MiB", maxAnswer>>20)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the command line of %s: %w", p.Name, err)
	}
	var found struct {
		Problem *Problem `json:"problem"`
	}
	if err := json.Unmarshal(data, &found); err != nil {
		return nil, fmt.Errorf("reading the command line of %s: %w", p.Name, err)
	}
	if found.Problem != nil {
		found.Problem.Program = p.Name
		return nil, found.Problem
	}
	return data, nil
}

// lastLine is where Python says what went wrong.
func lastLine(folder string) string {
	const enough = 64 << 10 // of what it printed
	file, err := os.Open(filepath.Join(folder, run.StderrFile))
	if err != nil {
		return "it said nothing"
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, enough))
	if err != nil || len(bytes.TrimSpace(data)) == 0 {
		return "it said nothing"
	}
	lines := bytes.Split(bytes.TrimSpace(data), []byte("\n"))
	return string(lines[len(lines)-1])
}
