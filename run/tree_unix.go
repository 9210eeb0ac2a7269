//go:build unix

package run

import (
	"os"
	"syscall"
)

// descendants lists the living processes that come of one, which is not among them.
func descendants(of int) []process {
	all := processes()
	var found []process
	for _, p := range all {
		if !p.zombie && comesOf(all, p, of) {
			found = append(found, p)
		}
	}
	return found
}

// comesOf walks up from p. The list was not made in one moment, so that a circle cannot be excluded.
func comesOf(all map[int]process, p process, of int) bool {
	for steps := 0; steps < len(all) && p.parent > 0; steps++ {
		if p.parent == of {
			return true
		}
		p = all[p.parent]
	}
	return false
}

// signalAll signals all descendants of this process.
func signalAll(sig syscall.Signal) {
	for _, p := range descendants(os.Getpid()) {
		signalOne(p, sig)
	}
}
