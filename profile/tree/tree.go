// Package tree makes a tree of calls out of a profile, as flame graphs show it.
//
// Call [FromSamples] for a sampled profile and [FromExact] for one of cProfile. Both give
// a [Tree]: flat arrays, so that a million nodes stay cheap. Nodes[0] is the root, which is
// no function; the children of a node stand side by side, the heaviest first, behind their
// parent. A page takes Funcs and Nodes as they are: Parent, First and Len hold the shape,
// and a node's Func is also the number that the profile has for the function.
//
// Samples are whole stacks, so that every node is [Known]. An exact profile tells who called
// whom, not along which paths. A node is Known where only one path leads to its caller;
// elsewhere what a caller's callees took is shared out among the paths to it in proportion
// to the time below it on each, and the node is [Bounded] or [Guessed], between its Low and
// High. Times add up: what a function has on all its nodes together is what the profile
// has, but for circles of functions that call each other and are entered in several places,
// whose parts are scaled to fit. A function that calls itself, or is called again from
// below, stands where it was first, with all its time.
//
// Trees of exact profiles can be exponentially large. The heaviest nodes are made, up to
// [Options].MaxNodes; where some are left out the node says so, and [Tree.Cut] says how much.
package tree

// Sureness is how much is known of a node's Cumulative.
type Sureness uint8

// From what a profile tells to what it leaves open.
const (
	Known   Sureness = iota // it is what the profile says
	Bounded                 // the path was taken, and the time on it is within Low and High
	Guessed                 // the path may not have been taken at all; at most High
)

// String is "known", "bounded" or "guessed".
func (s Sureness) String() string {
	switch s {
	case Known:
		return "known"
	case Bounded:
		return "bounded"
	}
	return "guessed"
}

// Func is a function, for which nodes stand.
type Func struct {
	Name   string // "{built-in method builtins.len}" as pstats prints it, for those without a file
	File   string // "" where there is none
	Line   int64  // of its def
	Native bool   // not Python's
}

// Node is a function on one path of calls.
type Node struct {
	Func       int32   // index in [Tree.Funcs], and in the profile; -1 of the root
	Parent     int32   // index in [Tree.Nodes]; -1 of the root
	First, Len int32   // its children are Nodes[First:First+Len]
	Calls      int64   // samples with it on the stack, where the profile is sampled; apportioned like the time
	Own        float64 // seconds in the function itself
	Cumulative float64 // and in all it called
	Low, High  float64 // between which Cumulative lies
	Sureness   Sureness
	Cut        bool // there are more callees than Nodes has
}

// Tree is the calls of a profile.
type Tree struct {
	Funcs   []Func
	Nodes   []Node
	Sampled bool
	Cut     Cut
}

// Cut is what was left out of a tree.
type Cut struct {
	Nodes   int     // that lack callees
	Seconds float64 // in callees that are left out
}

// Options bound a tree.
type Options struct {
	MaxNodes int // 0 for DefaultNodes
	MaxDepth int // of nodes below the root; 0 for no bound
}

// DefaultNodes is enough for every node that is a pixel wide on ten screens side by side,
// fifty deep, and small enough for a page to load at once.
const DefaultNodes = 500_000

// mostNodes keeps indexes within 31 bits and memory within a few gigabytes.
const mostNodes = 1 << 25

func (o Options) nodes() int {
	if o.MaxNodes <= 0 {
		return DefaultNodes
	}
	return min(o.MaxNodes, mostNodes)
}

func (o Options) depth() int32 {
	if o.MaxDepth <= 0 {
		return mostNodes
	}
	return int32(min(o.MaxDepth, mostNodes))
}

// layOut puts the children of every node side by side. The nodes come parents first, and
// each parent's children in their order.
func layOut(nodes []Node) []Node {
	next := make([]int32, len(nodes)) // the sibling after each, or the first child while reading
	first := make([]int32, len(nodes))
	for i := len(nodes) - 1; i > 0; i-- {
		parent := nodes[i].Parent
		next[i] = first[parent]
		first[parent] = int32(i)
	}
	laid := make([]Node, 1, len(nodes))
	old := make([]int32, 1, len(nodes)) // where each stood
	laid[0] = nodes[0]
	for at := 0; at < len(laid); at++ {
		laid[at].First = int32(len(laid))
		for child := first[old[at]]; child != 0; child = next[child] {
			node := nodes[child]
			node.Parent = int32(at)
			laid, old = append(laid, node), append(old, child)
			laid[at].Len++
		}
	}
	return laid
}
