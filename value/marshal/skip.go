package marshal

import "fmt"

// Skip reads over the content of the container just read; after any other
// value there is nothing to skip.
func (d *Decoder) Skip() error {
	offset, ref, kind := d.offset, d.ref, d.kind
	if !d.skipContent(kind, 1) {
		return d.Err()
	}
	d.offset, d.ref, d.kind = offset, ref, kind
	return nil
}

// skipContent reads over what belongs to a value of the given kind.
func (d *Decoder) skipContent(kind Kind, depth int) bool {
	switch kind {
	case KindInvalid:
		return false
	case KindTuple, KindList, KindSet, KindFrozenSet, KindSlice:
		for range d.length {
			if !d.skip(d.within(depth), depth) {
				return false
			}
		}
	case KindDict:
		for {
			key := d.within(depth)
			if key == KindNull {
				return true
			}
			if !d.skip(key, depth) || !d.skip(d.within(depth), depth) {
				return false
			}
		}
	}
	return true
}

// skip reads over a value whose start has been read, at a place where there
// must be one.
func (d *Decoder) skip(kind Kind, depth int) bool {
	if kind == KindNull {
		d.fail(d.offset, "", d.describe())
		return false
	}
	return d.skipContent(kind, depth+1)
}

// within reads the start of a value at some depth of nesting.
func (d *Decoder) within(depth int) Kind {
	if depth > MaxDepth {
		return d.fail(d.pos, fmt.Sprintf("at most %d values within each other", MaxDepth), "more")
	}
	outer := d.depth
	d.depth = depth
	kind := d.Next()
	d.depth = outer
	return kind
}
