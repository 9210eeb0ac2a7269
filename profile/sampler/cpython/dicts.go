package cpython

import (
	"fmt"
	"math"
	"slices"
)

// Fields of dicts: PyDictObject, and from 3.11 on PyDictKeysObject.
const (
	dictUsed    = 16
	dictValues  = 40
	keysLogIdx  = 9 // a byte: the indices take two to its power of bytes
	keysKind    = 10
	keysCount   = 24 // dk_nentries
	generalKeys = 0  // entries of hash, key, value; others of key, value
	plainEntry  = 16
	sharedKeys  = 30 // SHARED_KEYS_MAX_SIZE
)

// entries is where the entries of a dict's keys lie.
type entries struct {
	at    uint64
	count uint64 // in use, those of removed keys included
	size  int64  // of each; the key is the last but one of its words, the value the last
}

// keysAt reads the head of a PyDictKeysObject.
func (v *inspector) keysAt(keys uint64) (entries, error) {
	raw := make([]byte, v.o.keysHead)
	if err := v.t.mem.Read(keys, raw); err != nil {
		return entries{}, err
	}
	e := entries{size: entrySize}
	indices := uint64(0)
	if v.o.keysHead == keysIndices { // before 3.11
		slots := word(raw, keysSize)
		e.count, indices = word(raw, keysEntries), slots*indexSize(slots)
		if slots > math.MaxUint32 {
			return e, fmt.Errorf("a dict of %d slots", slots)
		}
	} else {
		if raw[keysLogIdx] > 40 {
			return e, fmt.Errorf("a dict with indices of 2**%d bytes", raw[keysLogIdx])
		}
		e.count, indices = word(raw, keysCount), 1<<raw[keysLogIdx]
		if raw[keysKind] != generalKeys {
			e.size = plainEntry
		}
	}
	e.at = keys + uint64(v.o.keysHead) + indices
	return e, nil
}

// dictItems are the first pairs of a dict, in its order, and how many more it has.
func (v *inspector) dictItems(addr uint64, limit int) ([]uint64, int, error) {
	raw := make([]byte, dictValues+8)
	if err := v.t.mem.Read(addr, raw); err != nil {
		return nil, 0, err
	}
	used := word(raw, dictUsed)
	if used == 0 {
		return nil, 0, nil
	}
	e, err := v.keysAt(word(raw, dictKeys))
	if err != nil {
		return nil, 0, err
	}
	var found []uint64
	if values := word(raw, dictValues); values != 0 {
		if found, err = v.splitInOrder(e, values, used); len(found) > 2*limit {
			found = found[:2*limit]
		}
	} else {
		found, err = v.plainItems(e, limit)
	}
	return found, max(0, int(min(used, math.MaxInt32))-len(found)/2), err
}

// plainItems takes the entries that have a value.
func (v *inspector) plainItems(e entries, limit int) ([]uint64, error) {
	words, err := v.pointers(e.at, int(min(e.count, maxSlots))*int(e.size/8))
	if err != nil {
		return nil, err
	}
	var found []uint64
	for n := int(e.size / 8); len(words) >= n && len(found) < 2*limit; words = words[n:] {
		if words[n-1] != 0 {
			found = append(found, words[n-2], words[n-1])
		}
	}
	return found, nil
}

// splitInOrder is splitItems in the order of the dict. From 3.11 on values have an order
// of their own.
func (v *inspector) splitInOrder(e entries, values, used uint64) ([]uint64, error) {
	pairs, err := v.splitItems(e, values)
	if err != nil || v.o.managed == ownDict {
		return held(pairs), err
	}
	order, err := v.order(values, used)
	var found []uint64
	for _, i := range order {
		if 2*i+1 < len(pairs) {
			found = append(found, pairs[2*i], pairs[2*i+1])
		}
	}
	return held(found), err
}

// held leaves out keys that have no value.
func held(pairs []uint64) []uint64 {
	var found []uint64
	for ; len(pairs) >= 2; pairs = pairs[2:] {
		if pairs[1] != 0 {
			found = append(found, pairs[0], pairs[1])
		}
	}
	return found
}

