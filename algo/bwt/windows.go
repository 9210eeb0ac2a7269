package bwt

import (
	"math/bits"
)

// The peaks are sorted by what follows them, from peak to peak: the part of a peak
// reaches to the byte after the next peak. Sorted by their parts, peaks whose parts
// are alike get the same name, and the order of the names' sequence gives theirs
// (reduce.go). Reading all parts reads the text twice, so this is linear.
//
// Parts are read eight bytes at a time. Where that reads beyond the end of a part
// it does no harm: it makes names that tell more, which leaves less to do.

const (
	firstDepth = 2 // bytes by which peaks are put into groups at once
	// maxDepth is how far equal windows are read beyond what is needed. Each further
	// window costs as much as sorting its peaks by names, and decides fewer.
	maxDepth = firstDepth + 2*8
	// mostKeyed is how many peaks are sorted with their windows beside them: as many
	// as fit into a processor's second-level cache.
	mostKeyed = 1 << 15
	// fewKeyed is how many are sorted by insertion.
	fewKeyed = 12
)

// keyed is a peak and a window after it.
type keyed struct {
	window uint64
	peak   int32
}

// windows sorts peaks.
type windows struct {
	*ring
	order   []int32 // the peaks; complemented if of the same name as the one before
	scratch []int32 // at least as many
	keys    []keyed
}

// sort puts the peaks in order into w.order[:w.peaks], those alike marked.
func (w *windows) sort() {
	ends := w.spread()
	begin := int32(0)
	for _, end := range ends {
		if end-begin > 1 {
			w.refine(int(begin), int(end), firstDepth, firstDepth)
		}
		begin = end
	}
}

// spread puts the peaks into groups of the same first two bytes, and returns the
// groups' ends.
func (w *windows) spread() []int32 {
	ends := make([]int32, 1<<16)
	sum := int32(0)
	for pair, count := range w.starred {
		ends[pair] = sum
		sum += count
	}
	w.eachPeak(func(p int) {
		pair := int(w.text[p])<<8 | int(w.text[p+1])
		w.order[ends[pair]] = int32(p)
		ends[pair]++
	})
	return ends
}

// refine sorts the group order[lo:hi], whose peaks have depth bytes in common. No
// part among them ends before known bytes.
func (w *windows) refine(lo, hi, known, depth int) {
	for hi-lo > 1 {
		if known < depth {
			if lo = w.splitEnded(lo, hi, known, depth); hi-lo < 2 {
				return
			}
		}
		known = depth
		if hi-lo > mostKeyed {
			w.partition(lo, hi, known, depth)
			return
		}
		if depth += 8; !w.sortByWindow(lo, hi, depth-8) {
			continue // all alike
		}
		w.eachAlike(lo, hi, func(lo, hi int) { w.refine(lo, hi, known, depth) })
		return
	}
}

// finish sorts the group order[lo:hi] of parts that are alike a little further, and
// marks those that are still alike.
func (w *windows) finish(lo, hi, depth int) {
	if hi-lo < 2 {
		return
	}
	if depth+8 > maxDepth || hi-lo > mostKeyed {
		for i := lo + 1; i < hi; i++ {
			w.order[i] = ^w.order[i]
		}
		return
	}
	if !w.sortByWindow(lo, hi, depth) {
		w.finish(lo, hi, depth+8)
		return
	}
	w.eachAlike(lo, hi, func(lo, hi int) { w.finish(lo, hi, depth+8) })
}

// eachAlike calls visit for the groups that marks in order[lo:hi] tell, having taken
// the marks away.
func (w *windows) eachAlike(lo, hi int, visit func(lo, hi int)) {
	for lo < hi {
		end := lo + 1
		for end < hi && w.order[end] < 0 {
			w.order[end] = ^w.order[end]
			end++
		}
		if end-lo > 1 {
			visit(lo, end)
		}
		lo = end
	}
}

