package permute

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
)

// spelled is the arrangements of r of the letters of s, as words.
func spelled(s string, r int) []string {
	words := []string{}
	for p := range Of(strings.Split(s, ""), r) {
		words = append(words, strings.Join(p, ""))
	}
	return words
}

// TestAsItertools compares every n and r up to 7 and 8, duplicates among the items,
// and checksums of larger ones, with each CPython.
func TestAsItertools(t *testing.T) {
	const code = `
import itertools, zlib
for s in ["", "a", "ab", "aa", "abc", "aba", "abcd", "abcde", "zyxwv", "abcabc", "abcdef", "abcdefg"]:
    for r in range(len(s) + 2):
        print("%s %d %s" % (s, r, ",".join("".join(p) for p in itertools.permutations(s, r))))
for n, r in [(8, 8), (9, 4), (9, 7), (40, 3), (130, 2), (5000, 1), (20, 0)]:
    crc = 0
    for p in itertools.permutations(range(n), r):
        crc = zlib.crc32((",".join(map(str, p)) + "\n").encode(), crc)
    print("%d of %d: %d" % (r, n, crc & 0xffffffff))
`
	var want strings.Builder
	for _, s := range []string{"", "a", "ab", "aa", "abc", "aba", "abcd", "abcde", "zyxwv", "abcabc", "abcdef", "abcdefg"} {
		for r := range len(s) + 2 {
			letters := strings.Split(s, "")
			if s == "" {
				letters = nil
			}
			words := []string{}
			for p := range Of(letters, r) {
				words = append(words, strings.Join(p, ""))
			}
			fmt.Fprintf(&want, "%s %d %s\n", s, r, strings.Join(words, ","))
		}
	}
	for _, c := range [][2]int{{8, 8}, {9, 4}, {9, 7}, {40, 3}, {130, 2}, {5000, 1}, {20, 0}} {
		crc := crc32.NewIEEE()
		if err := Write(crc, numbers(c[0]), Text{R: c[1], Separator: ",", End: "\n"}); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&want, "%d of %d: %d\n", c[1], c[0], crc.Sum32())
	}
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		got := strings.ReplaceAll(testpy.Run(t, py, code), "\r\n", "\n")
		if got != want.String() {
			t.Errorf("differs from itertools:\nCPython: %.2000s\n   ours: %.2000s", got, want.String())
		}
	})
}

func numbers(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprint(i)
	}
	return list
}

// TestEveryRange: each part of the arrangements, from any rank to any other, is that
// part of the whole, as items and as lines.
func TestEveryRange(t *testing.T) {
	for n := range 5 {
		for r := range n + 2 {
			letters := strings.Split("abcd"[:n], "")
			if n == 0 {
				letters = nil
			}
			all := []string{}
			for p := range Of(letters, r) {
				all = append(all, strings.Join(p, ""))
			}
			for from := range len(all) + 2 {
				for to := range len(all) + 2 {
					want := all[min(from, len(all)):max(min(from, len(all)), min(to, len(all)))]
					part(t, letters, r, from, to, want)
				}
			}
		}
	}
}

func part(t *testing.T, letters []string, r, from, to int, want []string) {
	t.Helper()
	lo, hi := big.NewInt(int64(from)), big.NewInt(int64(to))
	seq, err := Between(letters, r, lo, hi)
	if err != nil {
		t.Fatal(err)
	}
	got := []string{}
	for p := range seq {
		got = append(got, strings.Join(p, ""))
	}
	if !slices.Equal(got, want) {
		t.Fatalf("%d of %v from %d to %d: %v, want %v", r, letters, from, to, got, want)
	}
	for _, longer := range []string{"a", "aa"} { // items of one length, and of several
		var text, lines strings.Builder
		items := append([]string{}, letters...)
		for i := range items {
			items[i] = strings.Replace(items[i], "a", longer, 1)
		}
		if err := Write(&text, items, Text{R: r, Start: "<", Separator: "--", End: ";", From: lo, To: hi}); err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			lines.WriteString("<" + strings.Replace(strings.Join(strings.Split(w, ""), "--"), "a", longer, 1) + ";")
		}
		if text.String() != lines.String() {
			t.Fatalf("%d of %v from %d to %d: %q, want %q", r, items, from, to, text.String(), lines.String())
		}
	}
}

