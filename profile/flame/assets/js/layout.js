// Where boxes lie. A layout has them level by level, from left to right in each: box b of
// level l, with levels[l] <= b < levels[l + 1], begins at x[b], is w[b] wide, shows
// node[b] and lies on the box up[b]. Drawing can then skip what is too narrow to see.
import { families } from './tree.js';

/** ALL is the node of the box that holds everything. */
export const ALL = -1;

/** leftHeavy puts the heaviest child of every node first. */
export function leftHeavy(tree, total, whole) {
  const { start, list } = families(tree, heaviestFirst(total));
  const room = list.length + 1;
  const layout = { x: new Float64Array(room), w: new Float64Array(room), node: new Int32Array(room), up: new Int32Array(room), whole };
  layout.w[0] = whole;
  layout.node[0] = ALL;
  layout.up[0] = -1;
  const levels = [0];
  let end = 1;
  for (let box = 0; box < end; ) {
    levels.push(end);
    for (const levelEnd = end; box < levelEnd; box++) {
      const node = layout.node[box];
      let x = layout.x[box];
      for (let i = start[node + 1]; i < start[node + 2]; i++, end++) {
        layout.x[end] = x;
        layout.w[end] = total[list[i]];
        layout.node[end] = list[i];
        layout.up[end] = box;
        x += total[list[i]];
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

/**
 * heaviestFirst lists the nodes that have any weight. Numbers sort much faster without a
 * function that compares them, so the node is put into the low bits of its weight.
 */
export function heaviestFirst(total) {
  let most = 0;
  let count = 0;
  for (const weight of total) {
    if (weight > 0) count++;
    if (weight > most) most = weight;
  }
  const low = 2 ** Math.ceil(Math.log2(total.length + 1));
  const steps = 2 ** 52 / low - 1;
  const keys = new Float64Array(count);
  for (let node = 0, at = 0; node < total.length; node++) {
    if (total[node] > 0) keys[at++] = Math.floor((1 - total[node] / most) * steps) * low + node;
  }
  keys.sort();
  return Int32Array.from(keys, (key) => key % low);
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
