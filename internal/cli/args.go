package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
	"github.com/cantil-py/cantil/internal/term"
)

// argsFlags are the flags of args.
type argsFlags struct {
	opts    app.ArgsOptions
	timeout durationFlag
	json    bool
	check   bool
}

func newArgs(env Env) command {
	c := newCommand(env, usage{
		Name: "args",
		Synopsis: []string{
			"args [flags] SCRIPT",
			"args [flags] -m MODULE",
			"args [flags] --check SCRIPT -- [ARGS...]",
		},
		Summary: "a program's own command line: show it, check arguments",
		Detail: lines(
			"Shows the arguments that a program takes: of any that uses argparse, click or",
			"typer, with no change to it. The program is started, and stopped where it would",
			"parse its arguments: what comes after that never runs. Imports and the like do,",
			"as for its --help. A program that imports no such module is not started.",
			"",
			"--check says what the program would say of the arguments, byte for byte, with",
			"its exit code, and nothing if they are good. Where every type is built-in that",
			"takes a few milliseconds; otherwise its own parser is asked.",
			"",
			"What was read is kept in the user's folder of caches for as long as the script",
			"and the modules beside it stay the same; cantil completion uses it, too."),
		Examples: []example{
			{"which arguments are there?", "cantil args train.py"},
			{"of a module, for other programs", "cantil args --json -m mypackage.train"},
			{"are these right, before an hour in a queue?", "cantil args --check train.py -- --epochs ten"},
		},
		Exits: []exit{
			{"any", "with --check: the program's own, 0 where the arguments are good, 2 where argparse refuses them"},
			{"0", "its command line was printed"},
			{"1", "it has none, or failed before"},
			{"126", "the Python cannot be used"},
			{"127", "no Python, or no such script"},
			{"130", "Ctrl-C"},
		},
	})
	flags := argsFlags{opts: app.ArgsOptions{Env: env.Environ}}
	flags.add(c.cobra)
	c.cobra.ValidArgsFunction = onlyPrograms
	c.cobra.RunE = func(cmd *cobra.Command, args []string) error {
		own, theirs := args, []string(nil)
		if n := cmd.ArgsLenAtDash(); n >= 0 {
			own, theirs = args[:n], args[n:]
			if !flags.check {
				return usageError("cantil args --check SCRIPT -- ARGS", "arguments after -- are for --check")
			}
		}
		if len(own) != 1 {
			return usageError("cantil args SCRIPT, cantil args -m MODULE, cantil args --check SCRIPT -- ARGS", "one program is wanted, not %d", len(own))
		}
		flags.opts.Program, flags.opts.Timeout = own[0], flags.timeout.Duration
		ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM) // the program ends with us
		defer stop()
		return runArgs(ctx, env, flags, theirs)
	}
	return c
}

func (a *argsFlags) add(c *cobra.Command) {
	f := c.Flags()
	f.BoolVarP(&a.opts.Module, moduleFlag, "m", false, "the program is a module or package: -m MODULE")
	f.BoolVar(&a.check, "check", false, "say what the program would say of the arguments after --")
	f.BoolVar(&a.json, "json", false, "print as JSON; docs/formats/argspec.md has the fields")
	f.BoolVar(&a.opts.TwoStage, "two-stage", false, "of a program that parses twice, take the second parser: its first parse_known_args is let through")
	f.StringVar(&a.opts.Python, "python", "", "ask this `PYTHON`: a path, a name (python3.8) or a version (3.12)")
	f.Var(&a.timeout, "timeout", "how long the program may take to its parser, `TIME` (default 1m)")
	f.BoolVar(&a.opts.Fresh, "fresh", false, "read it anew, even if it is known")
}

// onlyPrograms completes files that Python runs.
func onlyPrograms(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return []string{"py"}, cobra.ShellCompDirectiveFilterFileExt
}

func runArgs(ctx context.Context, env Env, flags argsFlags, args []string) error {
	if flags.check {
		return runCheckArgs(ctx, env, flags, args)
	}
	spec, err := app.Args(ctx, flags.opts)
	if err != nil {
		return argsError(err, flags.opts)
	}
	if flags.json {
		return printJSON(env.Stdout, spec)
	}
	out := bufio.NewWriter(env.Stdout)
	w := argsWriter{Writer: out, style: env.styleOut(), width: term.Width(env.Stdout)}
	w.table(app.TabulateArgs(spec))
	return out.Flush()
}

