package stacks

import (
	"cmp"
	"slices"
)

// Tree is the samples by who called whom. Its root is no function: it holds all.
type Tree struct {
	Func     FuncID // -1 of the root
	Own      int64  // samples that end here
	Total    int64  // those, and those of all below
	Children []*Tree
}

// Tree returns the calls from the outermost function inwards; lines are not told apart.
// The heaviest child is the first.
func (p *Profile) Tree() *Tree { return p.tree(false) }

// Inverted returns the tree from the innermost function outwards: below each function
// are its callers, with as many of its samples as came from each.
func (p *Profile) Inverted() *Tree { return p.tree(true) }

// branch is a child while the tree is made.
type branch struct {
	parent *Tree
	fn     FuncID
}

func (p *Profile) tree(inverted bool) *Tree {
	root := &Tree{Func: -1}
	known := map[branch]*Tree{}
	var path []FuncID
	for id, count := range p.stackCounts() {
		if count == 0 {
			continue
		}
		path = path[:0]
		for f := range p.Stack(StackID(id)) {
			path = append(path, f.Func)
		}
		if !inverted {
			slices.Reverse(path)
		}
		root.grow(known, path, count)
	}
	root.sort()
	return root
}

// grow adds samples at the end of a path.
func (t *Tree) grow(known map[branch]*Tree, path []FuncID, count int64) {
	t.Total += count
	for _, fn := range path {
		child := known[branch{t, fn}]
		if child == nil {
			child = &Tree{Func: fn}
			known[branch{t, fn}] = child
			t.Children = append(t.Children, child)
		}
		child.Total += count
		t = child
	}
	t.Own += count
}

// sort puts the heaviest children first, and is no recursion: stacks are deep.
func (t *Tree) sort() {
	for todo := []*Tree{t}; len(todo) > 0; {
		node := todo[len(todo)-1]
		todo = append(todo[:len(todo)-1], node.Children...)
		slices.SortStableFunc(node.Children, func(a, b *Tree) int {
			return cmp.Or(cmp.Compare(b.Total, a.Total), cmp.Compare(a.Func, b.Func))
		})
	}
}

// HeaviestPath follows the heaviest child from here on, until a function has more
// samples of its own than its heaviest child has. The root is not in it.
func (t *Tree) HeaviestPath() []*Tree {
	var path []*Tree
	for node := t; len(node.Children) > 0; {
		child := node.Children[0]
		if node != t && node.Own > child.Total {
			break
		}
		path = append(path, child)
		node = child
	}
	return path
}
