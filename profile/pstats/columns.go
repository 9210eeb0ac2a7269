package pstats

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
)

// column gives every function, by [FuncID], a number to sort by, upwards.
type column func(s *Stats) []uint64

func byCalls(s *Stats) []uint64 {
	return s.numbers(func(r *Row) uint64 { return ^ordered(r.Calls) })
}

func byPrimitive(s *Stats) []uint64 {
	return s.numbers(func(r *Row) uint64 { return ^ordered(r.Primitive) })
}

func byOwn(s *Stats) []uint64 {
	return s.numbers(func(r *Row) uint64 { return ^orderedFloat(r.Own) })
}

func byCumulative(s *Stats) []uint64 {
	return s.numbers(func(r *Row) uint64 { return ^orderedFloat(r.Cumulative) })
}

func byLine(s *Stats) []uint64 {
	return s.numbers(func(r *Row) uint64 { return ordered(r.Func.Line) })
}

func byFile(s *Stats) []uint64 {
	file := func(id int) string { return s.Rows[id].Func.File }
	return sharedRanks(len(s.Rows), file)
}

func byName(s *Stats) []uint64 {
	names := make([]string, len(s.Rows))
	for id := range names {
		names[id] = s.Rows[id].Func.Name
	}
	return ranks(names)
}

func byPrinted(s *Stats) []uint64 {
	printed := s.printNames()
	names := make([]string, len(s.Rows))
	for id := range names {
		names[id] = printed.name(FuncID(id))
	}
	return ranks(names)
}

func (s *Stats) numbers(of func(*Row) uint64) []uint64 {
	numbers := make([]uint64, len(s.Rows))
	for id := range s.Rows {
		numbers[id] = of(&s.Rows[id])
	}
	return numbers
}

// ordered maps integers to unsigned ones in the same order.
func ordered(n int64) uint64 { return uint64(n) ^ 1<<63 }

// orderedFloat maps floats to unsigned integers in the same order; -0 and 0 are
// equal. What is not a number has no order and is put after all others: pstats
// lists it wherever list.sort happens to leave it.
func orderedFloat(x float64) uint64 {
	bits := math.Float64bits(x + 0) // -0 + 0 is 0
	switch {
	case x != x:
		return 0
	case bits>>63 == 1:
		return ^bits
	}
	return bits | 1<<63
}

// ranks numbers strings by their order; equal ones get the same number. Python
// compares strings by code points, which is the order of the bytes of UTF-8, lone
// surrogates as three bytes included.
func ranks(texts []string) []uint64 {
	rank := make([]uint64, len(texts))
	last, place := "", uint64(0)
	for _, i := range sortedStrings(texts) {
		if texts[i] != last {
			last = texts[i]
			place++
		}
		rank[i] = place
	}
	return rank
}

// sharedRanks does the same for n strings of which most follow an equal one.
func sharedRanks(n int, text func(i int) string) []uint64 {
	number := make(map[string]uint32)
	var unique []string
	rank := make([]uint64, n)
	last, u := "", uint32(0)
	for i := range n {
		if t := text(i); i == 0 || t != last {
			var known bool
			if u, known = number[t]; !known {
				u = uint32(len(unique))
				number[t], unique = u, append(unique, t)
			}
			last = t
		}
		rank[i] = uint64(u)
	}
	place := ranks(unique)
	for i := range rank {
		rank[i] = place[rank[i]]
	}
	return rank
}

// piece is a string's next eight bytes, and which string it is.
type piece struct {
	word uint64
	id   uint32
}

// sortedStrings returns the indices of the strings in order.
func sortedStrings(texts []string) []uint32 {
	pieces := make([]piece, len(texts))
	for i := range pieces {
		pieces[i].id = uint32(i)
	}
	sortPieces(texts, pieces, 0)
	ids := make([]uint32, len(texts))
	for i := range pieces {
		ids[i] = pieces[i].id
	}
	return ids
}

// fewPieces is the number below which comparing whole strings is quicker.
const fewPieces = 24

