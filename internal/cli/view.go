package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
)

// maxPort is the largest number of a port.
const maxPort = 65535

// viewFlags are the flags of view.
type viewFlags struct {
	port    int
	noOpen  bool
	browser string
}

func newView(env Env) command {
	c := newCommand(env, usage{
		Name:     "view",
		Synopsis: []string{"view [flags] [FILE|RUN...]"},
		Summary:  "look at runs, profiles and values in the browser",
		Detail: lines(
			"Serves pages on this machine and opens them: the runs of the project as they",
			"come, one run with its output, traceback, profile and kept variables, two runs",
			"compared, and forms that start programs by their own arguments. It goes on until",
			"Ctrl-C. Runs that were started from a page go on after that.",
			"",
			"FILE is a profile, a file of values (pickle, .npy, .npz), or a script to start.",
			"RUN is an ID, a name, @last, or the path of its folder; two of them are",
			"compared. Without any, all runs are shown.",
			"",
			"The address has a secret in it: whoever knows it can read what is shown here,",
			"and start and stop programs as you. Only this machine is listened to. Nothing",
			"but the runs and the files that were named is read. From another machine,",
			"forward a port of the same number: ssh -L 8017:127.0.0.1:8017 HOST cantil view",
			"--port 8017."),
		Examples: []example{
			{"all runs, live", "cantil view"},
			{"an array, as a picture", "cantil view weights.npy"},
			{"what changed since the run before?", "cantil view @-2 @last"},
			{"only the address, for a browser of your own", "cantil view --no-open --port 8017"},
		},
		Exits: []exit{{"0", "it was ended by Ctrl-C"}, noRunExit},
	})
	var flags viewFlags
	f := c.cobra.Flags()
	f.IntVar(&flags.port, "port", 0, "listen on this port `N`; 0 is any that is free")
	f.BoolVar(&flags.noOpen, "no-open", false, "print the address, and open no browser")
	f.StringVar(&flags.browser, "browser", "", "open it with this `PROGRAM`, in place of the system's own choice")
	c.cobra.ValidArgsFunction = func(cmd *cobra.Command, args []string, current string) ([]cobra.Completion, cobra.ShellCompDirective) {
		list, _ := completeRuns(env)(cmd, args, current)
		return list, cobra.ShellCompDirectiveKeepOrder // files as well
	}
	c.cobra.RunE = func(cmd *cobra.Command, args []string) error {
		ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		return runView(ctx, env, flags, args)
	}
	return c
}

func runView(ctx context.Context, env Env, flags viewFlags, args []string) error {
	if flags.port < 0 || flags.port > maxPort {
		return usageError("--port 8017, for example", "--port %d is no port: from 0 to %d", flags.port, maxPort)
	}
	site, err := app.OpenSite(app.SiteOptions{Args: args, Getenv: env.Getenv, Environ: env.Environ, Version: Version()})
	if err != nil {
		return runError(err)
	}
	err = env.Web(ctx, site, flags.port, func(address string) {
		fmt.Fprintln(env.Stdout, address)
		env.say("showing the runs in %s; Ctrl-C ends it", site.Dir())
		if !flags.noOpen {
			go env.openSite(ctx, flags.browser, address)
		}
	})
	if errors.Is(err, syscall.EADDRINUSE) {
		return &failure{err: err, hint: "--port 0 takes one that is free", code: codeFailed}
	}
	return err
}

// openSite opens the browser; where there is none, the address on the screen is enough.
func (env Env) openSite(ctx context.Context, browser, address string) {
	if err := app.OpenSecretPage(ctx, browser, address); err != nil && ctx.Err() == nil {
		env.say("no browser was opened (%s); open the address above yourself", oneLine(err.Error()))
	}
}
