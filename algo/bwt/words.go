package bwt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/bits"
	"slices"
)

// The word of a peak is what follows it up to the next peak and one byte more, which is
// greater. So peaks with different words have the order of these, a word preceding those
// it begins, for they go on to rise. Most texts have few different words: those get
// names in their order, and the names of all peaks in the order of the text have rotations
// that stand for the peaks'. The text is read but once, from its beginning to its end.
//
// A text of too many different words is left to windows, which reads more of the text.

const (
	// fewWords: with so many peaks for each different word, names are quicker than windows.
	fewWords = 16
	// sample is after how many words it is given up if more than half of all were new.
	sample = 1 << 14
	// mostProbes is how many places of the table are looked at for each peak on average: more are
	// the work of someone who knows the hash.
	mostProbes = 8
	// shortWord is the length up to which a word and its length fit into a key.
	shortWord = 7
	// mixer spreads keys: 2^64 divided by the golden ratio.
	mixer = 0x9e3779b97f4a7c15
)

// word is a word by the first peak that has it.
type word struct {
	peak, length int32
}

// slot is a place in the table of words.
type slot struct {
	key  uint64 // 0: there is none
	name int32
}

// words names peaks.
type words struct {
	*ring
	list    []word
	slots   []slot // a power of two, at most half of them taken
	most    int    // words
	asked   int    // words so far
	left    int    // probes
	reached int    // what fetch returned: of no meaning
}

// errManyWords: there are too many different words.
var errManyWords = errors.New("too many words")

// sortByWords sorts the peaks into rows[:peaks], as column begins with them. It is
// errManyWords if there are more than most different words.
func (r *ring) sortByWords(rows []int32, most int) error {
	w := &words{ring: r, slots: make([]slot, 1<<10), most: most, left: mostProbes * r.peaks}
	order, names := rows[:r.peaks], rows[len(rows)-r.peaks:]
	if !w.name(names) {
		return errManyWords
	}
	w.slots = nil
	ranks := w.ranks()
	for i, name := range names {
		names[i] = ranks[name]
	}
	turn := leastRotation(names) // from there on suffixes have the order of rotations
	rotate(names, turn)
	if err := sortSuffixes(names, order, len(ranks), rows[len(order):len(rows)-len(names)]); err != nil {
		return err
	}
	w.place(order, names, turn)
	return nil
}

// name sets names to the peaks' names, in the order of the text, or returns false.
func (w *words) name(names []int32) bool {
	var asked [batch]word
	first, last, k, count := -1, -1, 0, 0
	for at, set := range w.marks {
		for ; set != 0; set &= set - 1 {
			p := at*64 + bits.TrailingZeros64(set)
			if last < 0 {
				first, last = p, p
				continue
			}
			asked[count] = word{int32(last), int32(p + 2 - last)}
			last = p
			if count++; count == len(asked) {
				if !w.find(asked[:], names[k:]) {
					return false
				}
				k, count = k+count, 0
			}
		}
	}
	asked[count] = word{int32(last), int32(first + w.n + 2 - last)}
	return w.find(asked[:count+1], names[k:])
}

// find sets names to those of words: how many words were found before each. It is false if
// there are too many.
func (w *words) find(asked []word, names []int32) bool {
	var keys [batch]uint64
	var at [batch]int32
	w.asked += len(asked)
	shift := w.shift()
	for i, one := range asked {
		keys[i] = w.key(int(one.peak), int(one.length))
		at[i] = int32(keys[i] * mixer >> shift)
	}
	w.reached += fetch(w.slots, at[:len(asked)])
	for i, one := range asked {
		if names[i] = w.look(keys[i], one); names[i] < 0 {
			return false
		}
	}
	return true
}

// look is the name of a word, negative if there are too many.
func (w *words) look(key uint64, one word) int32 {
	for i := key * mixer >> w.shift(); ; i++ {
		s := &w.slots[i&uint64(len(w.slots)-1)]
		w.left--
		if s.key == key && (one.length <= shortWord || w.same(s.name, one)) {
			return s.name
		}
		if s.key == 0 {
			return w.add(s, slot{key, int32(len(w.list))}, one)
		}
		if w.left < 0 {
			return -1
		}
	}
}

func (w *words) shift() int { return 64 - (bits.Len(uint(len(w.slots))) - 1) }

// key is a short word with its length, or a hash of a long one; never 0.
func (w *words) key(p, length int) uint64 {
	if length <= shortWord {
		return w.window(p)&^(1<<(64-8*length)-1) | uint64(length)
	}
	hash := uint64(0)
	text := w.text[p:]
	for ; length >= 8; length -= 8 {
		hash = (hash ^ binary.BigEndian.Uint64(text)) * mixer
		hash ^= hash >> 32
		text = text[8:]
	}
	hash = (hash ^ binary.BigEndian.Uint64(text)>>(64-8*length)) * mixer
	return hash ^ hash>>32 | 0xff
}

// same says whether one is the word of that name.
func (w *words) same(name int32, one word) bool {
	return bytes.Equal(w.bytesOf(w.list[name]), w.bytesOf(one))
}

func (w *words) bytesOf(one word) []byte { return w.text[one.peak : one.peak+one.length] }

// add puts a new word into the table, and makes that larger where it is half full.
func (w *words) add(free *slot, s slot, one word) int32 {
	if len(w.list) >= w.most || len(w.list) >= sample && 2*len(w.list) > w.asked {
		return -1
	}
	*free = s
	w.list = append(w.list, one)
	if 2*len(w.list) > len(w.slots) {
		old := w.slots
		w.slots = make([]slot, 2*len(old))
		shift := w.shift()
		for _, s := range old {
			if s.key == 0 {
				continue
			}
			i := s.key * mixer >> shift
			for w.slots[i&uint64(len(w.slots)-1)].key != 0 {
				i++
			}
			w.slots[i&uint64(len(w.slots)-1)] = s
		}
	}
	return s.name
}

// ranks is the order of the words, by their names.
func (w *words) ranks() []int32 {
	keys := make([]keyed, len(w.list))
	for name, one := range w.list {
		keys[name] = keyed{w.window(int(one.peak)), int32(name)}
	}
	sortKeys(keys)
	ranks := make([]int32, len(keys))
	for begin := 0; begin < len(keys); {
		end := begin + 1
		for end < len(keys) && keys[end].window == keys[begin].window {
			end++
		}
		slices.SortFunc(keys[begin:end], func(a, b keyed) int {
			return bytes.Compare(w.bytesOf(w.list[a.peak]), w.bytesOf(w.list[b.peak]))
		})
		for i := begin; i < end; i++ {
			ranks[keys[i].peak] = int32(i)
		}
		begin = end
	}
	return ranks
}

// place makes of indices into the peaks, counted from the one that is turn behind the first,
// what column begins with: their positions, or the bytes before. space is as long as order.
func (w *words) place(order, space []int32, turn int) {
	back := w.bytes[before-4:]
	k, last := len(space)-turn, w.lastPeak()-w.n
	w.eachPeak(func(p int) {
		if k == len(space) {
			k = 0
		}
		space[k] = int32(p)
		// Here the bytes are at hand, in the order of rows they are not.
		if p-last <= toldBytes && int32(p)&w.mask > toldBytes {
			space[k] = told | int32(binary.BigEndian.Uint32(back[p:])&0xffffff)
		}
		last = p
		k++
	})
	for i, j := range order {
		order[i] = space[j]
	}
}