// splitEnded finishes those of order[lo:hi] whose parts end within depth bytes, and
// puts them before the others, of which it returns the first. Where the bytes are alike
// a part that ends precedes one that does not: at the end of the first the text will fall,
// and in the other, behind bytes alike, it will rise again.
func (w *windows) splitEnded(lo, hi, known, depth int) int {
	// A part has ended if the next peak and the byte after it are among the depth bytes.
	from, count := known-1, depth-known
	distance := w.nextWithin(int(w.order[lo])+from, count)
	alike := true
	for _, p := range w.order[lo+1 : hi] {
		alike = alike && w.nextWithin(int(p)+from, count) == distance
	}
	if alike {
		if distance == count {
			return lo
		}
		w.finish(lo, hi, depth)
		return hi
	}
	for ended := range count {
		begin := lo
		for i := lo; i < hi; i++ {
			if w.nextWithin(int(w.order[i])+from, count) == ended {
				w.order[i], w.order[lo] = w.order[lo], w.order[i]
				lo++
			}
		}
		w.finish(begin, lo, depth)
	}
	return lo
}

// partition sorts the large group order[lo:hi] by the byte at depth, and goes on with
// the groups it makes.
func (w *windows) partition(lo, hi, known, depth int) {
	var ends [256]int
	for _, p := range w.order[lo:hi] {
		ends[w.text[int(p)+depth]]++
	}
	sum := 0
	for c, count := range ends {
		ends[c] = sum
		sum += count
	}
	scratch := w.scratch[:hi-lo]
	for _, p := range w.order[lo:hi] {
		c := w.text[int(p)+depth]
		scratch[ends[c]] = p
		ends[c]++
	}
	copy(w.order[lo:hi], scratch)
	begin := 0
	for _, end := range ends {
		if end-begin > 1 {
			w.refine(lo+begin, lo+end, known, depth+1)
		}
		begin = end
	}
}

// sortByWindow sorts order[lo:hi] by the windows at depth, and marks each peak whose
// window is that of the one before. It is false if all are alike, which it leaves as they are.
func (w *windows) sortByWindow(lo, hi, depth int) bool {
	group := w.order[lo:hi]
	keys := w.keys[:len(group)]
	first := w.window(int(group[0]) + depth)
	differ := uint64(0)
	for i, p := range group {
		key := w.window(int(p) + depth)
		keys[i] = keyed{key, p}
		differ |= key ^ first
	}
	if differ == 0 {
		return false
	}
	sortKeys(keys)
	group[0] = keys[0].peak
	last := keys[0].window
	for i := 1; i < len(keys); i++ {
		p := keys[i].peak
		if keys[i].window == last {
			p = ^p
		}
		group[i], last = p, keys[i].window
	}
	return true
}

// sortKeys sorts by window: quicksort in three parts, so that equal windows are
// met once, and without branches that depend on what is compared.
func sortKeys(a []keyed) {
	for depth := 2 * bits.Len(uint(len(a))); len(a) > fewKeyed; depth-- {
		if depth == 0 {
			heapSort(a)
			return
		}
		pivot := choosePivot(a)
		less := 0
		for i := range a {
			x := a[i]
			a[i] = a[less]
			a[less] = x
			if x.window < pivot {
				less++
			}
		}
		upTo := less
		for i := less; i < len(a); i++ {
			x := a[i]
			a[i] = a[upTo]
			a[upTo] = x
			if x.window <= pivot {
				upTo++
			}
		}
		sortKeys(a[:less])
		a = a[upTo:]
	}
	for i := 1; i < len(a); i++ {
		x := a[i]
		j := i
		for ; j > 0 && a[j-1].window > x.window; j-- {
			a[j] = a[j-1]
		}
		a[j] = x
	}
}

// choosePivot is a window near the middle: the median of three, or of three such.
func choosePivot(a []keyed) uint64 {
	n := len(a)
	if n < 128 {
		return median(a[n/4].window, a[n/2].window, a[n*3/4].window)
	}
	s := n / 8
	return median(
		median(a[0].window, a[s].window, a[2*s].window),
		median(a[3*s].window, a[4*s].window, a[5*s].window),
		median(a[6*s].window, a[7*s].window, a[n-1].window))
}

func median(a, b, c uint64) uint64 { return max(min(a, b), min(max(a, b), c)) }

// heapSort is for windows that mislead the choice of pivots.
func heapSort(a []keyed) {
	sift := func(root, n int) {
		for child := 2*root + 1; child < n; child = 2*root + 1 {
			if child+1 < n && a[child].window < a[child+1].window {
				child++
			}
			if a[root].window >= a[child].window {
				return
			}
			a[root], a[child] = a[child], a[root]
			root = child
		}
	}
	for root := len(a)/2 - 1; root >= 0; root-- {
		sift(root, len(a))
	}
	for n := len(a) - 1; n > 0; n-- {
		a[0], a[n] = a[n], a[0]
		sift(0, n)
	}
}
