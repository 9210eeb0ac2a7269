package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
)

// recvFlags are the flags of recv.
type recvFlags struct {
	app.RecvOptions
	wire  wireFlags
	retry durationFlag
}

func newRecv(env Env) command {
	c := newCommand(env, usage{
		Name:     "recv",
		Synopsis: []string{"recv [flags]", "recv [flags] ADDRESS"},
		Summary:  "take files and Python values that others send",
		Detail: lines(
			"Waits for cantil send, or for a Python that needs nothing installed and runs:",
			"",
			"  from multiprocessing.connection import Client",
			"  c = Client((\"127.0.0.1\", 6000), authkey=open(\"KEY\", \"rb\").read())",
			"  c.send({\"loss\": [0.5, 0.25]})",
			"",
			"A value is printed as its repr, or with -o FOLDER kept as a pickle; nothing in",
			"it is executed, and a warning tells if Python should load it only from those",
			"you trust. c.send_bytes(data) sends bytes. Files and bytes of any size are",
			"kept in the folder of -o, or the current one, when they are whole and their",
			"digest is right: a transfer that breaks off leaves nothing. Names are made",
			"safe, and no file is overwritten: the second notes.txt is notes-2.txt. With -o",
			"- bytes go to stdout.",
			"",
			"With an ADDRESS it calls who listens there, cantil send --listen or a Listener",
			"of Python's that sends, where this machine cannot be reached from there.",
			"",
			"Several may send at a time; one that goes silent within a message is dropped.",
			"Both sides prove that they have the key of --key-file or CANTIL_KEY; without a",
			"key (no authkey in Python) only this machine is listened to. An address is",
			"HOST:PORT, with port 0 for any that is free, or unix:PATH."),
		Examples: []example{
			{"one thing, from this machine", "cantil recv"},
			{"all that comes, from machines with the same key", "cantil recv --key-file key --listen 0.0.0.0:6000 --count 0 -o inbox"},
			{"a folder", "cantil recv -o - | tar x"},
			{"from who listens, as soon as it does", "cantil recv --retry 1m host:6000 --key-file key"},
		},
		Exits: []exit{
			{"0", "--count things have come; with an ADDRESS and --count 0, all have"},
			{"130", "Ctrl-C"},
		},
	})
	var flags recvFlags
	f := c.cobra.Flags()
	f.StringVar(&flags.Listen, "listen", "127.0.0.1:6000", "listen at `ADDRESS`")
	f.StringVarP(&flags.Dir, "output", "o", "", "keep all in `FOLDER`; - writes bytes to stdout")
	f.IntVarP(&flags.Count, "count", "n", 1, "end after so many files and values; 0 is never")
	f.BoolVar(&flags.Bytes, "bytes", false, "take every message as bytes, also what looks like a value")
	f.Var(&flags.retry, "retry", "with an ADDRESS: while nobody listens there, try for so long")
	flags.wire.add(f)
	c.cobra.RunE = func(cmd *cobra.Command, args []string) error {
		return runRecv(env, cmd, flags, args)
	}
	return c
}

func runRecv(env Env, cmd *cobra.Command, flags recvFlags, args []string) error {
	const hint = "cantil recv --help shows the ways to call it"
	switch {
	case len(args) > 1:
		return usageError(hint, "one address at a time, not also %q", args[1])
	case len(args) == 1 && args[0] == "":
		return usageError(hint, "the address is empty")
	case len(args) == 1 && cmd.Flags().Changed("listen"):
		return usageError(hint, "--listen or the address %q to call, not both", args[0])
	case len(args) == 0 && flags.retry.Duration > 0:
		return usageError(hint, "--retry goes with an address to call")
	}
	if flags.Count < 0 {
		return usageError("", "--count must not be below 0")
	}
	flags.Out, flags.Wait, flags.Wire = env.Stdout, flags.wire.wait.Duration, flags.wire.options(env)
	flags.Listens = func(address string) { env.say("listening at %s", oneLine(address)) }
	flags.Got = func(got app.Received) { env.tellReceived(got, flags.Wire.Moved != nil) }
	ctx, stop := untilInterrupt(cmd.Context())
	defer stop()
	if len(args) == 1 {
		flags.Address, flags.Retry = args[0], flags.retry.Duration
		return received(ctx, app.Fetch(ctx, flags.RecvOptions))
	}
	return received(ctx, app.Recv(ctx, flags.RecvOptions))
}

func received(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return exitStatus(codeInterrupted)
	}
	if err != nil {
		return wireError(err)
	}
	return nil
}

// tellReceived tells where a thing was kept.
func (env Env) tellReceived(got app.Received, clear bool) {
	if clear {
		fmt.Fprint(env.Stderr, "\r\x1b[K")
	}
	if got.File == "" {
		return
	}
	env.say("%s, %d bytes from %s", oneLine(got.File), got.Bytes, oneLine(got.Peer))
	if got.Unread {
		env.say("%s is too large to be judged as it comes: cantil scan tells whether Python may load it", oneLine(got.File))
	}
	if got.Unsafe {
		env.say("do not load %s with Python unless you trust who sent it; cantil scan tells why", oneLine(got.File))
	}
}