// TestLongPart takes parts of larger blocks, whose ends lie inside blocks.
func TestLongPart(t *testing.T) {
	all := spelled("abcdefgh", 8)
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		from := random.IntN(len(all))
		to := from + random.IntN(min(1000, len(all)-from)+1)
		part(t, strings.Split("abcdefgh", ""), 8, from, to, all[from:to])
	}
}

// TestBeyond64Bits compares arrangements around huge ranks with a plain unranking by Python.
func TestBeyond64Bits(t *testing.T) {
	const code = `
import math
def unrank(n, r, k):
    digits = []
    for i in reversed(range(r)):
        k, d = divmod(k, n - i)
        digits.append(d)
    left = list(range(n))
    return [left.pop(d) for d in reversed(digits)]
for n, r, k in [(30, 30, 10**30 + 7), (60, 60, math.factorial(60) - 300), (100, 50, 3**150), (300, 300, 7**500)]:
    for i in range(300):
        print(n, r, k + i, *unrank(n, r, k + i))
`
	py := testpy.Newest(t)
	for line := range strings.Lines(testpy.Run(t, py, code)) {
		var n, r int
		var k big.Int
		if _, err := fmt.Sscan(line, &n, &r, &k); err != nil {
			t.Fatal(err)
		}
		s, err := New(n, r)
		if err != nil {
			t.Fatal(err)
		}
		p, err := s.Unrank(&k)
		if err != nil {
			t.Fatal(err)
		}
		want := strings.Fields(line)[3:]
		if got := strings.Fields(strings.Trim(fmt.Sprint(p), "[]")); !slices.Equal(got, want) {
			t.Fatalf("%d of %d at %s: %v, want %v", r, n, &k, got, want)
		}
		if rank, err := s.Rank(p); err != nil || rank.Cmp(&k) != 0 {
			t.Fatalf("the rank of that at %s: %v, %v", &k, rank, err)
		}
	}
}

// TestBetweenBeyond64Bits: going on from a huge rank is unranking each.
func TestBetweenBeyond64Bits(t *testing.T) {
	s, _ := New(40, 40)
	k := new(big.Int).Exp(big.NewInt(10), big.NewInt(45), nil)
	seq, err := Between(ascending(40), 40, k, nil)
	if err != nil {
		t.Fatal(err)
	}
	steps := 0
	for p := range seq {
		want, err := s.Unrank(k)
		if err != nil || !slices.Equal(p, want) {
			t.Fatalf("at %s: %v, want %v (%v)", k, p, want, err)
		}
		k.Add(k, big.NewInt(1))
		if steps++; steps == 1000 {
			break
		}
	}
	if steps != 1000 {
		t.Errorf("stopped after %d steps", steps)
	}
}

func TestSplit(t *testing.T) {
	for _, c := range []struct{ n, r, parts, want int }{{6, 6, 7, 7}, {3, 3, 10, 6}, {4, 2, 1, 1}, {2, 3, 4, 0}, {5, 0, 3, 1}, {25, 25, 8, 8}, {4, 4, 0, 0}} {
		s, err := New(c.n, c.r)
		if err != nil {
			t.Fatal(err)
		}
		ranges, at := s.Split(c.parts), new(big.Int)
		if len(ranges) != c.want {
			t.Errorf("%d of %d in %d parts: %d ranges", c.r, c.n, c.parts, len(ranges))
		}
		for _, r := range ranges {
			if r.From.Cmp(at) != 0 || r.To.Cmp(r.From) <= 0 {
				t.Errorf("%d of %d in %d parts: %v", c.r, c.n, c.parts, ranges)
			}
			at = r.To
		}
		if len(ranges) > 0 && at.Cmp(s.Count()) != 0 {
			t.Errorf("the last range ends at %s of %s", at, s.Count())
		}
	}
}

