package run

import (
	"os"
	"os/signal"
)

// holdSignals keeps Ctrl-C from ending us, until release: the console sends it to the program as well.
func holdSignals() (release func()) {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, os.Interrupt)
	return func() { signal.Stop(signals) }
}
