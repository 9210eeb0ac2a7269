package pstats

import (
	"hash/maphash"
	"math/bits"
	"math/rand/v2"
	"strings"
)

// key is a function by the numbers of its file and name.
type key struct {
	file, name int32
	line       int64
}

// nameNumbers numbers names, and keyTable finds equal functions. Both are hash
// tables with open addressing: three times as fast here as a map, since they grow
// without hashing anything again and need no look at what they hold to tell it
// apart.
type nameNumbers struct {
	seed  maphash.Seed
	texts pieces[string]
	hashTable

	room  *strings.Builder // for more texts
	piece int              // how much room is made at a time
}

// roomForNames is how much room for texts is made at a time in a large file.
const roomForNames = 1 << 16

func newNameNumbers(size int) nameNumbers {
	return nameNumbers{seed: maphash.MakeSeed(), room: new(strings.Builder), piece: min(size, roomForNames)}
}

// number returns the number of a name, giving it the next one where it is new.
func (t *nameNumbers) number(text string) int32 {
	hash := maphash.String(t.seed, text)
	at := t.start(hash)
	for ; t.slots[at].id != 0; at = t.after(at) {
		if s := t.slots[at]; s.hash == uint32(hash) && *t.texts.at(int(s.id - 1)) == text {
			return s.id - 1
		}
	}
	t.texts.add(t.keep(text))
	return t.put(at, hash)
}

// keep copies a text: the decoder's own does not stay. Many texts share a piece
// of memory, which a builder that is never full does not move.
func (t *nameNumbers) keep(text string) string {
	if t.room.Cap()-t.room.Len() < len(text) {
		t.room = new(strings.Builder)
		t.room.Grow(max(t.piece, len(text)))
	}
	start := t.room.Len()
	t.room.WriteString(text)
	return t.room.String()[start:]
}

// keyTable finds the first of equal keys.
type keyTable struct {
	seed [2]uint64
	keys *pieces[key]
	hashTable
	warm int32 // what warmUp has seen, so that it is not idle
}

// newKeyTable makes a table that finds keys, in the room of one that is done with.
func newKeyTable(keys *pieces[key], likely int, old hashTable) *keyTable {
	t := &keyTable{seed: [2]uint64{rand.Uint64(), rand.Uint64()}, keys: keys}
	if clear(old.slots); isRoom(len(old.slots), likely) {
		t.slots = old.slots
	} else {
		t.reserve(likely)
	}
	return t
}

// hash is seeded, as the lines are whatever the file says.
func (t *keyTable) hash(occurrence int32) uint32 {
	k := t.keys.at(int(occurrence))
	high, low := bits.Mul64(uint64(uint32(k.file))<<32^uint64(uint32(k.name))^t.seed[0], uint64(k.line)^t.seed[1])
	return uint32(high ^ low)
}

// batch is for how many keys at a time memory is asked.
const batch = 32

// warmUp looks at the places in memory that the search for some keys will need.
// None has to wait for another, so that the processor asks for all at once.
func (t *keyTable) warmUp(hashes []uint32) {
	for _, hash := range hashes {
		if id := t.slots[int(hash)&(len(t.slots)-1)].id; id != 0 {
			t.warm += t.keys.at(int(id - 1)).name
		}
	}
}

// first returns the first occurrence of the same function that was asked for,
// and whether that is this one.
func (t *keyTable) first(occurrence int32, hash uint32) (int32, bool) {
	at := t.start(uint64(hash))
	for ; t.slots[at].id != 0; at = t.after(at) {
		if s := t.slots[at]; s.hash == hash && *t.keys.at(int(s.id - 1)) == *t.keys.at(int(occurrence)) {
			return s.id - 1, false
		}
	}
	t.used++
	t.slots[at] = hashSlot{hash, occurrence + 1}
	return occurrence, true
}

// hashTable finds numbers by hash. Its length is a power of two, and at most
// two thirds of it are full.
type hashTable struct {
	slots []hashSlot
	used  int32
}

type hashSlot struct {
	hash uint32
	id   int32 // plus 1; 0 is free
}

const firstSlots = 256

// isRoom tells whether so many slots are enough for n in all.
func isRoom(slots, n int) bool { return 2*slots >= 3*n }

// start returns where to look first, making room for one more before.
func (t *hashTable) start(hash uint64) int {
	if !isRoom(len(t.slots), int(t.used)+1) {
		t.reserve(int(t.used) + 1)
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
	for !isRoom(size, n) {
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
