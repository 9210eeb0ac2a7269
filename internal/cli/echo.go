package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
)

// notesAddress is where the echo server of the notes listens.
const notesAddress = "127.0.0.1:65432"

func newEcho(env Env) command {
	c := newCommand(env, usage{
		Name:     "echo",
		Synopsis: []string{"echo [flags]"},
		Summary:  "a server that sends back what it is sent",
		Detail: lines(
			"Listens for connections and sends back to each all that it sends, as it comes,",
			"any number of clients at a time. Each is told on stdout, as Connected by",
			"(address). A client that ends its side, which is an empty read, has its",
			"connection ended.",
			"",
			"Any program can be the client: one of Python's socket, or cantil send --raw.",
			"An address is HOST:PORT, with port 0 for any that is free, or unix:PATH. It",
			"serves this machine only unless --listen names another address; there is no",
			"key and nothing is kept."),
		Examples: []example{
			{"the server", "cantil echo --listen 127.0.0.1:65432"},
			{"a client", "cantil send --raw 127.0.0.1:65432 --value 'Hello, world'"},
			{"in a script: end after one client", "cantil echo --count 1 --idle 10s"},
		},
		Exits: []exit{
			{"0", "--count connections have ended"},
			{"130", "Ctrl-C"},
		},
	})
	var opts app.EchoOptions
	var idle durationFlag
	f := c.cobra.Flags()
	f.StringVar(&opts.Listen, "listen", notesAddress, "listen at `ADDRESS`")
	f.IntVarP(&opts.Count, "count", "n", 0, "end after so many connections; 0 is never")
	f.Var(&idle, "idle", "drop a client that is silent for so long (default: never)")
	c.cobra.RunE = func(cmd *cobra.Command, args []string) error {
		opts.Idle = idle.Duration
		return runEcho(env, cmd, opts, args)
	}
	return c
}

func runEcho(env Env, cmd *cobra.Command, opts app.EchoOptions, args []string) error {
	if len(args) > 0 {
		return usageError("cantil echo --listen ADDRESS", "echo takes no arguments, but %q was given", args[0])
	}
	if opts.Count < 0 {
		return usageError("", "--count must not be below 0")
	}
	opts.Listening = func(address string) { env.say("listening at %s", oneLine(address)) }
	opts.Connected = func(peer string) { fmt.Fprintf(env.Stdout, "Connected by %s\n", oneLine(peer)) }
	opts.Dropped = func(peer string, err error) { env.say("dropped %s: %s", oneLine(peer), oneLine(err.Error())) }
	ctx, stop := untilInterrupt(cmd.Context())
	defer stop()
	err := app.Echo(ctx, opts)
	if err == nil && ctx.Err() != nil {
		return exitStatus(codeInterrupted)
	}
	if err != nil {
		return wireError(err)
	}
	return nil
}
