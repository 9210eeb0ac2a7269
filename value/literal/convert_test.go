package literal_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/cantil-py/cantil/value/literal"
)

// numbers answers which texts of up to five of some characters int() and float() read: the indices into those texts, in
// the order of itertools.product, then those of some words.
const numbers = `
import itertools, json, sys
letters, words = json.loads(sys.argv[1])
texts = [''.join(t) for n in range(6) for t in itertools.product(letters, repeat=n)] + words
def reads(kind, text):
    try:
        kind(text)
        return True
    except ValueError:
        return False
print(json.dumps([len(texts)] + [[t for t in texts if reads(kind, t)] for kind in (int, float)]))
`

// TestNumbersAgainstPython: IsInt and IsFloat say what int() and float() do.
func TestNumbersAgainstPython(t *testing.T) {
	letters := "1_.e+-0"
	words := []string{"inf", "-Infinity", "+NaN", "infinit", "inf1", "nan_", "1E5", "0x1", "1_000.000_1e+1_0", "in_f", "1e400", "0b1", "1j"}
	py := testpy.Newest(t)
	in, err := json.Marshal([]any{letters, words})
	if err != nil {
		t.Fatal(err)
	}
	var answer [3]json.RawMessage
	if err := json.Unmarshal([]byte(testpy.Run(t, py, numbers, string(in))), &answer); err != nil {
		t.Fatal(err)
	}
	texts := append(product(letters, 5), words...)
	if want := string(answer[0]); want != stringOf(t, len(texts)) {
		t.Fatalf("%d texts, Python has %s", len(texts), want)
	}
	for i, reads := range []func(string) bool{literal.IsInt, literal.IsFloat} {
		var want []string
		if err := json.Unmarshal(answer[1+i], &want); err != nil {
			t.Fatal(err)
		}
		got := slices.DeleteFunc(slices.Clone(texts), func(text string) bool { return !reads(text) })
		if len(want) < 100 || !slices.Equal(got, want) {
			t.Errorf("%d of the %d texts that Python reads, in other order or others: %q", len(got), len(want), difference(got, want))
		}
		t.Logf("%d of %d texts are %s's, as Python %v says", len(want), len(texts), []string{"int", "float"}[i], py)
	}
}

func stringOf(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// product is every text of up to most letters, the shorter first.
func product(letters string, most int) (all []string) {
	last := []string{""}
	for range most + 1 {
		all = append(all, last...)
		var longer []string
		for _, text := range last {
			for _, c := range letters {
				longer = append(longer, text+string(c))
			}
		}
		last = longer
	}
	return all
}

// difference is what only one of both has.
func difference(a, b []string) (only []string) {
	in := map[string]int{}
	for _, text := range a {
		in[text]++
	}
	for _, text := range b {
		in[text]--
	}
	for text, n := range in {
		if n != 0 {
			only = append(only, text)
		}
	}
	return only
}
