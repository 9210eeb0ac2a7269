package bwt

import (
	"encoding/binary"
	"math/bits"
)

// The peaks are sorted by what follows them, from peak to peak: the part of a peak
// reaches to the first fall behind the next peak. Sorted by their parts, peaks whose parts
// are alike get the same name, and the order of the names' sequence gives theirs
// (reduce.go). Reading all parts reads the text twice, so this is linear.
//
// Parts are read eight bytes at a time. Where that reads beyond the end of a part
// it does no harm: it makes names that tell more, which leaves less to do.

const (
	firstDepth = 2 // bytes that all peaks of a group have in common at once
	// maxDepth is how far windows are read beyond the end of parts: as long as a window costs
	// less than what sorting by names is spared.
	maxDepth = firstDepth + 8*8
	// mostBarren is after how many windows that tell nothing a group is taken to be of long
	// repetitions, which are sorted by names.
	mostBarren = 2
	// mostKeyed is how many peaks are sorted with their windows beside them: as many
	// as fit into a processor's second-level cache.
	mostKeyed = 1 << 15
	// fewKeyed is how many are sorted by insertion.
	fewKeyed = 12
)

// keyed is a peak, or a valley (parts.go), and a window after it.
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

// sortByWindows sorts the peaks into rows[:peaks].
func (r *ring) sortByWindows(rows []int32) error {
	order, rest := rows[:r.peaks], rows[r.peaks:]
	w := &windows{ring: r, order: order, scratch: rest, keys: make([]keyed, min(mostKeyed, r.peaks))}
	w.sort()
	s := &names{ring: r, order: order, space: rest}
	return s.sort()
}

// sort puts the peaks in order into w.order[:w.peaks], those alike marked.
func (w *windows) sort() {
	begin := int32(0)
	for _, end := range w.spread() {
		if end-begin > 1 {
			w.refine(int(begin), int(end), firstDepth)
		}
		begin = end
	}
}

// spread puts the peaks into groups by their first two bytes, and returns the groups' ends.
func (w *windows) spread() []int32 {
	ends := make([]int32, len(w.starred))
	sum := int32(0)
	for pair, count := range w.starred {
		ends[pair] = sum
		sum += count
	}
	w.eachPeak(func(p int) {
		pair := binary.BigEndian.Uint16(w.text[p:])
		w.order[ends[pair]] = int32(p)
		ends[pair]++
	})
	return ends
}

// refine sorts the group order[lo:hi], whose peaks have depth bytes in common.
func (w *windows) refine(lo, hi, depth int) {
	for barren := 0; hi-lo > 1; barren++ {
		ended := w.ended(int(w.order[lo]), depth)
		if hi-lo > mostKeyed && !ended {
			w.partition(lo, hi, depth)
			return
		}
		if ended && (barren >= mostBarren || depth+8 > maxDepth || hi-lo > mostKeyed) {
			for i := lo + 1; i < hi; i++ {
				w.order[i] = ^w.order[i]
			}
			return
		}
		if depth += 8; w.sortByWindow(lo, hi, depth-8) {
			w.eachAlike(lo, hi, depth)
			return
		}
	}
}

// ended says whether the part of the peak at p ends within depth bytes. They rise to the next
// peak after they first stop falling, and its fall shows that it is one: so peaks with
// these bytes in common have parts of the same length.
func (r *ring) ended(p, depth int) bool {
	text := r.text[p : p+depth]
	i := 2
	for i < len(text) && text[i-1] >= text[i] {
		i++
	}
	for i < len(text) && text[i-1] <= text[i] {
		i++
	}
	return i < len(text)
}

// eachAlike refines the groups that marks in order[lo:hi] tell, having taken the marks away.
func (w *windows) eachAlike(lo, hi, depth int) {
	for lo < hi {
		end := unmark(w.order, lo, hi)
		if end-lo > 1 {
			w.refine(lo, end, depth)
		}
		lo = end
	}
}

// unmark takes the marks of the group that begins at order[lo] away, and returns its end.
func unmark(order []int32, lo, hi int) int {
	for lo++; lo < hi && order[lo] < 0; lo++ {
		order[lo] = ^order[lo]
	}
	return lo
}

// partition sorts the large group order[lo:hi] by the byte at depth, and goes on with
// the groups it makes.
func (w *windows) partition(lo, hi, depth int) {
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
			w.refine(lo+begin, lo+end, depth+1)
		}
		begin = end
	}
}

// sortByWindow sorts order[lo:hi] by the windows at depth, and marks each peak whose
// window is that of the one before. It is false if all are alike, which it leaves as they are.
func (w *windows) sortByWindow(lo, hi, depth int) bool {
	group := w.order[lo:hi]
	keys := w.keys[:len(group)]
	for i, p := range group {
		keys[i] = keyed{w.window(int(p) + depth), p}
	}
	return sortGroup(group, keys)
}

// sortGroup sorts the group that keys has by its windows, and marks what has the window
// of the one before. It is false if all are alike, which it leaves as they are.
func sortGroup(group []int32, keys []keyed) bool {
	differ := uint64(0)
	for _, key := range keys {
		differ |= key.window ^ keys[0].window
	}
	if differ == 0 {
		return false
	}
	sortKeys(keys)
	group[0] = keys[0].peak
	for i := 1; i < len(keys); i++ {
		p := keys[i].peak
		if keys[i].window == keys[i-1].window {
			p = ^p
		}
		group[i] = p
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
		less, upTo := partitionKeys(a)
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

// partitionKeys puts windows less than one of them first, then those that are equal.
func partitionKeys(a []keyed) (less, upTo int) {
	pivot := choosePivot(a)
	for i := range a {
		x := a[i]
		a[i] = a[less]
		a[less] = x
		if x.window < pivot {
			less++
		}
	}
	upTo = less
	for i := less; i < len(a); i++ {
		x := a[i]
		a[i] = a[upTo]
		a[upTo] = x
		if x.window <= pivot {
			upTo++
		}
	}
	return less, upTo
}

// sortKeysTogether is sortKeys by a team.
func sortKeysTogether(a []keyed, t team) {
	if t.members == 1 || len(a) <= fewKeyed {
		sortKeys(a)
		return
	}
	less, upTo := partitionKeys(a)
	half := t.members / 2
	team{2, t.least}.all(func(member int) {
		if member == 0 {
			sortKeysTogether(a[:less], team{half, t.least})
		} else {
			sortKeysTogether(a[upTo:], team{t.members - half, t.least})
		}
	})
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
