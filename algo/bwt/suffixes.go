package bwt

import (
	"math/bits"
	"slices"
	"sync/atomic"
)

// piecesEach is into how many pieces for each member valleys are sorted: so many that
// it does not matter who has the last.
const piecesEach = 64

// sortSuffixes puts into sa the order of the suffixes of s, a suffix preceding those it
// begins. Elements of s are at least 0 and less than k; sa is as long as s. spare is memory to
// work in, of any size: what is had already costs nothing.
//
// Induced sorting, in linear time: G. Nong, S. Zhang, W. H. Chan, "Two Efficient Algorithms
// for Linear Time Suffix Array Construction", IEEE Transactions on Computers 60 (2011).
// A suffix is small if it precedes the next one, else large; a valley is a small one after
// a large one. Where sa holds nothing yet it holds 0, which is no valley.
func sortSuffixes(s, sa []int32, k int, spare []int32, t team) error {
	if len(s) < 2 {
		clear(sa)
		return nil
	}
	if len(spare) < 3*k {
		more, release, err := allocate[int32](3 * k)
		if err != nil {
			return err
		}
		defer release()
		spare = more
	}
	buckets, spare := spare[:3*k], spare[3*k:]
	x := &inducer{s: s, sa: sa, marks: make([]uint64, len(s)/64+1), team: t.of(len(s))}
	x.counts, x.starred, x.place = buckets[:k], buckets[k:2*k], buckets[2*k:]
	x.team.each(len(buckets), func(begin, end int) { clear(buckets[begin:end]) })
	x.mark()
	valleys := x.sortParts()
	if names := x.name(valleys); names < valleys {
		if err := x.sortNames(valleys, names, spare); err != nil {
			return err
		}
	}
	x.induceAll(valleys)
	return nil
}

// inducer sorts all suffixes of s into sa, once those of valleys are sorted.
type inducer struct {
	s, sa   []int32
	team    team
	marks   []uint64 // a bit for each place in s that is a valley
	counts  []int32  // for each element: how often it occurs
	starred []int32  // how often as a valley
	place   []int32  // a running place in its bucket
	reached int      // what fetch returned: of no meaning
}

// toBegins and toEnds set the places to the buckets' first and behind their last.
func (x *inducer) toBegins() {
	sum := int32(0)
	for c, count := range x.counts {
		x.place[c] = sum
		sum += count
	}
}

func (x *inducer) toEnds() {
	sum := int32(0)
	for c, count := range x.counts {
		sum += count
		x.place[c] = sum
	}
}

// mark finds the valleys, and counts elements and valleys.
func (x *inducer) mark() {
	counts, carries := make([][]int32, x.team.members), make([]uint64, x.team.members)
	x.team.all(func(m int) {
		counts[m] = x.counts
		if m > 0 {
			counts[m] = make([]int32, len(x.counts))
		}
		carries[m] = x.markPart(m, counts[m])
	})
	for m, carry := range carries {
		if _, end := x.team.share(m, len(x.marks)); end < len(x.marks) {
			x.marks[end] |= carry
		}
	}
	x.team.each(len(x.counts), func(begin, end int) {
		for _, others := range counts[1:] {
			for c, count := range others[begin:end] {
				x.counts[begin+c] += count
			}
		}
	})
}

// markPart does mark's work for a member's share of marks. It returns what it leads to say of the
// first place behind.
func (x *inducer) markPart(member int, counts []int32) (carry uint64) {
	s := x.s
	begin, end := x.team.share(member, len(x.marks))
	small, next := x.smallAt(end * 64)
	for w := end - 1; w >= begin; w-- {
		part := s[min(w*64, len(s)):min(w*64+64, len(s))]
		var word uint64
		for i := len(part) - 1; i >= 0; i-- {
			c := uint32(part[i])
			counts[c]++
			// Small if c < next, or c == next and the next is small: without a branch.
			now := (c - next - small) >> 31
			word = word<<1 | uint64(small&^now)
			small, next = now, c
		}
		// Each bit says that of the place one later.
		x.marks[w] |= word << 1
		if w+1 < end {
			x.marks[w+1] |= word >> 63
		} else {
			carry = word >> 63
		}
	}
	return carry
}

// smallAt is 1 if the suffix at p is small, else 0, and its first element. Behind the end it is
// those of the last one.
func (x *inducer) smallAt(p int) (small, element uint32) {
	s := x.s
	p = min(p, len(s)-1)
	for _, c := range s[p:] {
		if c != s[p] {
			return uint32(s[p]-c) >> 31, uint32(s[p])
		}
	}
	return 0, uint32(s[p])
}

// eachValley calls visit with the valleys of a member's share, in their order.
func (x *inducer) eachValley(member int, visit func(p int)) {
	begin, end := x.team.share(member, len(x.marks))
	for i, word := range x.marks[begin:end] {
		for ; word != 0; word &= word - 1 {
			visit((begin+i)*64 + bits.TrailingZeros64(word))
		}
	}
}

// sortParts sorts the valleys by their parts into sa[:valleys], those alike marked.
func (x *inducer) sortParts() (valleys int) {
	places := x.countValleys()
	begin, most := int32(0), int32(0)
	for c := range x.starred {
		sum := begin
		for _, place := range places {
			count := place[c]
			place[c] = sum
			sum += count
		}
		x.starred[c] = sum - begin
		most = max(most, sum-begin)
		begin = sum
	}
	x.team.all(func(m int) {
		place := places[m]
		x.eachValley(m, func(p int) {
			c := x.s[p]
			x.sa[place[c]] = int32(p)
			place[c]++
		})
	})
	x.refineAll(places[len(places)-1], int(min(most, mostKeyed)))
	return int(begin)
}

