package bwt

import "math/bits"

// names sorts the peaks that windows left in groups: each group is a name, the peaks in
// the order of the text spell a sequence of names, and its rotations are sorted.
//
// Most peaks are alone in their group and need no more sorting. In the sequence they
// only serve to end a comparison, so of several in a row the first is enough.
type names struct {
	*ring
	order []int32 // the peaks by name; complemented if of the same name as the one before
	space []int32 // to work in, at least n/2 elements
	kept  ranks   // names in the sequence, by the place of their first peak in order
	alike int     // peaks that share their name
}

// sort brings order[:peaks] into its final order.
func (s *names) sort() error {
	s.kept = newRanks(s.peaks)
	s.write()
	if s.alike == 0 {
		return nil
	}
	length := s.thin()
	// Twice the sequence, for it becomes the peaks' positions, and for its sorting.
	sequence, release, err := allocate[int32](length)
	if err != nil {
		return err
	}
	defer release()
	lone := s.spell(sequence)
	// A name that occurs once ends every comparison; put last, it makes the order of
	// suffixes that of rotations. So does beginning with the least rotation.
	turn := lone + 1
	if lone < 0 {
		turn = leastRotation(sequence)
	}
	rotate(sequence, turn)
	sorted := s.space[:length]
	if err := sortSuffixes(sequence, sorted, s.kept.count(), s.space[length:], s.team); err != nil {
		return err
	}
	s.positions(sequence)
	rotate(sequence, turn)
	s.place(sorted, sequence)
	return nil
}

// write puts each peak's name at half its position in space, for no two peaks are
// neighbours: 0 is none, positive a name of several peaks, negative of one.
func (s *names) write() {
	slots := s.space[:(s.n+1)/2]
	clear(slots)
	order := s.order[:s.peaks]
	for begin := 0; begin < len(order); {
		end := begin + 1
		for end < len(order) && order[end] < 0 {
			slots[^order[end]/2] = int32(begin + 1)
			end++
		}
		if end-begin == 1 {
			slots[order[begin]/2] = ^int32(begin)
		} else {
			slots[order[begin]/2] = int32(begin + 1)
			s.kept.set(begin)
			s.alike += end - begin
		}
		begin = end
	}
}

// thin takes from slots and marks the peaks that the sequence does without, and returns
// its length.
func (s *names) thin() int {
	slots := s.space[:(s.n+1)/2]
	last := len(slots) - 1
	for slots[last] == 0 {
		last--
	}
	needed := slots[last] > 0
	length := 0
	for i, name := range slots {
		switch {
		case name > 0:
			needed = true
			length++
		case name < 0 && needed:
			s.kept.set(int(^name))
			needed = false
			length++
		case name < 0:
			slots[i] = 0
			s.marks[2*i/64] &^= 3 << (2 * i % 64)
		}
	}
	s.kept.sum()
	return length
}

// spell writes the sequence of the names that are left, counted from 0, and returns
// where a name stands that occurs once, or -1.
func (s *names) spell(sequence []int32) (lone int) {
	lone = -1
	k := 0
	for _, name := range s.space[:(s.n+1)/2] {
		switch {
		case name == 0:
			continue
		case name < 0:
			lone = k
			sequence[k] = int32(s.kept.rank(int(^name)))
		default:
			sequence[k] = int32(s.kept.rank(int(name - 1)))
		}
		k++
	}
	return lone
}

// positions replaces the sequence's names by the positions of their peaks.
func (s *names) positions(sequence []int32) {
	k := 0
	s.eachPeak(func(p int) {
		sequence[k] = int32(p)
		k++
	})
}

// place fills the groups of order from sorted, which indexes positions.
func (s *names) place(sorted, positions []int32) {
	order := s.order[:s.peaks]
	k := 0
	for begin := 0; begin < len(order); {
		end := begin + 1
		for end < len(order) && order[end] < 0 {
			end++
		}
		if s.kept.has(begin) {
			for i := begin; i < end; i++ {
				order[i] = positions[sorted[k]]
				k++
			}
		}
		begin = end
	}
}

// rotate turns a so that it begins with what was a[k].
func rotate(a []int32, k int) {
	reverse(a[:k])
	reverse(a[k:])
	reverse(a)
}

func reverse(a []int32) {
	for i, j := 0, len(a)-1; i < j; i, j = i+1, j-1 {
		a[i], a[j] = a[j], a[i]
	}
}

// leastRotation is where the least rotation of a begins. Two candidates are compared; the
// one that loses after k elements takes all that began within them with it.
func leastRotation(a []int32) int {
	n := len(a)
	at := func(i int) int32 {
		if i >= n {
			i -= n
		}
		return a[i]
	}
	i, j, k := 0, 1, 0
	for i < n && j < n && k < n {
		switch x, y := at(i+k), at(j+k); {
		case x == y:
			k++
			continue
		case x > y:
			i = max(i+k+1, j)
			j = i + 1
		default:
			j += k + 1
		}
		k = 0
	}
	return i
}

// ranks is a set of numbers that tells how many lie below one.
type ranks struct {
	words []uint64
	below []uint32 // members below each word
}

func newRanks(n int) ranks {
	return ranks{make([]uint64, n/64+1), make([]uint32, n/64+2)}
}

func (r ranks) set(i int)      { r.words[i/64] |= 1 << (i % 64) }
func (r ranks) has(i int) bool { return r.words[i/64]>>(i%64)&1 != 0 }

// sum is called once all members are set.
func (r ranks) sum() {
	for i, word := range r.words {
		r.below[i+1] = r.below[i] + uint32(bits.OnesCount64(word))
	}
}

func (r ranks) count() int { return int(r.below[len(r.below)-1]) }

func (r ranks) rank(i int) int {
	return int(r.below[i/64]) + bits.OnesCount64(r.words[i/64]&(1<<(i%64)-1))
}
