//go:build !linux

package sampler

import (
	"github.com/cantil-py/cantil/profile/sampler/cpython"
	"github.com/cantil-py/cantil/profile/sampler/remote"
)

// tasks has nothing to tell: without remote.Process there are no threads to ask about.
type tasks struct{ pid int }

func newTasks(*remote.Process) (*tasks, error) { return nil, remote.ErrSystem }

func (*tasks) close()                   {}
func (*tasks) tidOf(cpython.Thread) int { return 0 }
func (*tasks) name(int) string          { return "" }
func (*tasks) state(int, bool) State    { return Idle }
func (*tasks) forget(int)               {}

func childrenOf(int) []int { return nil }
