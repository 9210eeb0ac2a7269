package pickle

import (
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/cantil-py/cantil/value"
)

// randomKeys makes lists of keys of which many are equal though of other types, and
// prints the dict that Python makes of each.
const randomKeys = `
import sys, random, pickle
from decimal import Decimal
from fractions import Fraction
random.seed(11)
def number():
    n = random.choice((0, 1, -1, 2, 255, 2**53, 2**53 + 1, 2**63 - 1, 2**63, -2**63, 2**64, 10**22, 10**23, 10**400))
    return random.choice((int, lambda n: n if abs(n) > 2**1000 else float(n), Decimal, Fraction, lambda n: n if abs(n) > 2**1000 else complex(n), lambda n: bool(n) if n in (0, 1) else n,
        lambda n: Fraction(n, 2), lambda n: Decimal(n) / 2, lambda n: n if abs(n) > 2**1000 else n / 2, lambda n: Decimal("%d.0" % n), lambda n: n if abs(n) > 2**1000 else complex(n, 1)))(n)
def key(depth=2):
    kind = random.randrange(10)
    if kind < 5 or not depth: return number()
    if kind == 5: return random.choice(("", "a", "1", "\ud800"))
    if kind == 6: return random.choice((b"", b"a", b"1"))
    if kind == 7: return random.choice((None, range(0), range(3), range(0, 3, 1), range(2, 2), range(0, 4, 2), range(0, 3, 2), float("inf"), Decimal("inf"), float("-inf"), -0.0, 1.5, Decimal("1.5")))
    if kind == 8: return frozenset(key(depth - 1) for _ in range(random.randrange(3)))
    return tuple(key(depth - 1) for _ in range(random.randrange(3)))
lists = [[key() for _ in range(random.choice((3, 8, 9, 40)))] for _ in range(400)]
with open(sys.argv[1], "wb") as f:
    for keys in lists:
        pickle.dump(keys, f, 4)
for keys in lists:
    d = {}
    for i, k in enumerate(keys): d[k] = i
    print(len(d), list(d.values()))
`

// A dict takes the same keys for equal as Python's does, whatever their types.
func TestKeysAsInPython(t *testing.T) {
	file := writeFile(t, nil)
	want := testpy.Run(t, testpy.Newest(t), randomKeys, file)
	d := NewDecoderBytes(readFile(t, file))
	got := ""
	for range 400 {
		v, err := d.Value()
		if err != nil {
			t.Fatal(err)
		}
		dict, values := new(value.Dict), new(value.List)
		for i, k := range v.(*value.List).Items {
			if err := dict.Set(k, value.Int(i)); err != nil {
				t.Fatal(err)
			}
		}
		for _, p := range dict.Pairs() {
			values.Items = append(values.Items, p.Value)
			if x, ok := dict.Get(p.Key); !ok || x != p.Value {
				t.Errorf("%s is not found", p.Key)
			}
		}
		got += value.Int(dict.Len()).String() + " " + values.String() + "\n"
	}
	sameLines(t, "keys", got, want)
}
