// Samples in the order of time: a lane for each thread, below its name the stacks as they
// were seen, one after the other. Calls that follow each other look like one long call:
// samples cannot tell.
import { finished } from './layout.js';

/** A lane's title has this node, less the number of its thread. */
export const FIRST_LANE = -2;

/** MOST_BOXES bounds the memory: beyond, only each second sample is drawn, or each fourth, and so on. */
const MOST_BOXES = 2_000_000;

/** timeline lays out the samples of one side; keep marks the nodes that are shown. Its `every` tells which samples are. */
export function timeline(side, tree, place, filter, keep) {
  for (let every = 1; ; every *= 2) {
    const boxes = collect(side, tree, place, filter, keep, every);
    if (boxes) return arranged(boxes, side, every);
  }
}

function collect(side, tree, place, filter, keep, every) {
  const lanes = side.threads.map(() => ({ open: [], end: -Infinity, from: Infinity, to: 0, boxes: [], depth: 0 }));
  const { count, stack, thread, at } = side.samples;
  const seen = new Int32Array(side.threads.length);
  let made = 0;
  const path = [];
  for (let i = 0; i < count; i++) {
    if (filter.threads?.[0] && !filter.threads[0][thread[i]]) continue;
    if (seen[thread[i]]++ % every || (keep && !keep[place[stack[i]]])) continue;
    const lane = lanes[thread[i]];
    path.length = 0;
    for (let node = place[stack[i]]; node >= 0; node = tree.parent[node]) path.push(node);
    made += extend(lane, path.reverse(), at[i], side.period * every);
    if (made > MOST_BOXES) return null;
  }
  lanes.forEach((lane) => close(lane, 0));
  return lanes;
}

/** extend makes the boxes that are open longer as far as the stack is the same, and opens those that are new. */
function extend(lane, path, at, period) {
  let same = 0;
  if (at <= lane.end + period / 2) {
    while (same < lane.open.length && same < path.length && lane.open[same].node === path[same]) same++;
    for (const box of lane.open) box.to = at;
  }
  close(lane, same);
  for (let depth = same; depth < path.length; depth++) lane.open.push({ node: path[depth], from: at, to: at });
  lane.end = at + period;
  for (const box of lane.open) box.to = lane.end;
  lane.from = Math.min(lane.from, at);
  lane.to = lane.end;
  lane.depth = Math.max(lane.depth, path.length);
  return path.length - same;
}

/** close ends the open boxes from a depth on. */
function close(lane, depth) {
  while (lane.open.length > depth) {
    const box = lane.open.pop();
    (lane.boxes[lane.open.length] ??= []).push(box);
  }
}

/** arranged puts one lane under the other. */
function arranged(lanes, side, every) {
  const shown = lanes.map((lane, thread) => ({ ...lane, thread })).filter((lane) => lane.depth > 0);
  const room = shown.reduce((sum, lane) => sum + 1 + lane.boxes.reduce((n, level) => n + level.length, 0), 0);
  const begin = Math.min(...shown.map((lane) => lane.from), Infinity);
  const whole = shown.length ? Math.max(...shown.map((lane) => lane.to)) - begin : 0;
  const layout = { x: new Float64Array(room), w: new Float64Array(room), node: new Int32Array(room), up: new Int32Array(room), whole, every, begin };
  const levels = [0];
  let end = 0;
  const put = (node, from, to, up) => {
    layout.node[end] = node;
    layout.x[end] = from - begin;
    layout.w[end] = to - from;
    layout.up[end++] = up;
  };
  for (const lane of shown) {
    put(FIRST_LANE - lane.thread, lane.from, lane.to, -1);
    let above = levels[levels.length - 1];
    levels.push(end);
    for (const level of lane.boxes) {
      level.sort((a, b) => a.from - b.from);
      let up = above;
      above = end;
      for (const box of level) {
        while (up + 1 < levels[levels.length - 1] && layout.x[up + 1] <= box.from - begin) up++;
        put(box.node, box.from, box.to, up);
      }
      levels.push(end);
    }
  }
  return finished(layout, levels, end);
}
