package bwt

// parts sorts valleys by their parts: what follows up to the first rise behind the next
// valley. It is to sortSuffixes what windows is to the text.
type parts struct {
	s     []int32
	order []int32 // the valleys; complemented if of the same part as the one before
	keys  []keyed
}

// window is the two elements at p, as a number of the same order. Behind the end is what
// precedes every element.
func (x *parts) window(p int) uint64 {
	if p+1 < len(x.s) {
		return uint64(x.s[p]+1)<<32 | uint64(x.s[p+1]+1)
	}
	if p < len(x.s) {
		return uint64(x.s[p]+1) << 32
	}
	return 0
}

// refine sorts the group order[lo:hi], whose valleys have depth elements in common.
func (x *parts) refine(lo, hi, depth int) {
	for hi-lo > 1 {
		if x.ended(int(x.order[lo]), depth) {
			for i := lo + 1; i < hi; i++ {
				x.order[i] = ^x.order[i]
			}
			return
		}
		if hi-lo > len(x.keys) {
			x.partition(lo, hi, depth)
			return
		}
		if depth += 2; x.sortByWindow(lo, hi, depth-2) {
			x.eachAlike(lo, hi, depth)
			return
		}
	}
}

// ended says whether the part of the valley at p ends within depth elements.
func (x *parts) ended(p, depth int) bool {
	s := x.s[p:min(p+depth, len(x.s))]
	i := 1
	for i < len(s) && s[i-1] <= s[i] {
		i++
	}
	for i < len(s) && s[i-1] >= s[i] {
		i++
	}
	return i < depth // or at the end of s, where no other valley has its part
}

// partition sorts a large group by the element at depth: into those that are less than one
// of them, equal, and greater.
func (x *parts) partition(lo, hi, depth int) {
	order := x.order
	at := func(i int) uint64 { return x.window(int(order[i])+depth) >> 32 }
	pivot := median(at(lo), at((lo+hi)/2), at(hi-1))
	less, i, greater := lo, lo, hi
	for i < greater {
		switch c := at(i); {
		case c < pivot:
			order[less], order[i] = order[i], order[less]
			less++
			i++
		case c > pivot:
			greater--
			order[greater], order[i] = order[i], order[greater]
		default:
			i++
		}
	}
	x.refine(lo, less, depth)
	x.refine(less, greater, depth+1)
	x.refine(greater, hi, depth)
}

// sortByWindow sorts order[lo:hi] by the windows at depth, and marks each valley whose
// window is that of the one before. It is false if all are alike, which it leaves as they are.
func (x *parts) sortByWindow(lo, hi, depth int) bool {
	group := x.order[lo:hi]
	keys := x.keys[:len(group)]
	for i, p := range group {
		keys[i] = keyed{x.window(int(p) + depth), p}
	}
	return sortGroup(group, keys)
}

// eachAlike refines the groups that marks in order[lo:hi] tell, having taken the marks away.
func (x *parts) eachAlike(lo, hi, depth int) {
	for lo < hi {
		end := unmark(x.order, lo, hi)
		if end-lo > 1 {
			x.refine(lo, end, depth)
		}
		lo = end
	}
}
