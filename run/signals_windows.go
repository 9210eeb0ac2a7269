package run

import (
	"os"
	"os/signal"
)

// relay keeps Ctrl-C from ending us: the console sends it to the program as well.
type relay struct{ signals chan os.Signal }

func catchSignals() *relay {
	r := &relay{signals: make(chan os.Signal, 8)}
	signal.Notify(r.signals, os.Interrupt)
	return r
}

func (r *relay) to(*os.Process) {}

func (r *relay) stop() { signal.Stop(r.signals) }

// askToEnd kills: Windows has no way to ask a console program from outside its console.
func askToEnd(p *os.Process) error { return p.Kill() }

func signalOf(*os.ProcessState) (int, string) { return 0, "" }

func maxRSS(*os.ProcessState) int64 { return 0 }
