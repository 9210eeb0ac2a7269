package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
)

// maxAnswer bounds an answer that is printed as Python's bytes.
const maxAnswer = 16 << 20

// sendFlags are the flags of send.
type sendFlags struct {
	app.SendOptions
	wire   wireFlags
	retry  durationFlag
	listen string
	count  int
	raw    bool
}

func newSend(env Env) command {
	c := newCommand(env, usage{
		Name: "send",
		Synopsis: []string{
			"send [flags] ADDRESS FILE|-",
			"send [flags] ADDRESS --value LITERAL",
			"send [flags] --listen ADDRESS FILE|-|--value LITERAL",
			"send --raw ADDRESS FILE|-|--value TEXT",
		},
		Summary: "send a file or a Python value to another program or machine",
		Detail: lines(
			"Speaks the protocol of Python's multiprocessing.connection, to cantil recv or",
			"to a Python that needs nothing installed. --value sends what a literal of",
			"Python means; --object FILE what is in a pickle or a .npy file; for these",
			"Python runs:",
			"",
			"  from multiprocessing.connection import Listener",
			"  c = Listener((\"127.0.0.1\", 6000), authkey=open(\"KEY\", \"rb\").read()).accept()",
			"  print(c.recv())",
			"",
			"A FILE, or the standard input, of any size is sent as it is read, with a",
			"digest that the other side compares. A Python gets it so: info, data =",
			"c.recv(), c.recv_bytes().",
			"",
			"With --listen it waits for cantil recv ADDRESS, or a Client of Python's that",
			"receives, and sends to it, where the other machine cannot be reached from here.",
			"",
			"Both sides prove that they have the key of --key-file or CANTIL_KEY. Without a",
			"key (no authkey in Python) only this machine is talked to. What is sent is not",
			"hidden from those who can read the network unless TLS is used, which Python's",
			"side has not. An address is HOST:PORT or unix:PATH.",
			"",
			"--raw sends bytes and nothing else, as a socket of Python's does, then ends",
			"its side and writes what comes back until the other side ends; with --value as",
			"Received b'...'."),
		Examples: []example{
			{"a value", "cantil send 127.0.0.1:6000 --value \"{'loss': [0.5, 0.25]}\""},
			{"a file, to a machine that has the same key", "cantil send --key-file key host:6000 weights.npz"},
			{"the array in a file, to a Python", "cantil send --object 127.0.0.1:6000 weights.npy"},
			{"a folder", "tar c data | cantil send host:6000 -"},
			{"to three that fetch it", "cantil send --listen 0.0.0.0:6000 --count 3 --key-file key weights.npz"},
			{"the echo client of the notes", "cantil send --raw 127.0.0.1:65432 --value 'Hello, world'"},
		},
		Exits: []exit{
			{"0", "all was sent, and cantil recv has it; a line tells if nothing was confirmed"},
			{"1", "the file or the literal cannot be read"},
			{"130", "Ctrl-C"},
		},
	})
	var flags sendFlags
	f := c.cobra.Flags()
	f.StringVar(&flags.Value, "value", "", "send the value of a Python `LITERAL`; with --raw, this text")
	f.BoolVar(&flags.Object, "object", false, "send what is in FILE, a pickle or an array, as a Python object")
	f.BoolVar(&flags.raw, "raw", false, "send bytes, without messages and keys")
	f.StringVar(&flags.listen, "listen", "", "wait at `ADDRESS` for those who fetch it")
	f.IntVarP(&flags.count, "count", "n", 1, "with --listen: end after so many have fetched it; 0 is never")
	f.Var(&flags.retry, "retry", "while nobody listens at ADDRESS, try for so long")
	flags.wire.add(f)
	c.cobra.RunE = func(cmd *cobra.Command, args []string) error {
		return runSend(env, cmd, flags, args)
	}
	return c
}

// take puts the arguments where they belong: an address, if it is not that of --listen,
// and a file, if there is no value.
func (flags *sendFlags) take(cmd *cobra.Command, args []string) error {
	const hint = "cantil send --help shows the ways to call it"
	hasValue, listens := cmd.Flags().Changed("value"), cmd.Flags().Changed("listen")
	if listens {
		args = append([]string{flags.listen}, args...)
	}
	switch {
	case len(args) == 0:
		return usageError(hint, "no address to send to")
	case args[0] == "":
		return usageError(hint, "the address is empty")
	case hasValue && len(args) > 1:
		return usageError(hint, "--value or the file %q, not both", args[1])
	case !hasValue && len(args) == 1:
		return usageError(hint, "nothing to send: no file and no --value")
	case len(args) > 2 && listens:
		return usageError(hint, "--listen or an address to call, and one file: not also %q", args[2])
	case len(args) > 2:
		return usageError(hint, "one file at a time, not also %q", args[2])
	case !hasValue && args[1] == "":
		return usageError(hint, "the file has no name")
	case flags.Object && (hasValue || flags.raw || args[1] == "-"):
		return usageError(hint, "--object goes with a file")
	case listens && (flags.raw || flags.retry.Duration > 0):
		return usageError(hint, "--listen goes neither with --raw nor with --retry")
	case !listens && cmd.Flags().Changed("count"):
		return usageError(hint, "--count goes with --listen")
	case flags.count < 0:
		return usageError("", "--count must not be below 0")
	case !hasValue && args[1] == "-" && flags.count != 1:
		return usageError(hint, "the standard input can be sent once: --count 1")
	}
	if flags.Address = args[0]; !hasValue {
		flags.File = args[1]
	}
	return nil
}