// countValleys counts each member's by their first element.
func (x *inducer) countValleys() (counts [][]int32) {
	counts = make([][]int32, x.team.members)
	x.team.all(func(m int) {
		counts[m] = x.place
		if m > 0 {
			counts[m] = make([]int32, len(x.counts))
		}
		x.eachValley(m, func(p int) { counts[m][x.s[p]]++ })
	})
	return counts
}

// refineAll sorts the groups of valleys, of which the group of each element ends at ends.
func (x *inducer) refineAll(ends []int32, most int) {
	valleys := int(ends[len(ends)-1])
	pieces := 1
	if x.team.members > 1 {
		pieces = piecesEach * x.team.members
	}
	var next atomic.Int64
	x.team.all(func(int) {
		g := newParts(x.s, x.sa, len(ends), most)
		for piece := int(next.Add(1)); piece <= pieces; piece = int(next.Add(1)) {
			from, _ := slices.BinarySearch(ends, int32(valleys*(piece-1)/pieces))
			to, _ := slices.BinarySearch(ends, int32(valleys*piece/pieces))
			if piece == pieces {
				to = len(ends)
			}
			g.refineGroups(ends, from, to)
		}
	})
}

// name writes the valleys' names in the order of the text to the end of sa, and returns how
// many different ones there are. Valleys with the same part have the same name.
func (x *inducer) name(valleys int) (names int) {
	sorted, slots := x.sa[:valleys], x.sa[valleys:]
	t := x.team.of(valleys)
	counts := make([]int, t.members)
	t.all(func(m int) {
		begin, end := t.share(m, len(slots))
		clear(slots[begin:end]) // no two valleys are neighbours, so a slot serves two positions
		begin, end = t.share(m, valleys)
		for _, p := range sorted[begin:end] {
			counts[m] += 1 + int(p>>31)
		}
	})
	t.all(func(m int) {
		name := int32(0)
		for _, count := range counts[:m] {
			name += int32(count)
		}
		begin, end := t.share(m, valleys)
		for i, p := range sorted[begin:end] {
			alike := p >> 31
			p ^= alike
			name += 1 + alike
			sorted[begin+i] = p
			slots[p/2] = name
		}
	})
	k := len(slots)
	for i := len(slots) - 1; i >= 0; i-- {
		if name := slots[i]; name > 0 {
			k--
			slots[k] = name - 1
		}
	}
	for _, count := range counts {
		names += count
	}
	return names
}

// sortNames sorts the valleys into sa[:valleys] by the suffixes of their names.
func (x *inducer) sortNames(valleys, names int, spare []int32) error {
	sorted, spelt := x.sa[:valleys], x.sa[len(x.sa)-valleys:]
	if err := sortSuffixes(spelt, sorted, names, spare, x.team); err != nil {
		return err
	}
	k := 0
	for m := range x.team.members {
		x.eachValley(m, func(p int) {
			spelt[k] = int32(p)
			k++
		})
	}
	x.team.each(valleys, func(begin, end int) {
		for i := begin; i < end; i++ {
			sorted[i] = spelt[sorted[i]]
		}
	})
	return nil
}

// induceAll sorts all suffixes, the valleys in sa[:valleys] being sorted.
func (x *inducer) induceAll(valleys int) {
	// Valleys stand last among those that begin with the same element.
	end := len(x.sa)
	for c := len(x.counts) - 1; c >= 0; c-- {
		begin, count := end-int(x.counts[c]), int(x.starred[c])
		valleys -= count
		copy(x.sa[end-count:end], x.sa[valleys:valleys+count])
		clear(x.sa[max(begin, valleys) : end-count])
		end = begin
	}
	x.allLarge()
	x.allSmall()
}

// allLarge puts each large suffix behind the one that begins one later, if that is there, and
// complements what it has used. Large ones that a small one precedes stay plain.
func (x *inducer) allLarge() {
	s, sa, place := x.s, x.sa, x.place
	x.toBegins()
	put := func(q int32) {
		c := s[q]
		value := q
		if q > 0 && s[q-1] < c {
			value = ^q
		}
		sa[place[c]] = value
		place[c]++
	}
	put(int32(len(s) - 1))
	for i := range sa {
		if i%batch == 0 {
			x.reached += fetch(s, sa[min(i+ahead, len(sa)):min(i+ahead+batch, len(sa))])
		}
		p := sa[i]
		sa[i] = ^p
		if p > 0 {
			put(p - 1)
		}
	}
}

// allSmall does the same for small suffixes, from the end, and leaves all suffixes plain.
func (x *inducer) allSmall() {
	s, sa, place := x.s, x.sa, x.place
	x.toEnds()
	for i := len(sa) - 1; i >= 0; i-- {
		if i%batch == 0 {
			x.reached += fetch(s, sa[max(i-ahead-batch, 0):max(i-ahead, 0)])
		}
		p := sa[i]
		if p <= 0 {
			sa[i] = ^p
			continue
		}
		q := p - 1
		c := s[q]
		value := q
		if q == 0 || s[q-1] > c {
			value = ^q
		}
		place[c]--
		sa[place[c]] = value
	}
}
