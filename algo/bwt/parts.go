package bwt

// parts sorts valleys by their parts: what follows up to the first rise behind the next
// valley. It is to sortSuffixes what windows is to the text.
type parts struct {
	s     []int32
	order []int32 // the valleys; complemented if of the same part as the one before
	keys  []keyed
	each  int // elements in a window: 2, or 3 if they are small enough
	width int // bits for each
}

// newParts are the parts of s, whose elements are less than k. At most most are sorted with
// their windows at a time.
func newParts(s, order []int32, k, most int) parts {
	x := parts{s, order, make([]keyed, most), 2, 32}
	if k < 1<<21 {
		x.each, x.width = 3, 21
	}
	return x
}

// window is the elements at p, as a number of the same order. Behind the end is what
// precedes every element.
func (x *parts) window(p int) (window uint64) {
	s := x.s
	if p+3 <= len(s) {
		window = uint64(s[p]+1)<<x.width | uint64(s[p+1]+1)
		if x.each == 3 {
			window = window<<21 | uint64(s[p+2]+1)
		}
		return window
	}
	for i := range x.each {
		window <<= x.width
		if p+i < len(s) {
			window |= uint64(s[p+i] + 1)
		}
	}
	return window
}

// refineGroups sorts some of the groups of valleys with the same first element, which end at ends.
func (x *parts) refineGroups(ends []int32, from, to int) {
	begin := 0
	if from > 0 {
		begin = int(ends[from-1])
	}
	for _, end := range ends[from:to] {
		if int(end)-begin > 1 {
			x.refine(begin, int(end), 1)
		}
		begin = int(end)
	}
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
		if depth += x.each; x.sortByWindow(lo, hi, depth-x.each) {
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
	at := func(i int) uint64 { return x.window(int(order[i])+depth) >> (x.width * (x.each - 1)) }
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
