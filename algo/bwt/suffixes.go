package bwt

// sortSuffixes puts into sa the order of the suffixes of s, a suffix preceding those it
// begins. Elements of s are at least 0 and less than k; sa is as long as s.
//
// Induced sorting, in linear time: G. Nong, S. Zhang, W. H. Chan, "Two Efficient Algorithms
// for Linear Time Suffix Array Construction", IEEE Transactions on Computers 60 (2011).
// A suffix is small if it precedes the next one, else large; a valley is a small one after
// a large one. Where sa holds nothing yet it holds 0, which is no valley.
func sortSuffixes(s, sa []int32, k int) error {
	if len(s) < 2 {
		clear(sa)
		return nil
	}
	buckets, release, err := allocate[int32](2 * k)
	if err != nil {
		return err
	}
	defer release()
	x := &inducer{s, sa, buckets[:k], buckets[k:]}
	for _, c := range s {
		x.counts[c]++
	}
	valleys := x.sortParts()
	if names := x.name(valleys); names < valleys {
		if err := x.sortNames(valleys, names); err != nil {
			return err
		}
	}
	x.induceAll(valleys)
	return nil
}

// inducer sorts all suffixes of s into sa, once those of valleys are sorted.
type inducer struct {
	s, sa         []int32
	counts, place []int32 // for each element: how often it occurs; a running place in its bucket
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

// eachValley calls visit with the valleys, the last first.
func (x *inducer) eachValley(visit func(p int)) {
	s := x.s
	small := false // the last suffix is large: the empty one precedes it
	next := s[len(s)-1]
	for i := len(s) - 2; i >= 0; i-- {
		c := s[i]
		now := c < next || c == next && small
		if small && !now {
			visit(i + 1)
		}
		small, next = now, c
	}
}

// sortParts sorts the valleys by what follows up to the next valley, into sa[:valleys],
// and returns how many there are.
func (x *inducer) sortParts() (valleys int) {
	clear(x.sa)
	x.toEnds()
	x.eachValley(func(p int) {
		c := x.s[p]
		x.place[c]--
		x.sa[x.place[c]] = int32(p)
	})
	x.partsLarge()
	x.partsSmall()
	for _, p := range x.sa {
		if p > 0 {
			x.sa[valleys] = p
			valleys++
		}
	}
	return valleys
}

// partsLarge puts large suffixes behind the smaller ones they precede by one, and takes
// away what it has used. What is left is complemented: large ones that a small one precedes.
func (x *inducer) partsLarge() {
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
		if p := sa[i]; p > 0 {
			sa[i] = 0
			put(p - 1)
		}
	}
}

// partsSmall does the same for small suffixes, from the end. What is left are the valleys.
func (x *inducer) partsSmall() {
	s, sa, place := x.s, x.sa, x.place
	x.toEnds()
	for i := len(sa) - 1; i >= 0; i-- {
		p := sa[i]
		if p >= 0 {
			continue
		}
		sa[i] = 0
		q := ^p - 1
		c := s[q]
		value := ^q
		if q == 0 || s[q-1] > c {
			value = q
		}
		place[c]--
		sa[place[c]] = value
	}
}

// name writes the valleys' names in the order of the text to the end of sa, and returns how
// many different ones there are. Valleys have the same name if their parts are alike.
func (x *inducer) name(valleys int) (names int) {
	s, sorted, slots := x.s, x.sa[:valleys], x.sa[valleys:]
	clear(slots)
	end := len(s)
	x.eachValley(func(p int) { // no two valleys are neighbours, so a slot serves two positions
		slots[p/2] = int32(end - p + 1)
		end = p
	})
	last, lastLength := len(s), 0
	for _, p := range sorted {
		length := int(slots[p/2])
		if length != lastLength || !x.alike(int(p), last, length) {
			names++
		}
		last, lastLength = int(p), length
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

// alike says whether the parts at p and q, which are as long, are alike. The last part
// ends behind the text and is like no other.
func (x *inducer) alike(p, q, length int) bool {
	if max(p, q)+length > len(x.s) {
		return false
	}
	a, b := x.s[p:p+length], x.s[q:q+length]
	for i, c := range a {
		if c != b[i] {
			return false
		}
	}
	return true
}

// sortNames sorts the valleys into sa[:valleys] by the suffixes of their names.
func (x *inducer) sortNames(valleys, names int) error {
	sorted, spelt := x.sa[:valleys], x.sa[len(x.sa)-valleys:]
	if err := sortSuffixes(spelt, sorted, names); err != nil {
		return err
	}
	k := valleys
	x.eachValley(func(p int) {
		k--
		spelt[k] = int32(p)
	})
	for i, j := range sorted {
		sorted[i] = spelt[j]
	}
	return nil
}

// induceAll sorts all suffixes, the valleys in sa[:valleys] being sorted.
func (x *inducer) induceAll(valleys int) {
	clear(x.sa[valleys:])
	x.toEnds()
	for i := valleys - 1; i >= 0; i-- {
		p := x.sa[i]
		x.sa[i] = 0
		c := x.s[p]
		x.place[c]--
		x.sa[x.place[c]] = p
	}
	x.allLarge()
	x.allSmall()
}

// allLarge is partsLarge, but keeps what it has used, complemented; large suffixes that a
// small one precedes are not.
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
		p := sa[i]
		sa[i] = ^p
		if p > 0 {
			put(p - 1)
		}
	}
}

// allSmall is partsSmall, and leaves all suffixes plain.
func (x *inducer) allSmall() {
	s, sa, place := x.s, x.sa, x.place
	x.toEnds()
	for i := len(sa) - 1; i >= 0; i-- {
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