func runCheckArgs(ctx context.Context, env Env, flags argsFlags, args []string) error {
	answer, err := app.CheckArgs(ctx, flags.opts, args, term.Columns(env.Stdout))
	if err != nil {
		return argsError(err, flags.opts)
	}
	if flags.json {
		if err := printJSON(env.Stdout, answer); err != nil {
			return err
		}
		return statusOf(answer.Code)
	}
	if _, err := fmt.Fprint(env.Stdout, answer.Stdout); err != nil {
		return err
	}
	fmt.Fprint(env.Stderr, answer.Stderr)
	if answer.Uncaught != "" {
		env.say("%s would end with an exception: %s", flags.opts.Program, oneLine(answer.Uncaught))
	}
	return statusOf(answer.Code)
}

// argsError adds what can be done.
func argsError(err error, opts app.ArgsOptions) error {
	var missing *app.NotFound
	switch {
	case errors.Is(err, context.Canceled):
		return exitStatus(codeInterrupted)
	case errors.As(err, &missing):
		return forgottenM(err, "args", app.Launch{Module: opts.Module, Program: opts.Program})
	}
	return toolError(err, "")
}

// argsWriter writes tables of arguments.
type argsWriter struct {
	*bufio.Writer
	style term.Style
	width int
}

const (
	argsGap  = 2
	mostArgs = 34 // the widest column but the last; what is wider moves the line on
	leastLot = 24 // columns that the meaning needs to be beside the others
)

// table writes the table of a program, then those of its commands.
func (w argsWriter) table(t app.ArgsTable) {
	fmt.Fprint(w, w.style.Bold(oneLine(t.Name)))
	if t.Meaning != "" {
		fmt.Fprint(w, ": ", oneLine(t.Meaning))
	}
	fmt.Fprintln(w)
	for _, s := range t.Sections {
		if len(s.Rows) > 0 {
			w.section(s)
		}
	}
	if len(t.Notes) > 0 {
		fmt.Fprintln(w)
	}
	for _, note := range t.Notes {
		fmt.Fprintln(w, oneLine(note))
	}
	for _, c := range t.Commands {
		fmt.Fprintln(w)
		w.table(c)
	}
}

func (w argsWriter) section(s app.ArgsSection) {
	title := strings.ToUpper(oneLine(s.Title))
	if title == "" || title == "OPTIONAL ARGUMENTS" {
		title = "OPTIONS"
	}
	rows := append([]app.ArgsRow{{Argument: title, Value: "VALUE", Default: "DEFAULT", Meaning: "MEANING"}}, s.Rows...)
	var widths [3]int
	for _, r := range rows {
		for i, cell := range []string{r.Argument, r.Value, r.Default} {
			widths[i] = max(widths[i], min(mostArgs, utf8.RuneCountInString(oneLine(cell))))
		}
	}
	fmt.Fprintln(w)
	for i, r := range rows {
		w.row(r, widths, i == 0)
	}
}

// row writes one argument; its meaning is wrapped within its own column.
func (w argsWriter) row(r app.ArgsRow, widths [3]int, head bool) {
	line, at := "", 0
	for i, cell := range []string{r.Argument, r.Value, r.Default} {
		at += widths[i] + argsGap
		line += oneLine(cell)
		if utf8.RuneCountInString(line) > at-argsGap && i < 2 {
			fmt.Fprintln(w, line) // it is too long, the rest stands below
			line = ""
		}
		line += strings.Repeat(" ", max(at-utf8.RuneCountInString(line), argsGap))
	}
	room := w.width - at
	if room < leastLot {
		room = w.width - argsGap
	}
	for i, text := range wrapWords(oneLine(r.Meaning), room) {
		if i > 0 {
			line = strings.Repeat(" ", min(at, w.width-room))
		}
		line = strings.TrimRight(line+text, " ")
		if head {
			line = w.style.Dim(line)
		}
		fmt.Fprintln(w, line)
	}
}

// wrapWords breaks a text between words; there is always one line.
func wrapWords(text string, width int) []string {
	lines := []string{""}
	for _, word := range strings.Fields(text) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case utf8.RuneCountInString(*last)+1+utf8.RuneCountInString(word) <= width:
			*last += " " + word
		default:
			lines = append(lines, word)
		}
	}
	return lines
}