func TestRefusals(t *testing.T) {
	for _, bad := range [][2]int{{-1, 0}, {2, -1}, {MaxItems + 1, 1}, {1, MaxItems + 1}} {
		if _, err := New(bad[0], bad[1]); err == nil {
			t.Errorf("New(%d, %d) is no error", bad[0], bad[1])
		}
	}
	if _, err := Between([]int{1}, 1, big.NewInt(-1), nil); err == nil {
		t.Error("a negative rank is no error")
	}
	s, _ := New(3, 2)
	for _, k := range []int64{-1, 6} {
		if p, err := s.Unrank(big.NewInt(k)); err == nil {
			t.Errorf("rank %d gives %v", k, p)
		}
	}
	for _, p := range [][]int{{0}, {0, 0}, {0, 3}, {-1, 0}, nil} {
		if k, err := s.Rank(p); err == nil {
			t.Errorf("%v has rank %s", p, k)
		}
	}
	for range Of([]int{1, 2}, -1) {
		t.Error("an arrangement of -1 items")
	}
}

// TestReuse: one slice for all that Of yields, a slice for each that Copies yields.
func TestReuse(t *testing.T) {
	kept := slices.Collect(Copies(Of([]int{0, 1, 2}, 2)))
	if fmt.Sprint(kept) != "[[0 1] [0 2] [1 0] [1 2] [2 0] [2 1]]" {
		t.Errorf("copies are %v", kept)
	}
	allocs := testing.AllocsPerRun(3, func() {
		if n := count(ascending(8), 8); n != 40320 {
			t.Errorf("%d arrangements of 8", n)
		}
	})
	if allocs > 2000 {
		t.Errorf("%.0f allocations for 40,320 steps", allocs)
	}
}

// TestStopsEarly: a reader that has enough, a writer that takes no more.
func TestStopsEarly(t *testing.T) {
	for stop := 1; stop < 300; stop += 7 {
		steps := 0
		for range Of(ascending(60), 60) {
			if steps++; steps == stop {
				break
			}
		}
		if steps != stop {
			t.Errorf("%d steps, want %d", steps, stop)
		}
	}
	r, w := io.Pipe()
	r.Close()
	err := Write(w, numbers(60), Text{R: 60, End: "\n"})
	if !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("writing to a closed pipe: %v", err)
	}
}

// FuzzRank: rank and unrank are each other's inverse, and Between begins there.
func FuzzRank(f *testing.F) {
	f.Add(uint8(5), uint8(5), uint64(17))
	f.Add(uint8(25), uint8(24), uint64(1<<63))
	f.Add(uint8(0), uint8(0), uint64(0))
	f.Fuzz(func(t *testing.T, n, r uint8, rank uint64) {
		s, err := New(int(n), int(r))
		if err != nil {
			t.Fatal(err)
		}
		count, k := s.Count(), new(big.Int).SetUint64(rank)
		if count.Sign() == 0 {
			return
		}
		k.Mod(k, count)
		p, err := s.Unrank(k)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := s.Rank(p); err != nil || back.Cmp(k) != 0 {
			t.Fatalf("%d of %d: rank %s became %s (%v)", r, n, k, back, err)
		}
		seq, err := Between(ascending(int(n)), int(r), k, nil)
		if err != nil {
			t.Fatal(err)
		}
		for first := range seq {
			if !slices.Equal(first, p) {
				t.Fatalf("%d of %d from %s begins with %v, want %v", r, n, k, first, p)
			}
			return
		}
		t.Fatal("nothing from a rank that is there")
	})
}
