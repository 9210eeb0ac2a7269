package bwt

import (
	"runtime"
	"sync"
)

// team is who works on one text.
type team struct {
	members int
	// least is how many rows or bytes a member should have: for less it is not worth waking.
	least int
}

// minShare is what takes a few times as long as to wake a sleeping processor, of 10 to 50 µs.
const minShare = 1 << 14

// alone is a team of one.
func alone() team { return team{1, minShare} }

// everyone is all processors that Go may use.
func everyone() team { return team{runtime.GOMAXPROCS(0), minShare} }

// of is the team for n rows or bytes.
func (t team) of(n int) team { return team{max(min(t.members, n/t.least), 1), t.least} }

// all calls work for each member at once, and returns when all are done.
func (t team) all(work func(member int)) {
	var others sync.WaitGroup
	for member := 1; member < t.members; member++ {
		others.Go(func() { work(member) })
	}
	work(0)
	others.Wait()
}

// share is the part of n that is member's.
func (t team) share(member, n int) (begin, end int) {
	return n * member / t.members, n * (member + 1) / t.members
}

// each calls work for parts of n, at once.
func (t team) each(n int, work func(begin, end int)) {
	t = t.of(n)
	t.all(func(member int) { work(t.share(member, n)) })
}
