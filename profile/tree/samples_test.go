package tree

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/cantil-py/cantil/profile/stacks"
)

// sampled is a profile of one sample a millisecond; a stack is letters, outermost first.
func sampled(lines ...string) *stacks.Profile {
	r := stacks.NewRecorder()
	at := time.Duration(0)
	for i, line := range lines {
		var frames []stacks.Frame
		for _, name := range line {
			f := r.Func(stacks.Func{Name: string(name), File: "x.py", FirstLine: int(name)})
			frames = append([]stacks.Frame{{Func: f, Line: int32(i)}}, frames...)
		}
		at += time.Millisecond
		r.Add(at, r.Thread(stacks.Thread{PID: 1}), stacks.Holding, frames)
	}
	return r.Profile(stacks.Info{Rate: 1000, Counts: stacks.Counts{Ticks: int64(len(lines)), Wall: at}})
}

func TestSamples(t *testing.T) {
	tree := FromSamples(sampled("abc", "ab", "abc", "ad", "aab", "e"), Options{})
	want := `a 5 0 0.005 known
 b 3 0.001 0.003 known
  c 2 0.002 0.002 known
 d 1 0.001 0.001 known
 a 1 0 0.001 known
  b 1 0.001 0.001 known
e 1 0.001 0.001 known
`
	if got := drawn(tree); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	checkTimes(t, tree)
	if !tree.Sampled || tree.Nodes[0].Calls != 6 {
		t.Errorf("the root is %+v", tree.Nodes[0])
	}
}

// TestSamplesBudget: the heaviest paths stay, and what is left out is told.
func TestSamplesBudget(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var lines []string
	for range 2000 {
		line := ""
		for range 1 + rng.IntN(8) {
			line += string(rune('a' + min(rng.IntN(10), rng.IntN(10))))
		}
		lines = append(lines, line)
	}
	p := sampled(lines...)
	all, some := FromSamples(p, Options{}), FromSamples(p, Options{MaxNodes: 100})
	checkTimes(t, all)
	checkTimes(t, some)
	if all.Cut != (Cut{}) || len(some.Nodes) != 100 || some.Cut.Nodes == 0 {
		t.Fatalf("%d nodes lacking %+v, of %d lacking %+v", len(some.Nodes), some.Cut, len(all.Nodes), all.Cut)
	}
	sum := some.Cut.Seconds
	for _, n := range some.Nodes {
		sum += n.Own
	}
	if total := p.Time(2000).Seconds(); sum < total*0.999 || sum > total*1.001 {
		t.Errorf("what is there and what is left out are %v s of %v", sum, total)
	}
}

// TestDepth: what is deeper is left out, and told.
func TestDepth(t *testing.T) {
	got := drawn(FromSamples(sampled("abc", "ab", "d"), Options{MaxDepth: 2}))
	if want := "a 2 0 0.002 known\n b 2 0.001 0.002 known cut\nd 1 0.001 0.001 known\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	tree := FromExact(profile(t, "a 1 1 6\nb 1 2 5\n a 1 2 5\nc 1 3 3\n b 1 3 3\n"), Options{MaxDepth: 2})
	if got, want := drawn(tree), "a 1 1 6 known\n b 1 2 5 known cut\n"; got != want || tree.Cut != (Cut{1, 3}) {
		t.Errorf("got\n%swant\n%sand is left out %+v", got, want, tree.Cut)
	}
}

// TestNothing: an empty profile has a root.
func TestNothing(t *testing.T) {
	for _, tree := range []*Tree{FromSamples(sampled(), Options{}), FromExact(profile(t, ""), Options{})} {
		if len(tree.Nodes) != 1 || tree.Nodes[0].Cumulative != 0 || tree.Nodes[0].Func != -1 {
			t.Errorf("nodes %+v", tree.Nodes)
		}
	}
}
