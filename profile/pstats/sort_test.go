package pstats

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestAbbreviations holds the words that CPython 3.7 to 3.13 accept: not all that are unique, by pstats' own rule.
func TestAbbreviations(t *testing.T) {
	for word, want := range map[string]bool{
		"cu": true, "cum": false, "c": false, "ca": true, "n": false, "t": false, "ti": true, "to": true,
		"nc": true, "f": true, "fi": true, "file": true, "m": true, "l": true, "p": true, "s": true,
		"na": true, "nf": true, "cumulative": true, "cumul": true, "": false, "x": false,
	} {
		if got := IsSortKey(word); got != want {
			t.Errorf("IsSortKey(%q) = %v, want %v", word, got, want)
		}
	}
}

func TestSortErrors(t *testing.T) {
	for _, c := range []struct {
		keys []string
		want string
	}{
		{[]string{"cum"}, "ambiguous: it may be cumtime, cumulative"},
		{[]string{"bogus"}, `unknown sort key "bogus"`},
		{[]string{"calls", "1"}, "stands alone"},
		{[]string{"none", "calls"}, "stands alone"},
		{[]string{"3"}, `unknown sort key "3"`},
	} {
		s := sample(5)
		if err := s.Sort(c.keys...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Sort(%q) = %v, want an error that says %q", c.keys, err, c.want)
		}
	}
}

// TestStableSort compares the radix sort with the library's stable one.
func TestStableSort(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, bits := range []int{1, 4, 12, 33, 64} {
		keys := make([]uint64, 5000)
		ids := make([]FuncID, len(keys))
		for i := range keys {
			keys[i], ids[i] = random.Uint64()>>(64-bits), FuncID(i)
		}
		random.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
		want := slices.Clone(ids)
		slices.SortStableFunc(want, func(a, b FuncID) int {
			switch {
			case keys[a] < keys[b]:
				return -1
			case keys[a] > keys[b]:
				return 1
			}
			return 0
		})
		if new(sortRoom).stableSort(ids, keys); !slices.Equal(ids, want) {
			t.Errorf("keys of %d bits are sorted wrongly", bits)
		}
	}
}

func FuzzSortedStrings(f *testing.F) {
	f.Add("a\nab\nab\x00\nab\x00\x00\nabcdefgh\nabcdefgh\x00\nabcdefghi\n\nabcdefghabcdefghz", 3)
	f.Fuzz(func(t *testing.T, text string, copies int) {
		var texts []string
		for i := range copies & 7 {
			prefix := strings.Repeat("/usr/lib", i)
			for _, s := range strings.Split(text, "\n") {
				texts = append(texts, prefix+s)
			}
		}
		slices.Sort(texts)
		want := slices.Compact(texts)
		shuffled := slices.Clone(want)
		rand.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		for place, i := range sortedStrings(shuffled) {
			if shuffled[i] != want[place] {
				t.Fatalf("place %d has %q, want %q", place, shuffled[i], want[place])
			}
		}
	})
}

// TestSortNone: "none" and no key at all go back to the order of the file, and there is nothing to reverse then.
func TestSortNone(t *testing.T) {
	for _, keys := range [][]string{{}, {"none"}} {
		s := sample(30)
		if err := s.Sort("name"); err != nil || slices.Equal(s.listing(), s.order) {
			t.Fatalf("sorting by name: %v, order changed %v", err, !slices.Equal(s.listing(), s.order))
		}
		err := s.Sort(keys...)
		s.Reverse()
		if err != nil || !slices.Equal(s.listing(), s.order) || !slices.IsSorted(s.order) {
			t.Errorf("Sort(%q): %v, order %v", keys, err, s.listing())
		}
		if !strings.Contains(printed(t, s), "Random listing order was used") {
			t.Errorf("Sort(%q) prints another order", keys)
		}
	}
}
