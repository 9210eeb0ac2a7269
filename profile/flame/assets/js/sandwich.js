// One function between its callers and what it calls. Both trees are made of the calls
// that are not within another call of the same function, so each has the whole of the
// function's time, and recursion counts once.
import { Trie } from './tree.js';

/** MOST_CALLERS bounds the tree of callers; what lies further out is left out. */
export const MOST_CALLERS = 1_000_000;

/** callees is the tree of what a function called, from wherever it was called. */
export function callees(model, outer, weights, fn) {
  const { tree, facts } = model;
  const trie = new Trie(1024);
  const place = new Int32Array(tree.count).fill(-1);
  const grown = weights.map(() => ({ own: [], total: [] }));
  const sure = facts ? [] : null;
  for (let node = 0; node < tree.count; node++) {
    const parent = tree.parent[node];
    const above = parent >= 0 ? place[parent] : -1;
    if (above < 0 && !(tree.func[node] === fn && outer[node])) continue;
    place[node] = trie.child(above, tree.func[node]);
    if (sure) sure[place[node]] = above < 0 ? 0 : Math.max(sure[place[node]] ?? 0, facts.sure[node]);
    grown.forEach((sums, side) => {
      sums.own[place[node]] = (sums.own[place[node]] ?? 0) + weights[side].own[node];
      sums.total[place[node]] = (sums.total[place[node]] ?? 0) + weights[side].total[node];
    });
  }
  return { tree: trie.tree(), weights: grown, sure };
}

/** callers is the tree of who called a function, the nearest caller first. */
export function callers(model, outer, weights, fn) {
  const { tree, facts } = model;
  const trie = new Trie(1024);
  const sure = facts ? [] : null;
  const root = trie.child(-1, fn);
  const sums = weights.map(() => []);
  let front = [];
  for (let node = 0; node < tree.count; node++) {
    if (tree.func[node] === fn && outer[node]) front.push({ at: root, node, seconds: weights.map((w) => w.total[node]), sure: facts?.sure[node] ?? 0 });
  }
  while (front.length > 0 && trie.count < MOST_CALLERS) {
    for (const step of front) {
      sums.forEach((sum, side) => (sum[step.at] = (sum[step.at] ?? 0) + step.seconds[side]));
      if (sure) sure[step.at] = step.at === root ? 0 : Math.max(sure[step.at] ?? 0, step.sure);
    }
    front = outwards(front, tree, trie);
  }
  const cut = front.length > 0;
  const grown = trie.tree();
  const count = cut ? sums[0].length : grown.count;
  const total = sums.map((sum) => Float64Array.from({ length: count }, (_, i) => sum[i] ?? 0));
  return {
    tree: { count, parent: grown.parent.subarray(0, count), func: grown.func.subarray(0, count) },
    weights: total.map((sum) => ({ own: new Float64Array(count), total: sum })),
    sure,
    cut,
  };
}

/** outwards takes every step to the caller of its node. Steps that meet there go on as one, or a wide tree would be climbed once for each leaf. */
function outwards(front, tree, trie) {
  const next = new Map();
  for (const { at, node, seconds, sure } of front) {
    const caller = tree.parent[node];
    if (caller < 0) continue;
    const place = trie.child(at, tree.func[caller]);
    const key = place * tree.count + caller;
    const met = next.get(key);
    if (met) {
      seconds.forEach((more, side) => (met.seconds[side] += more));
      met.sure = Math.max(met.sure, sure);
    } else {
      next.set(key, { at: place, node: caller, seconds: [...seconds], sure });
    }
  }
  return [...next.values()];
}
