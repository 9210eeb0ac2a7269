package value

// Up to this many keys are compared one by one: quicker than a table for the dicts
// that make up a table's rows.
const smallEnough = 8

// Keys of one hash that differ are made on purpose. So that a million of them cannot
// cost a million times a million comparisons, no more than this many are looked at; a
// key past that is taken for a new one.
const maxSameHash = 64

// index finds keys by hash, once there are more than [smallEnough]. It holds places,
// not the keys.
type index struct {
	slots []slot // a power of two, at most three quarters used
	used  int
}

type slot struct {
	hash uint32
	next int32 // the key's place, counted from 1; 0 for none
}

// keys are what an index finds.
type keys interface {
	count() int
	at(i int) Value
}

type pairKeys []Pair

func (k pairKeys) count() int     { return len(k) }
func (k pairKeys) at(i int) Value { return k[i].Key }

type itemKeys []Value

func (k itemKeys) count() int     { return len(k) }
func (k itemKeys) at(i int) Value { return k[i] }

// find returns the place of key, or -1.
func find[K keys](ix *index, key Value, ks K) (int, error) {
	if ix.slots == nil {
		return findSmall(key, ks)
	}
	hash, err := hashOf(key)
	if err != nil {
		return -1, err
	}
	return ix.probe(key, uint32(hash), func(i int) Value { return ks.at(i) }), nil
}

func findSmall[K keys](key Value, ks K) (int, error) {
	n := ks.count()
	if s, ok := key.(Str); ok {
		for i := range n {
			if k, ok := ks.at(i).(Str); ok && k == s {
				return i, nil
			}
		}
		return -1, nil
	}
	if _, err := hashOf(key); err != nil {
		return -1, err
	}
	for i := range n {
		if Equal(ks.at(i), key) {
			return i, nil
		}
	}
	return -1, nil
}

// probe looks for key from its slot on; it returns the place, or -1.
func (ix *index) probe(key Value, hash uint32, at func(int) Value) int {
	mask := uint32(len(ix.slots) - 1)
	same := 0
	for at32 := hash & mask; ix.slots[at32].next != 0 && same < maxSameHash; at32 = (at32 + 1) & mask {
		s := ix.slots[at32]
		if s.hash != hash {
			continue
		}
		if Equal(at(int(s.next-1)), key) {
			return int(s.next - 1)
		}
		same++
	}
	return -1
}

// add returns the place of key, or -1 after it has noted that the caller now puts it
// at the end.
func add[K keys](ix *index, key Value, ks K) (int, error) {
	i, err := find(ix, key, ks)
	n := ks.count()
	if err != nil || i >= 0 || n < smallEnough {
		return i, err
	}
	if (ix.used+1)*4 > len(ix.slots)*3 {
		ix.grow(n)
		for i := range n {
			h, _ := hashOf(ks.at(i)) // every key that is in has a hash
			ix.put(uint32(h), i)
		}
	}
	h, _ := hashOf(key)
	ix.put(uint32(h), n)
	return -1, nil
}

// grow makes an empty table for twice n keys.
func (ix *index) grow(n int) {
	size := 4 * smallEnough
	for size*3 < 8*n {
		size *= 2
	}
	ix.slots, ix.used = make([]slot, size), 0
}

func (ix *index) put(hash uint32, place int) {
	mask := uint32(len(ix.slots) - 1)
	i := hash & mask
	for ix.slots[i].next != 0 {
		i = (i + 1) & mask
	}
	ix.slots[i] = slot{hash, int32(place + 1)}
	ix.used++
}
