package cpython

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"github.com/cantil-py/cantil/profile/sampler/remote"
)

// extras remembers what lies outside of the chunks and is read with them: frames of
// generators on the heap; entry frames, and until 3.12 what names the innermost frame,
// on the C stack. Neighbours are read in one piece, for every piece costs as much as
// 1 KiB. All is read twice, right before and right after the newest chunk: what is the
// same both times was so in between.
type extras struct {
	list   []*extra
	at     map[uint64]*extra
	pieces []*piece
	stale  bool // pieces are to be made anew
	used   int  // times, for telling which are still of use
}

// extra is one place.
type extra struct {
	addr          uint64
	size          int
	before, after []byte // of the newest chunk; nil until it was planned for
	last          int    // the time it was last of use
	in            *piece
}

// piece is a stretch of memory with one place or more.
type piece struct {
	addr          uint64
	before, after []byte
	former        []byte // before, as it was the last time
	calm          int    // samples for which it has been so
	once          bool   // it was planned to be read once only
}

// Bounds on places outside of the chunks.
const (
	maxExtras  = 100_000  // nested generators, calls from C, and all frames before 3.11: 300 MB at worst, 100 where frames lie as Python lays them
	maxPiece   = 16 << 10 // bytes read at once
	maxGap     = 1 << 10  // bytes between two places of one piece
	calmFrom   = 64       // samples after which a piece is calm
	keepExtras = 64       // samples after which a place that was not met is forgotten
)

func (x *extras) forget() { *x = extras{used: x.used} }

// find is the place at addr if so much was read there, or nil.
func (x *extras) find(addr uint64, size int) *extra {
	e := x.at[addr]
	if e == nil || e.before == nil || e.size < size {
		return nil
	}
	e.last = x.used
	return e
}

// planned says whether so much is, or will be, read at addr.
func (x *extras) planned(addr uint64, size int) bool {
	e := x.at[addr]
	return e != nil && e.size >= size
}

// add plans to read a place from now on.
func (x *extras) add(addr uint64, size int) error {
	if e := x.at[addr]; e != nil {
		e.size, e.before, x.stale = max(size, e.size), nil, true
		return nil
	}
	if addr%8 != 0 || len(x.list) >= maxExtras {
		return fmt.Errorf("%w: a frame at %#x, outside of the stack as %d others", errTorn, addr, len(x.list))
	}
	if x.at == nil {
		x.at = map[uint64]*extra{}
	}
	e := &extra{addr: addr, size: size, last: x.used}
	x.list, x.at[addr], x.stale = append(x.list, e), e, true
	return nil
}

// arrange lays the places into pieces.
func (x *extras) arrange() {
	x.stale, x.pieces = false, x.pieces[:0]
	slices.SortFunc(x.list, func(a, b *extra) int { return cmp.Compare(a.addr, b.addr) })
	for from := 0; from < len(x.list); {
		to, end := from+1, x.list[from].addr+uint64(x.list[from].size)
		for ; to < len(x.list); to++ {
			next := x.list[to].addr + uint64(x.list[to].size)
			if x.list[to].addr > end+maxGap || next-x.list[from].addr > maxPiece {
				break
			}
			end = max(end, next)
		}
		x.pieces = append(x.pieces, newPiece(x.list[from:to], end))
		from = to
	}
}

func newPiece(places []*extra, end uint64) *piece {
	first := places[0].addr
	size := end - first
	p := &piece{addr: first, before: make([]byte, size), after: make([]byte, size), former: make([]byte, size)}
	for _, e := range places {
		e.in = p
		at := e.addr - first
		e.before, e.after = p.before[at:at+uint64(e.size)], p.after[at:at+uint64(e.size)]
	}
	return p
}

// ranges adds all pieces, to be read before or after the newest chunk.
func (x *extras) ranges(to []remote.Range, after bool) []remote.Range {
	if x.stale {
		x.arrange()
	}
	for _, p := range x.pieces {
		if !after {
			p.once = p.calm >= calmFrom
			to = append(to, remote.Range{Addr: p.addr, Buf: p.before})
		} else if !p.once {
			to = append(to, remote.Range{Addr: p.addr, Buf: p.after})
		}
	}
	return to
}

// settle notes which pieces have changed since the last reading, and says whether one
// of those was read once only.
func (x *extras) settle() (surprised bool) {
	for _, p := range x.pieces {
		if bytes.Equal(p.before, p.former) {
			p.calm++
			continue
		}
		copy(p.former, p.before)
		p.calm, surprised = 0, surprised || p.once
	}
	return surprised
}

// drop forgets places that have not been met for a while.
func (x *extras) drop() {
	x.used++
	if x.used%keepExtras != 0 {
		return
	}
	x.list = slices.DeleteFunc(x.list, func(e *extra) bool {
		old := x.used-e.last > keepExtras
		if old {
			delete(x.at, e.addr)
			x.stale = true
		}
		return old
	})
}

// steady says whether what matters of a frame was the same before and after: its
// instruction only where something is on top of it, for otherwise it goes on.
func (e *extra) steady(l *layout, runs bool) bool {
	if e.in.once {
		return true
	}
	fields := []int64{l.frameCode, l.framePrevious, l.frameInstr}
	if runs {
		fields = fields[:2]
		if word(e.before, l.framePrevious) == 0 || word(e.after, l.framePrevious) == 0 {
			fields = fields[:1] // a generator hands a value on every 50 ns, and has no caller then
		}
	}
	if e.before[l.frameOwner] >= cStackOwner {
		return bytes.Equal(e.before[:l.frameSize], e.after[:l.frameSize])
	}
	for _, at := range fields {
		if word(e.before, at) != word(e.after, at) {
			return false
		}
	}
	return e.before[l.frameOwner] == e.after[l.frameOwner]
}
