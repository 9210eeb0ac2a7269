// Where boxes lie. A layout has them level by level, from left to right in each: box b of
// level l, with levels[l] <= b < levels[l + 1], begins at x[b], is w[b] wide, shows
// node[b] and lies on the box up[b]. Drawing can then skip what is too narrow to see.
import { families } from './tree.js';

/** ALL is the node of the box that holds everything. */
export const ALL = -1;

const FEW = 24; // up to so many are sorted by hand

/** leftHeavy puts the heaviest child of every node first. */
export function leftHeavy(tree, total, whole) {
  const { start, list } = families(tree, weighty(total));
  for (let parent = 0; parent <= tree.count; parent++) heaviestFirst(list, start[parent], start[parent + 1], total);
  const room = list.length + 1;
  const layout = { x: new Float64Array(room), w: new Float64Array(room), node: new Int32Array(room), up: new Int32Array(room), whole };
  const { x, w, node, up } = layout;
  w[0] = whole;
  node[0] = ALL;
  up[0] = -1;
  const levels = [0];
  let end = 1;
  for (let box = 0; box < end; ) {
    levels.push(end);
    for (const levelEnd = end; box < levelEnd; box++) {
      const above = node[box];
      let left = x[box];
      for (let i = start[above + 1]; i < start[above + 2]; i++, end++) {
        const child = list[i];
        const wide = total[child];
        x[end] = left;
        w[end] = wide;
        node[end] = child;
        up[end] = box;
        left += wide;
      }
    }
  }
  return finished(layout, levels, end);
}

/** finished cuts the arrays to the boxes there are. */
export function finished(layout, levels, end) {
  for (const name of ['x', 'w', 'node', 'up']) layout[name] = layout[name].subarray(0, end);
  layout.levels = Int32Array.from(levels);
  layout.depth = levels.length - 1;
  return layout;
}

/** weighty lists the nodes that have any weight. */
function weighty(total) {
  let count = 0;
  for (let node = 0; node < total.length; node++) count += total[node] > 0 ? 1 : 0;
  const nodes = new Int32Array(count);
  for (let node = 0, at = 0; node < total.length; node++) {
    if (total[node] > 0) nodes[at++] = node;
  }
  return nodes;
}

/** heaviestFirst sorts a part of a list of nodes; the first of two that are equal stays the first. */
export function heaviestFirst(list, from, to, total) {
  if (to - from > FEW) {
    manyHeaviestFirst(list, from, to, total);
    return;
  }
  for (let i = from + 1; i < to; i++) {
    const node = list[i];
    let at = i;
    for (; at > from && total[list[at - 1]] < total[node]; at--) list[at] = list[at - 1];
    list[at] = node;
  }
}

/** manyHeaviestFirst puts the place of a node into the low bits of its weight: numbers sort much faster without a function that compares them. */
function manyHeaviestFirst(list, from, to, total) {
  const nodes = list.slice(from, to);
  const most = nodes.reduce((sum, node) => Math.max(sum, total[node]), 0);
  const low = 2 ** Math.ceil(Math.log2(nodes.length));
  const steps = 2 ** 52 / low - 1;
  const keys = Float64Array.from(nodes, (node, place) => Math.floor((1 - total[node] / most) * steps) * low + place).sort();
  keys.forEach((key, i) => (list[from + i] = nodes[key % low]));
}

/** firstFrom is the first box at or after `from`, before `to`, that ends behind x. */
export function firstFrom(layout, from, to, x) {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (layout.x[middle] + layout.w[middle] > x) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** levelOf is the level that a box lies in. */
export function levelOf(layout, box) {
  let low = 0;
  let high = layout.depth;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (layout.levels[middle + 1] > box) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** boxOf is the first box that shows a node, -1 if none does. */
export function boxOf(layout, node) {
  return layout.node.indexOf(node);
}
