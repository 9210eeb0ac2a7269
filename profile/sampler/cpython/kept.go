package cpython

import (
	"bytes"
	"sort"
)

// From one sample to the next most of a stack stays as it is. What of the chunks is the
// same, byte for byte, is neither laid out nor climbed down again.

// kept is what the next sample may begin with.
type kept struct {
	calling int // frames from the outermost on that are known to stand at a call of the next
	climbed int // frames from the outermost on that the last stack ends with, and have not changed since
	stack   []Frame
	codes   []*code // storage of the stack before the last, which is used again
}

// keep shortens the list of frames to those that need not be laid out again, and returns
// in which chunk the next lies, and where in it.
func (r *Reader) keep() (ci int, at int64) {
	n, old := 0, r.frames
	if r.epoch != r.t.epoch || r.t.still {
		old = nil
	}
	for i := range r.chunks {
		c := &r.chunks[i]
		ci, c.same = i, samePrefix(c.buf, c.former)
		more := sort.Search(len(old)-n, func(i int) bool {
			f := &old[n+i]
			return f.addr-c.addr >= uint64(len(c.buf)) || int(f.addr-c.addr)+f.code.frameSize > c.same
		})
		if at = chunkHeader; i == 0 {
			at += 8 // the first word of the first chunk is never used
		}
		if n += more; more > 0 {
			at = int64(old[n-1].addr-c.addr) + int64(old[n-1].code.frameSize)
		}
		if more == 0 || c.same < max(len(c.buf), len(c.former)) {
			break
		}
	}
	r.frames = r.frames[:n]
	r.kept.calling = max(0, min(r.kept.calling, n-1))
	r.kept.climbed = min(r.kept.climbed, n) // the last stack may be from before the last list
	return ci, at
}

// remember keeps the chunks from the ci-th on as they are, for the next time.
func (r *Reader) remember(ci int) {
	for i := range r.chunks[ci:] {
		c := &r.chunks[ci+i]
		from := 0
		if i == 0 {
			from = c.same // of those behind it, it is of an earlier time
		}
		c.former = append(c.former[:from], c.buf[from:]...)
	}
}

// samePrefix is how many bytes a and b have in common from the beginning.
func samePrefix(a, b []byte) int {
	const step = 512
	n, at := min(len(a), len(b)), 0
	for at+step <= n && bytes.Equal(a[at:at+step], b[at:at+step]) {
		at += step
	}
	for at+8 <= n && word(a, int64(at)) == word(b, int64(at)) {
		at += 8
	}
	return at
}

// unchanged is the highest place below at from which on downwards the last stack holds, -1
// for none: the frames are the same, and none but them was in it.
func (r *Reader) unchanged(at int) int {
	high := min(r.kept.climbed, at) - 1
	return sort.Search(high+1, func(i int) bool { return !r.frames[i].plain }) - 1
}

// addUnchanged adds of the last stack what lies from place from on downwards.
func (r *Reader) addUnchanged(from int) {
	if from < 0 {
		return
	}
	n, last, codes := r.frames[from].entries, r.kept.stack, r.kept.codes
	r.stack = append(r.stack, last[len(last)-n:]...)
	r.codes = append(r.codes, codes[len(codes)-n:]...)
}