// sortPieces sorts strings that agree in their first depth bytes by the next
// eight, then each group that agrees in those too. Paths share long beginnings,
// which comparing whole strings would walk again and again.
func sortPieces(texts []string, pieces []piece, depth int) {
	for len(pieces) > fewPieces {
		for i := range pieces {
			pieces[i].word = wordAt(texts[pieces[i].id], depth)
		}
		slices.SortFunc(pieces, func(a, b piece) int { return cmp.Compare(a.word, b.word) })
		if pieces[0].word != pieces[len(pieces)-1].word {
			break
		}
		pieces = pieces[endFirst(texts, pieces, depth+8):]
		depth += 8
	}
	if len(pieces) <= fewPieces {
		slices.SortFunc(pieces, func(a, b piece) int { return cmp.Compare(texts[a.id][depth:], texts[b.id][depth:]) })
		return
	}
	for start := 0; start < len(pieces); {
		end := start + 1
		for end < len(pieces) && pieces[end].word == pieces[start].word {
			end++
		}
		group := pieces[start:end]
		if len(group) > 1 {
			sortPieces(texts, group[endFirst(texts, group, depth+8):], depth+8)
		}
		start = end
	}
}

// endFirst moves the strings that are no longer than limit to the front, shorter
// ones first, and returns how many they are. Their bytes agree, but for zeros
// that wordAt filled in, so the shorter is the lesser.
func endFirst(texts []string, pieces []piece, limit int) int {
	ended := 0
	for i := range pieces {
		if len(texts[pieces[i].id]) <= limit {
			pieces[i], pieces[ended] = pieces[ended], pieces[i]
			ended++
		}
	}
	slices.SortFunc(pieces[:ended], func(a, b piece) int {
		return cmp.Compare(len(texts[a.id]), len(texts[b.id]))
	})
	return ended
}

// wordAt returns the eight bytes of s from depth as a number in the order of the
// bytes, zeros where s ends before.
func wordAt(s string, depth int) uint64 {
	if len(s) >= depth+8 {
		return binary.BigEndian.Uint64([]byte(s[depth : depth+8]))
	}
	var tail [8]byte
	copy(tail[:], s[depth:])
	return binary.BigEndian.Uint64(tail[:])
}

// orderBy returns ids sorted by columns, the most important first; equal ones stay in order.
func (s *Stats) orderBy(ids []FuncID, columns ...column) []FuncID {
	sorted := slices.Clone(ids)
	var room sortRoom
	for _, of := range slices.Backward(columns) { // each pass is stable, so the last one weighs most
		room.stableSort(sorted, of(s))
	}
	return sorted
}

// sortRoom is what stableSort needs room for, kept from column to column.
type sortRoom struct {
	from, to []keyed
}

type keyed struct {
	key uint64
	id  FuncID
}

// fewToSort is the number below which comparing is quicker than counting digits.
const fewToSort = 256

// stableSort sorts ids by their keys: a radix sort by eleven bits at a time that
// passes over digits in which all keys agree.
func (room *sortRoom) stableSort(ids []FuncID, keys []uint64) {
	if len(ids) < fewToSort {
		slices.SortStableFunc(ids, func(a, b FuncID) int { return cmp.Compare(keys[a], keys[b]) })
		return
	}
	if len(room.from) < len(ids) {
		room.from, room.to = make([]keyed, len(ids)), make([]keyed, len(ids))
	}
	from, to := room.from[:len(ids)], room.to[:len(ids)]
	differ := uint64(0)
	for i, id := range ids {
		from[i] = keyed{keys[id], id}
		differ |= keys[id] ^ keys[ids[0]]
	}
	const digit = 11
	for shift := 0; shift < 64; shift += digit {
		const mask = 1<<digit - 1
		if differ>>shift&mask == 0 {
			continue
		}
		var start [mask + 1]int
		for i := range from {
			start[from[i].key>>shift&mask]++
		}
		sum := 0
		for d := range start {
			sum, start[d] = sum+start[d], sum
		}
		for i := range from {
			d := from[i].key >> shift & mask
			to[start[d]] = from[i]
			start[d]++
		}
		from, to = to, from
	}
	for i := range ids {
		ids[i] = from[i].id
	}
}
