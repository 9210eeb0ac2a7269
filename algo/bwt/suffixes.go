package bwt

import "math/bits"

// sortSuffixes puts into sa the order of the suffixes of s, a suffix preceding those it
// begins. Elements of s are at least 0 and less than k; sa is as long as s. spare is memory to
// work in, of any size: what is had already costs nothing.
//
// Induced sorting, in linear time: G. Nong, S. Zhang, W. H. Chan, "Two Efficient Algorithms
// for Linear Time Suffix Array Construction", IEEE Transactions on Computers 60 (2011).
// A suffix is small if it precedes the next one, else large; a valley is a small one after
// a large one. Where sa holds nothing yet it holds 0, which is no valley.
func sortSuffixes(s, sa []int32, k int, spare []int32) error {
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
	clear(buckets)
	x := &inducer{s: s, sa: sa, marks: make([]uint64, len(s)/64+1)}
	x.counts, x.starred, x.place = buckets[:k], buckets[k:2*k], buckets[2*k:]
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

// mark finds the valleys, and counts elements.
func (x *inducer) mark() {
	s := x.s
	small := uint32(0) // the last suffix is large: the empty one precedes it
	next := uint32(s[len(s)-1])
	for w := (len(s) - 1) / 64; w >= 0; w-- {
		part := s[w*64 : min(w*64+64, len(s))]
		var word uint64
		for i := len(part) - 1; i >= 0; i-- {
			c := uint32(part[i])
			x.counts[c]++
			// Small if c < next, or c == next and the next is small: without a branch.
			now := (c - next - small) >> 31
			word = word<<1 | uint64(small&^now)
			small, next = now, c
		}
		// Each bit says that of the place one later.
		x.marks[w] |= word << 1
		if w+1 < len(x.marks) {
			x.marks[w+1] |= word >> 63
		}
	}
}

// eachValley calls visit with the valleys, in their order.
func (x *inducer) eachValley(visit func(p int)) {
	for w, word := range x.marks {
		for ; word != 0; word &= word - 1 {
			visit(w*64 + bits.TrailingZeros64(word))
		}
	}
}

// sortParts sorts the valleys by their parts into sa[:valleys], those alike marked.
func (x *inducer) sortParts() (valleys int) {
	x.eachValley(func(p int) { x.starred[x.s[p]]++ })
	most, sum := int32(0), int32(0)
	for c, count := range x.starred {
		x.place[c] = sum
		sum += count
		most = max(most, count)
	}
	x.eachValley(func(p int) {
		c := x.s[p]
		x.sa[x.place[c]] = int32(p)
		x.place[c]++
	})
	valleys = int(sum)
	g := newParts(x.s, x.sa[:valleys], len(x.counts), int(min(most, mostKeyed)))
	begin := int32(0)
	for _, end := range x.place {
		if end-begin > 1 {
			g.refine(int(begin), int(end), 1)
		}
		begin = end
	}
	return valleys
}

// name writes the valleys' names in the order of the text to the end of sa, and returns how
// many different ones there are. Valleys with the same part have the same name.
func (x *inducer) name(valleys int) (names int) {
	sorted, slots := x.sa[:valleys], x.sa[valleys:]
	clear(slots) // no two valleys are neighbours, so a slot serves two positions
	for i, p := range sorted {
		if p < 0 {
			p = ^p
			sorted[i] = p
		} else {
			names++
		}
		slots[p/2] = int32(names)
	}
	k := len(slots)
	for i := len(slots) - 1; i >= 0; i-- {
		if name := slots[i]; name > 0 {
			k--
			slots[k] = name - 1
		}
	}
	return names
}

// sortNames sorts the valleys into sa[:valleys] by the suffixes of their names.
func (x *inducer) sortNames(valleys, names int, spare []int32) error {
	sorted, spelt := x.sa[:valleys], x.sa[len(x.sa)-valleys:]
	if err := sortSuffixes(spelt, sorted, names, spare); err != nil {
		return err
	}
	k := 0
	x.eachValley(func(p int) {
		spelt[k] = int32(p)
		k++
	})
	for i, j := range sorted {
		sorted[i] = spelt[j]
	}
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
