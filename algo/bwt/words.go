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
	order, names := rows[:r.peaks], rows[len(rows)-r.peaks:]
	count, err := r.nameWords(names, most)
	if err != nil {
		return err
	}
	turn := leastRotation(names) // from there on suffixes have the order of rotations
	rotate(names, turn)
	if err := sortSuffixes(names, order, count, rows[len(order):len(rows)-len(names)], r.team); err != nil {
		return err
	}
	r.place(order, names, turn)
	return nil
}

// nameWords sets names to the ranks of the peaks' words, in the order of the text, and returns how
// many different ones there are. Each member of the team has a table of its own; all words of
// the others are then looked up in the first's.
func (r *ring) nameWords(names []int32, most int) (count int, err error) {
	tables, many := make([]*words, len(r.parts)), make([]bool, len(r.parts))
	r.team.all(func(m int) {
		tables[m] = &words{ring: r, slots: make([]slot, 1<<10), most: most, left: mostProbes * r.peaks}
		many[m] = !tables[m].name(names[r.parts[m].peaks:], r.parts[m])
	})
	if slices.Contains(many, true) {
		return 0, errManyWords
	}
	first := tables[0]
	final := make([][]int32, len(tables)) // each table's names as the first's; nil for that
	for m, w := range tables[1:] {
		first.asked += w.asked
		final[m+1] = make([]int32, len(w.list))
		for words, names := w.list, final[m+1]; len(words) > 0; {
			n := min(batch, len(words))
			if !first.find(words[:n], names) {
				return 0, errManyWords
			}
			words, names = words[n:], names[n:]
		}
		w.slots, w.list = nil, nil
	}
	first.slots = nil
	ranks := first.ranks()
	r.team.all(func(m int) {
		own := ranks
		if m > 0 {
			own = final[m]
			for i, name := range own {
				own[i] = ranks[name]
			}
		}
		for i, name := range r.namesOf(m, names) {
			r.namesOf(m, names)[i] = own[name]
		}
	})
	return len(ranks), nil
}

// namesOf is the part of names, one for each peak in the order of the text, that is a member's.
func (r *ring) namesOf(member int, names []int32) []int32 {
	end := len(names)
	if member+1 < len(r.parts) {
		end = r.parts[member+1].peaks
	}
	return names[r.parts[member].peaks:end]
}

// name sets names to those of a part's peaks, in the order of the text, or returns false.
func (w *words) name(names []int32, p part) bool {
	var asked [batch]word
	last, k, count := -1, 0, 0
	for at, set := range w.marks[p.begin:p.end] {
		for ; set != 0; set &= set - 1 {
			p := (p.begin+at)*64 + bits.TrailingZeros64(set)
			if last < 0 {
				last = p
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
	if last < 0 {
		return true
	}
	asked[count] = word{int32(last), int32(w.peakFrom(p.end) + 2 - last)}
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
	w.team.each(len(keys), func(begin, end int) {
		for i, one := range w.list[begin:end] {
			keys[begin+i] = keyed{w.window(int(one.peak)), int32(begin + i)}
		}
	})
	sortKeysTogether(keys, w.team.of(len(keys)))
	ranks := make([]int32, len(keys))
	t := w.team.of(len(keys))
	begins := make([]int, t.members+1) // of what each member ranks: all of a window are one's
	for m := range begins {
		_, begin := t.share(m-1, len(keys))
		for begin > 0 && begin < len(keys) && keys[begin].window == keys[begin-1].window {
			begin++
		}
		begins[m] = begin
	}
	t.all(func(m int) {
		for begin := begins[m]; begin < begins[m+1]; {
			begin = w.rankAlike(keys[:begins[m+1]], begin, ranks)
		}
	})
	return ranks
}

// rankAlike sorts the words of the same window, the first of them keys[begin], and
// returns where others begin.
func (w *words) rankAlike(keys []keyed, begin int, ranks []int32) (end int) {
	window := keys[begin].window
	for end = begin; end < len(keys) && keys[end].window == window; end++ {
	}
	slices.SortFunc(keys[begin:end], func(a, b keyed) int {
		return bytes.Compare(w.bytesOf(w.list[a.peak]), w.bytesOf(w.list[b.peak]))
	})
	for i := begin; i < end; i++ {
		ranks[keys[i].peak] = int32(i)
	}
	return end
}

// place makes of indices into the peaks, counted from the one that is turn behind the first,
// what column begins with: their positions, or the bytes before. space is as long as order.
func (r *ring) place(order, space []int32, turn int) {
	r.team.all(func(m int) { r.tell(space, r.parts[m], turn) })
	r.team.each(len(order), func(begin, end int) {
		for i := begin; i < end; i++ {
			order[i] = space[order[i]]
		}
	})
}

// tell does place's work for the peaks of a part, which it puts into space by their index.
func (r *ring) tell(space []int32, p part, turn int) {
	back := r.bytes[before-4:]
	k := p.peaks - turn
	if k < 0 {
		k += len(space)
	}
	last := r.peakBefore(p.begin)
	r.eachPeakOf(p, func(p int) {
		if k == len(space) {
			k = 0
		}
		space[k] = int32(p)
		// Here the bytes are at hand, in the order of rows they are not.
		if p-last <= toldBytes && int32(p)&r.mask > toldBytes {
			space[k] = told | int32(binary.BigEndian.Uint32(back[p:])&0xffffff)
		}
		last = p
		k++
	})
}
