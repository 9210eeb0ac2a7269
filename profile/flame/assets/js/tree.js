// The calls of all sides in one tree: a node is a function called by the same callers,
// whatever line called it. Parents stand before their children; -1 is no node.

/** Trie grows a tree by the pairs of parent and function that it meets. */
export class Trie {
  constructor(room) {
    this.count = 0;
    this.parent = new Int32Array(Math.max(16, room));
    this.func = new Int32Array(Math.max(16, room));
    this.slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(16, room) * 2))).fill(-1);
  }

  /** child is the node of a function below a parent, new if it has to be. */
  child(parent, func) {
    const mask = this.slots.length - 1;
    let slot = hashed(parent, func) & mask;
    for (let node = this.slots[slot]; node >= 0; node = this.slots[slot]) {
      if (this.parent[node] === parent && this.func[node] === func) return node;
      slot = (slot + 1) & mask;
    }
    if (this.count === this.parent.length) {
      this.grow();
      return this.child(parent, func);
    }
    const node = this.count++;
    this.parent[node] = parent;
    this.func[node] = func;
    this.slots[slot] = node;
    return node;
  }

  grow() {
    const room = this.parent.length * 2;
    const bigger = (old) => {
      const array = new Int32Array(room);
      array.set(old);
      return array;
    };
    this.parent = bigger(this.parent);
    this.func = bigger(this.func);
    this.slots = new Int32Array(this.slots.length * 2).fill(-1);
    const mask = this.slots.length - 1;
    for (let node = 0; node < this.count; node++) {
      let slot = hashed(this.parent[node], this.func[node]) & mask;
      while (this.slots[slot] >= 0) slot = (slot + 1) & mask;
      this.slots[slot] = node;
    }
  }

  /** tree is what has grown; the trie is of no use afterwards. */
  tree() {
    this.slots = null;
    return { count: this.count, parent: this.parent.subarray(0, this.count), func: this.func.subarray(0, this.count) };
  }
}

function hashed(parent, func) {
  let h = Math.imul(parent + 1, 0x9e3779b1) ^ Math.imul(func + 1, 0x85ebca6b);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  return h ^ (h >>> 13);
}

/** united is the tree of all sides; its of[side][node] is the node that a side's node is in it. */
export function united(sides) {
  if (sides.length === 1 && sides[0].exact) return asItIs(sides[0].nodes); // profile/tree has made one of it already
  const trie = new Trie(Math.max(...sides.map((side) => side.nodes.count)));
  const of = sides.map(({ nodes }) => {
    const places = new Int32Array(nodes.count);
    for (let i = 0; i < nodes.count; i++) {
      places[i] = trie.child(nodes.parent[i] < 0 ? -1 : places[nodes.parent[i]], nodes.func[i]);
    }
    return places;
  });
  return { ...trie.tree(), of };
}

function asItIs({ count, parent, func }) {
  return { count, parent, func, of: [Int32Array.from(func, (_, node) => node)] };
}

/** families lists the children of every node: those of node n are list[start[n + 1]] to before list[start[n + 2]]; roots are those of -1. */
export function families(tree, nodes) {
  const start = new Int32Array(tree.count + 2);
  for (const node of nodes) start[tree.parent[node] + 2]++;
  for (let i = 1; i < start.length; i++) start[i] += start[i - 1];
  const list = new Int32Array(nodes.length);
  const next = start.slice();
  for (const node of nodes) list[next[tree.parent[node] + 1]++] = node;
  return { start, list };
}

/** outermost marks the nodes that have no caller of the same function: what recursion counts only once. */
export function outermost(tree, functionCount) {
  const all = new Int32Array(tree.count).map((_, i) => i);
  const { start, list } = families(tree, all);
  const marks = new Uint8Array(tree.count);
  const open = new Int32Array(functionCount);
  const next = start.slice();
  for (let node = -1; ; ) {
    if (next[node + 1] < start[node + 2]) {
      node = list[next[node + 1]++];
      if (open[tree.func[node]]++ === 0) marks[node] = 1;
    } else if (node < 0) {
      return marks;
    } else {
      open[tree.func[node]]--;
      node = tree.parent[node];
    }
  }
}
