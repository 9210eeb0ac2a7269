package pstats

import (
	"fmt"
	"slices"
	"strings"
)

// SortKey is one of the words [Stats.Sort] takes, with the description that
// "Ordered by" shows.
type SortKey struct {
	Name, Description string
	columns           []column
}

// SortKeys returns the words that [Stats.Sort] takes, in the order pstats lists them.
func SortKeys() []SortKey {
	calls := []column{byCalls}
	cumulative := []column{byCumulative}
	file := []column{byFile}
	own := []column{byOwn}
	return []SortKey{
		{"calls", "call count", calls},
		{"ncalls", "call count", calls},
		{"cumtime", "cumulative time", cumulative},
		{"cumulative", "cumulative time", cumulative},
		{"filename", "file name", file},
		{"line", "line number", []column{byLine}},
		{"module", "file name", file},
		{"name", "function name", []column{byName}},
		{"nfl", "name/file/line", []column{byName, byFile, byLine}},
		{"pcalls", "primitive call count", []column{byPrimitive}},
		{"stdname", "standard name", []column{byPrinted}},
		{"time", "internal time", own},
		{"tottime", "internal time", own},
	}
}

// IsSortKey tells whether word is a key or an abbreviation that pstats accepts.
func IsSortKey(word string) bool {
	_, ok := abbreviations()[word]
	return ok
}

// abbreviations maps keys and their prefixes as pstats does. Its rule is not
// uniqueness: walking a word back stops at the first prefix already there, and
// only that one is refused afterwards. So "cu" is a key, but "cum" and "c" are not.
func abbreviations() map[string]SortKey {
	accepted := make(map[string]SortKey)
	refused := make(map[string]bool)
	for _, key := range SortKeys() {
		for fragment := key.Name; fragment != ""; fragment = fragment[:len(fragment)-1] {
			if _, taken := accepted[fragment]; taken {
				refused[fragment] = true
				break
			}
			accepted[fragment] = key
		}
	}
	for fragment := range refused {
		delete(accepted, fragment)
	}
	return accepted
}

// numbered are the keys of Python's oldest profiler, each allowed only alone.
var numbered = map[string]string{"-1": "stdname", "0": "calls", "1": "time", "2": "cumulative"}

// Sort orders the functions by keys, the most important first; functions that
// are equal in all of them keep the order of the file. Counts and times sort
// downwards, names and lines upwards. A key is a word of [SortKeys] or an
// abbreviation pstats takes; or, alone, "-1", "0", "1", "2" (stdname, calls,
// time, cumulative). Without keys, or with "none" alone, the functions go back
// to the order of the file, which pstats calls random.
//
// A time that is not a number comes last. pstats leaves it wherever the list.sort
// of the Python version happens to; it is the one case in which the order differs.
//
// A sampled profile sorts by the same words: calls are then the samples in
// which a function was on the stack, pcalls those in which it was running.
func (s *Stats) Sort(keys ...string) error {
	if len(keys) == 0 || len(keys) == 1 && keys[0] == "none" {
		s.sorted, s.sortedBy = nil, nil
		return nil
	}
	chosen, err := lookUp(keys)
	if err != nil {
		return err
	}
	s.sortedBy = nil
	var columns []column
	for _, key := range chosen {
		columns = append(columns, key.columns...)
		s.sortedBy = append(s.sortedBy, s.describe(key))
	}
	s.sorted = s.orderBy(s.order, columns...)
	return nil
}

// lookUp finds the keys meant by words.
func lookUp(words []string) ([]SortKey, error) {
	known := abbreviations()
	var keys []SortKey
	for _, word := range words {
		name, isNumber := numbered[word]
		switch {
		case isNumber && len(words) == 1:
			word = name
		case isNumber || word == "none":
			return nil, fmt.Errorf("sort key %q stands alone: it cannot be mixed with others", word)
		}
		key, ok := known[word]
		if !ok {
			return nil, unknownKey(word)
		}
		keys = append(keys, key)
	}
	return keys, nil
}

func unknownKey(word string) error {
	var names, meant []string
	for _, key := range SortKeys() {
		names = append(names, key.Name)
		if word != "" && strings.HasPrefix(key.Name, word) {
			meant = append(meant, key.Name)
		}
	}
	if len(meant) > 1 {
		return fmt.Errorf("sort key %q is ambiguous: it may be %s", word, strings.Join(meant, ", "))
	}
	return fmt.Errorf("unknown sort key %q: there are %s, none, -1, 0, 1, 2", word, strings.Join(names, ", "))
}

// Reverse turns the sorted list around, so that equal functions are reversed too.
// It does nothing to a profile that was not sorted.
func (s *Stats) Reverse() { slices.Reverse(s.sorted) }

// listing returns the functions in the order they are listed now.
func (s *Stats) listing() []FuncID {
	if s.sorted != nil {
		return s.sorted
	}
	return s.order
}