// splitItems joins keys that instances share with the values of one of them, of which
// some may be 0.
func (v *inspector) splitItems(e entries, values uint64) ([]uint64, error) {
	n := int(min(e.count, maxSlots))
	if v.o.managed != ownDict {
		n = min(n, sharedKeys)
	}
	keys, err := v.pointers(e.at, n*int(e.size/8))
	if err != nil {
		return nil, err
	}
	first := values
	if v.o.managed == valuesInline {
		first += 8 // capacity, size, embedded, valid
	}
	objects, err := v.pointers(first, n)
	if err != nil {
		return nil, err
	}
	words := int(e.size / 8)
	var pairs []uint64
	for i, object := range objects {
		pairs = append(pairs, keys[i*words+words-2], object)
	}
	return pairs, nil
}

// order is the order of a split dict's values, from 3.11 on: in bytes before the values,
// backwards from the third; from 3.13 on in bytes behind them.
func (v *inspector) order(values, used uint64) ([]int, error) {
	raw := make([]byte, min(used, sharedKeys))
	at := values - 2 - uint64(len(raw))
	if v.o.managed == valuesInline {
		var capacity [1]byte
		if err := v.t.mem.Read(values, capacity[:]); err != nil {
			return nil, err
		}
		at = values + 8 + 8*uint64(capacity[0])
	}
	if err := v.t.mem.Read(at, raw); err != nil {
		return nil, err
	}
	if v.o.managed != valuesInline {
		slices.Reverse(raw)
	}
	order := make([]int, len(raw))
	for i, b := range raw {
		order[i] = int(b)
	}
	return order, nil
}

// maxLookup bounds the keys that are compared with a name: those that are asked for
// are among the first of a class or an instance.
const maxLookup = 64

// lookup finds a value of a dict by its key, a str.
func (v *inspector) lookup(dict uint64, name string) (uint64, bool) {
	if dict == 0 {
		return 0, false
	}
	items, _, err := v.dictItems(dict, maxLookup)
	if err != nil {
		return 0, false
	}
	return v.find(items, name)
}

func (v *inspector) find(items []uint64, name string) (uint64, bool) {
	for ; len(items) >= 2; items = items[2:] {
		if key, err := v.t.str(items[0]); err == nil && key == name {
			return items[1], true
		}
	}
	return 0, false
}

// attribute finds an attribute that an instance itself has.
func (v *inspector) attribute(object uint64, name string) (uint64, bool) {
	c, err := v.classOf(object)
	if err != nil {
		return 0, false
	}
	if v.o.managed == ownDict || c.flags&typeManagedDict == 0 {
		if c.dictOffset <= 0 || c.dictOffset > maxFrame {
			return 0, false
		}
		dict, err := v.t.pointer(object + uint64(c.dictOffset))
		if err != nil {
			return 0, false
		}
		return v.lookup(dict, name)
	}
	dict, values := v.managedAt(object, c)
	if dict != 0 {
		return v.lookup(dict, name)
	}
	if values == 0 || c.keys == 0 {
		return 0, false
	}
	e, err := v.keysAt(c.keys)
	if err != nil {
		return 0, false
	}
	pairs, err := v.splitItems(e, values)
	if err != nil {
		return 0, false
	}
	return v.find(held(pairs), name)
}

// managedAt finds the dict of an instance, or its values where it has no dict yet.
func (v *inspector) managedAt(object uint64, c *class) (dict, values uint64) {
	before, err := v.pointers(object-32, 2)
	if err != nil {
		return 0, 0
	}
	switch {
	case v.o.managed == taggedBefore && before[1]&1 == 1:
		return 0, before[1] + 1
	case before[1] != 0:
		return before[1], 0
	case v.o.managed == valuesBefore:
		return 0, before[0]
	case v.o.managed == valuesInline && c.flags&typeInlineValues != 0 && c.basicSize > 0 && c.basicSize < maxFrame:
		return 0, object + uint64(c.basicSize)
	}
	return 0, 0
}
