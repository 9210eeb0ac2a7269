package cli

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/cantil-py/cantil/internal/app"
	"github.com/cantil-py/cantil/internal/term"
)

// listMark stands before each list of items, as with GNU parallel.
const listMark = ":::"

// runParallel runs a program for each combination of items, or for each line of stdin.
func runParallel(ctx context.Context, env Env, flags runFlags, args []string) error {
	each, err := flags.programs(env, args)
	if err != nil {
		return err
	}
	if len(each) == 0 {
		return usageError("give lists behind :::, or a command in each line of stdin", "no program to run")
	}
	if flags.console {
		for _, opts := range each {
			if err := runConsole(ctx, env, opts); err != nil {
				return err
			}
		}
		return nil
	}
	progress := progress{env: env, total: len(each), show: term.IsTerminal(env.Stderr)}
	results := make([]parallelResult, len(each))
	failed := app.RunMany(ctx, app.ManyOptions{Each: each, Jobs: flags.parallel, Halt: flags.halt, Done: func(n int, r app.RunResult, err error) {
		results[n] = parallelResult{Command: commandOf(each[n]), RunResult: r}
		progress.clear()
		progress.ended(env.tellOne(&results[n], err, flags.json))
	}})
	progress.clear()
	env.say("%s", tally(progress.done, failed, len(each)))
	if flags.json {
		if err := printJSON(env.Stdout, results[:]); err != nil {
			return err
		}
	}
	if failed > 0 {
		return exitStatus(codeBadInput)
	}
	return nil
}

// tally says how many programs of all ended, and how.
func tally(done, failed, all int) string {
	text := fmt.Sprintf("%d of %d ended well, %d failed", done-failed, all, failed)
	if done < all {
		text += fmt.Sprintf(", %d not started", all-done)
	}
	return text
}

// parallelResult is a program of several, as --json tells it.
type parallelResult struct {
	Command []string `json:"command"`
	app.RunResult
	NotRun string `json:"not_run,omitempty"` // why it could not be started
}

// commandOf is the command line of a program, for people.
func commandOf(o app.RunOptions) []string {
	words := append([]string{o.Program}, o.Args...)
	if o.Module {
		words = append([]string{"-m"}, words...)
	}
	return words
}

// tellOne prints the output of one that has ended, and how it ended. It returns whether it was run.
func (env Env) tellOne(r *parallelResult, err error, onlyJSON bool) bool {
	line := shown(r.Command)
	if err != nil {
		r.NotRun = err.Error()
		message, hint := explain(err)
		env.sayError(message, hint)
		return false
	}
	stdout := env.Stdout
	if onlyJSON {
		stdout = env.Stderr
	}
	if err := r.ShowOutput(context.Background(), stdout, env.Stderr); err != nil {
		env.sayError(err.Error(), "")
	}
	how := ""
	if r.Code != codeOK {
		how = fmt.Sprintf(" with exit code %d", r.Code)
	}
	env.say("%s ended%s after %.1f s: %s", line, how, r.Wall, r.ID)
	return true
}

// programs are the options of each program.
func (r *runFlags) programs(env Env, args []string) ([]app.RunOptions, error) {
	command, lists := splitLists(args)
	var lines [][]string
	var err error
	switch {
	case len(lists) > 0:
		lines, err = app.Product(command, lists)
	default:
		lines, err = app.ReadCommands(env.Stdin)
		for i := range lines {
			if len(command) > 0 && err == nil {
				lines[i], err = app.FillItems(command, lines[i])
			}
		}
	}
	if err != nil {
		return nil, err
	}
	each := make([]app.RunOptions, 0, len(lines))
	for _, line := range lines {
		opts := r.opts
		opts.Quiet, opts.Stdin = true, nil
		if len(command) == 0 {
			line = programOfLine(&opts, line)
		}
		if len(line) == 0 {
			return nil, usageError("a line is SCRIPT, -m MODULE or -- COMMAND, with arguments", "a line has no program")
		}
		opts.Program, opts.Args = line[0], line[1:]
		each = append(each, opts)
	}
	return each, nil
}

// programOfLine takes off what says of which kind the program is.
func programOfLine(opts *app.RunOptions, line []string) []string {
	opts.Module, opts.Command = line[0] == "-m", line[0] == "--"
	if opts.Module || opts.Command {
		return line[1:]
	}
	if _, err := os.Stat(line[0]); err != nil && !strings.HasSuffix(line[0], ".py") {
		opts.Command = true // echo, make: no file here
	}
	return line
}

// splitLists parts "command ::: a b ::: c".
func splitLists(args []string) (command []string, lists [][]string) {
	for i, arg := range args {
		switch {
		case arg == listMark:
			lists = append(lists, []string{})
		case len(lists) == 0:
			command = args[:i+1]
		default:
			lists[len(lists)-1] = append(lists[len(lists)-1], arg)
		}
	}
	return command, lists
}

// progress is a line on stderr that is written over and over.
type progress struct {
	env         Env
	total, done int
	show        bool
}

func (p *progress) clear() {
	if p.show {
		fmt.Fprint(p.env.Stderr, "\r\x1b[K")
	}
}

func (p *progress) ended(bool) {
	p.done++
	if p.show && p.done < p.total {
		fmt.Fprintf(p.env.Stderr, "%d of %d ended", p.done, p.total)
	}
}

// shown is a command line for people, with quotes only where they tell something.
func shown(words []string) string {
	list := make([]string, len(words))
	for i, word := range words {
		if list[i] = word; word == "" || strings.ContainsAny(word, " \t\n'\"") {
			list[i] = strconv.Quote(word)
		}
	}
	return strings.Join(list, " ")
}