func runSend(env Env, cmd *cobra.Command, flags sendFlags, args []string) error {
	if err := flags.take(cmd, args); err != nil {
		return err
	}
	flags.Stdin = env.Stdin
	flags.Wait, flags.Retry, flags.Wire = flags.wire.wait.Duration, flags.retry.Duration, flags.wire.options(env)
	ctx, stop := untilInterrupt(cmd.Context())
	defer stop()
	var err error
	switch {
	case flags.raw:
		err = sendRaw(ctx, env, flags)
	case flags.listen != "":
		err = offer(ctx, env, flags)
	default:
		err = sendMessage(ctx, env, flags)
	}
	if err != nil && ctx.Err() != nil {
		return exitStatus(codeInterrupted)
	}
	return err
}

func sendMessage(ctx context.Context, env Env, flags sendFlags) error {
	sent, err := app.Send(ctx, flags.SendOptions)
	env.clearProgress(flags.Wire)
	if err != nil {
		return wireError(err)
	}
	env.tellSent(sent, "the other side")
	return nil
}

func offer(ctx context.Context, env Env, flags sendFlags) error {
	err := app.Offer(ctx, app.OfferOptions{
		SendOptions: flags.SendOptions,
		Count:       flags.count,
		Listens:     func(address string) { env.say("listening at %s", oneLine(address)) },
		Gave: func(peer string, sent *app.Sent) {
			env.clearProgress(flags.Wire)
			env.tellSent(sent, oneLine(peer))
		},
	})
	if err != nil {
		return wireError(err)
	}
	return nil
}

// clearProgress ends the line of progress: what is done needs none.
func (env Env) clearProgress(w app.WireOptions) {
	if w.Moved != nil {
		fmt.Fprint(env.Stderr, "\r\x1b[K")
	}
}

// tellSent tells of a file, and of a value of which it is not known whether it came.
func (env Env) tellSent(sent *app.Sent, peer string) {
	switch {
	case sent.Confirmed && sent.SHA256 == "":
	case sent.Confirmed:
		env.say("sent %s, %d bytes; it is kept there", oneLine(sent.Name), sent.Bytes)
	case sent.SHA256 == "":
		env.say("sent; %s has not said that it has it", peer)
	default:
		env.say("sent %s, %d bytes; %s has not said that it has them. sha256 %s", oneLine(sent.Name), sent.Bytes, peer, sent.SHA256)
	}
}

// sendRaw is the notes' client, or a pipe to another program.
func sendRaw(ctx context.Context, env Env, flags sendFlags) error {
	opts := app.RawOptions{Address: flags.Address, In: env.Stdin, Wait: flags.Wait, Retry: flags.Retry}
	if flags.File == "" {
		opts.In = strings.NewReader(flags.Value)
		var answer bytes.Buffer
		if _, err := app.SendRaw(ctx, opts, &bounded{&answer, maxAnswer}); err != nil {
			return err
		}
		fmt.Fprintf(env.Stdout, "Received %s\n", app.BytesText(answer.Bytes()))
		return nil
	}
	if flags.File != "-" {
		f, err := os.Open(flags.File)
		if err != nil {
			return &failure{err: err, code: codeBadInput}
		}
		defer f.Close()
		opts.In = f
	}
	_, err := app.SendRaw(ctx, opts, env.Stdout)
	return err
}

// bounded is a writer that takes so much.
type bounded struct {
	w    io.Writer
	left int
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, fmt.Errorf("the answer is longer than %d MiB", maxAnswer>>20)
	}
	return b.w.Write(p)
}

// wireError adds what can be done.
func wireError(err error) error {
	var bad *app.BadInput
	switch hint := app.WireHint(err); {
	case errors.As(err, &bad):
		return &failure{err: err, code: codeBadInput}
	case hint != "":
		return &failure{err: err, hint: hint, code: codeFailed}
	}
	return err
}
