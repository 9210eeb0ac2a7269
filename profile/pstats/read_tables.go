package pstats

import (
	"hash/maphash"
	"math/bits"
	"math/rand/v2"
)

// key is a function by the numbers of its file and name.
type key struct {
	file, name int32
	line       int64
}

// nameNumbers numbers names, and keyNumbers functions. Both are hash tables with
// open addressing: three times as fast here as a map, since they grow without
// hashing anything again and need no look at what they hold to tell it apart.
type nameNumbers struct {
	seed  maphash.Seed
	texts []string
	hashTable
}

type keyNumbers struct {
	seed [2]uint64
	keys []key
	hashTable
}

func newNameNumbers() nameNumbers { return nameNumbers{seed: maphash.MakeSeed()} }

func newKeyNumbers() keyNumbers { return keyNumbers{seed: [2]uint64{rand.Uint64(), rand.Uint64()}} }

// reserve makes room for n functions in all.
func (t *keyNumbers) reserve(n int) {
	t.keys = append(make([]key, 0, n), t.keys...)
	t.hashTable.reserve(n)
}

// number returns the number of a name, giving it the next one where it is new.
func (t *nameNumbers) number(text string) int32 {
	hash := maphash.String(t.seed, text)
	at := t.start(hash)
	for ; t.slots[at].id != 0; at = t.after(at) {
		if s := t.slots[at]; s.hash == uint32(hash) && t.texts[s.id-1] == text {
			return s.id - 1
		}
	}
	t.texts = append(doubling(t.texts, 1), text)
	return t.put(at, hash)
}

// number returns the number of a function and whether it is new. The hash is
// seeded, as the lines are whatever the file says.
func (t *keyNumbers) number(k key) (id int32, added bool) {
	high, low := bits.Mul64(uint64(uint32(k.file))<<32^uint64(uint32(k.name))^t.seed[0], uint64(k.line)^t.seed[1])
	hash := high ^ low
	at := t.start(hash)
	for ; t.slots[at].id != 0; at = t.after(at) {
		if s := t.slots[at]; s.hash == uint32(hash) && t.keys[s.id-1] == k {
			return s.id - 1, false
		}
	}
	t.keys = append(t.keys, k)
	return t.put(at, hash), true
}

// hashTable finds numbers by hash. Its length is a power of two, and at most
// half of it is full.
type hashTable struct {
	slots []hashSlot
	used  int32
}

type hashSlot struct {
	hash uint32
	id   int32 // plus 1; 0 is free
}

const firstSlots = 256

// start returns where to look first, making room for one more before.
func (t *hashTable) start(hash uint64) int {
	if 2*int(t.used) >= len(t.slots) {
		t.reserve(max(firstSlots/2, len(t.slots)))
	}
	return int(uint32(hash)) & (len(t.slots) - 1)
}

func (t *hashTable) after(at int) int { return (at + 1) & (len(t.slots) - 1) }

// put gives the next number to the free slot where a search ended.
func (t *hashTable) put(at int, hash uint64) int32 {
	t.used++
	t.slots[at] = hashSlot{uint32(hash), t.used}
	return t.used - 1
}

// reserve makes room for n in all.
func (t *hashTable) reserve(n int) {
	size := firstSlots
	for size < 2*n {
		size *= 2
	}
	old := t.slots
	t.slots = make([]hashSlot, size)
	for _, s := range old {
		if s.id == 0 {
			continue
		}
		at := int(s.hash) & (len(t.slots) - 1)
		for t.slots[at].id != 0 {
			at = t.after(at)
		}
		t.slots[at] = s
	}
}
