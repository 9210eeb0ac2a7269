// The figures of functions: the columns of pstats for exact profiles, shares with their
// intervals for samples, both times and their change for two profiles.
import { outermost } from './tree.js';
import { addOwn, kept, perFunction, totals } from './weigh.js';

const MOST_LINES = 2 ** 21; // of a file; only to number pairs of file and line
const Z = 1.959963984540054; // the normal distribution has 95 % within

/** functionFigures has for each side own and total time by function; of samples also how many, and their intervals. */
export function functionFigures(model, outer, weights, filter) {
  return model.sides.map((side, at) => {
    const sums = perFunction(model.tree, outer, weights[at], model.functions.count);
    if (side.sampled) return { ...sums, ...sampledFigures(model, side, at, weights[at], sums, filter) };
    return filter.focus || filter.ignore ? { ...sums, fromTree: true } : { ...sums, ...exactFigures(model, side) };
  });
}

/** exactFigures are those of the file, which knows them better than any tree. */
function exactFigures(model, side) {
  const n = model.functions.count;
  const figures = { calls: new Float64Array(n), primitive: new Float64Array(n), own: new Float64Array(n), total: new Float64Array(n) };
  const { rows } = side.exact;
  for (let i = 0; i < rows.count; i++) {
    for (const name of ['calls', 'primitive', 'own', 'total']) figures[name][rows.func[i]] += rows[name][i];
  }
  return figures;
}

/** sampledFigures counts samples, and looks at each moment: threads seen at the same one are not independent. */
function sampledFigures(model, side, at, weights, sums, filter) {
  const keep = kept(model.tree, filter);
  const moments = new Moments(model);
  const { count, stack, thread, at: time } = side.samples;
  const threads = filter.threads?.[at];
  for (let i = 0; i < count; i++) {
    if (threads && !threads[thread[i]]) continue;
    const node = model.tree.of[at][stack[i]];
    if (!keep || keep[node]) moments.meet(node, side.timed ? time[i] : i);
  }
  moments.end();
  const n = moments.samples;
  const tallies = { own: moments.own, total: moments.total };
  const interval = (name, fn) => tallies[name].interval(fn, sums[name][fn] / (weights.whole || 1), moments);
  return { samples: Float64Array.from(sums.total, (s) => Math.round(s / side.period)), ownSamples: Float64Array.from(sums.own, (s) => Math.round(s / side.period)), count: n, interval };
}

/** Moments goes through the samples, moment by moment. As stacks.Profile.Rows does it. */
class Moments {
  constructor(model) {
    this.tree = model.tree;
    const n = model.functions.count;
    this.own = new Tally(n);
    this.total = new Tally(n);
    this.stamp = new Int32Array(n).fill(-1);
    this.samples = this.moments = this.sizes = this.size = 0;
    this.time = NaN;
  }

  meet(node, time) {
    if (time !== this.time) this.end();
    this.time = time;
    this.size++;
    this.own.meet(this.tree.func[node]);
    for (let at = node; at >= 0; at = this.tree.parent[at]) {
      const fn = this.tree.func[at];
      if (this.stamp[fn] === this.samples + this.size) continue;
      this.stamp[fn] = this.samples + this.size;
      this.total.meet(fn);
    }
  }

  end() {
    if (this.size === 0) return;
    this.own.end(this.size);
    this.total.end(this.size);
    this.samples += this.size;
    this.sizes += this.size * this.size;
    this.moments++;
    this.size = 0;
  }
}

/** Tally is what the variance of each function's share needs. */
class Tally {
  constructor(n) {
    this.squares = new Float64Array(n);
    this.mixed = new Float64Array(n);
    this.met = new Int32Array(n);
    this.touched = [];
  }

  meet(fn) {
    if (this.met[fn]++ === 0) this.touched.push(fn);
  }

  end(size) {
    for (const fn of this.touched) {
      this.squares[fn] += this.met[fn] ** 2;
      this.mixed[fn] += this.met[fn] * size;
      this.met[fn] = 0;
    }
    this.touched.length = 0;
  }

  interval(fn, p, { samples, moments, sizes }) {
    let n = samples;
    const variance = (this.squares[fn] - 2 * p * this.mixed[fn] + p * p * sizes) / (n * n);
    const effective = (p * (1 - p)) / variance;
    if (moments !== samples) {
      if (p === 0 || p === 1) n = moments;
      else if (effective > 0 && effective < n) n = effective;
    }
    return wilson(p, n);
  }
}

/** wilson is the interval in which the true share lies, in 95 of 100 cases. */
export function wilson(p, n) {
  if (!(n > 0)) return [0, 1];
  const scale = 1 / (1 + (Z * Z) / n);
  const middle = (p + (Z * Z) / (2 * n)) * scale;
  const half = Z * Math.sqrt((p * (1 - p)) / n + (Z * Z) / (4 * n * n)) * scale;
  return [Math.max(0, Math.min(p, middle - half)), Math.min(1, Math.max(p, middle + half))];
}

/** lineFigures has own and total seconds by line of one file, on the last side: of samples where they ran, else of functions at their first line. */
export function lineFigures(model, weights, file, filter) {
  const { functions, sides, tree } = model;
  const last = sides.length - 1;
  const side = sides[last];
  const lines = new Map();
  const at = (line) => {
    if (!lines.has(line)) lines.set(line, { own: 0, total: 0 });
    return lines.get(line);
  };
  if (!side.sampled) {
    const { rows } = side.exact;
    for (let i = 0; i < rows.count; i++) {
      if (functions.file[rows.func[i]] !== file) continue;
      const sums = at(functions.line[rows.func[i]]);
      sums.own += rows.own[i];
      sums.total += rows.total[i];
    }
    return lines;
  }
  const { nodes } = side;
  const keep = kept(tree, filter);
  const own = new Float64Array(nodes.count);
  addOwn(side, last, filter, (node, seconds) => {
    if (!keep || keep[tree.of[last][node]]) own[node] += seconds;
  });
  sumLines(nodes, functions, file, own, at);
  return lines;
}

/** sumLines counts a line once for each stack, however often it is on it. */
function sumLines(nodes, functions, file, own, at) {
  const total = totals(nodes, own);
  const first = (nodes.outermostLines ??= outermostLines(nodes, functions));
  for (let i = 0; i < nodes.count; i++) {
    if (total[i] === 0 || functions.file[nodes.func[i]] !== file) continue;
    const sums = at(nodes.line[i]);
    sums.own += own[i];
    if (first[i]) sums.total += total[i];
  }
}

/** outermostLines marks the nodes whose line of their file is not further out on the stack as well. */
function outermostLines(nodes, functions) {
  const files = new Map();
  const known = new Map();
  const numbered = (map, key) => {
    if (!map.has(key)) map.set(key, map.size);
    return map.get(key);
  };
  const file = Int32Array.from(functions.file, (name) => numbered(files, name));
  const func = new Int32Array(nodes.count);
  for (let i = 0; i < nodes.count; i++) func[i] = numbered(known, file[nodes.func[i]] * MOST_LINES + nodes.line[i]);
  return outermost({ count: nodes.count, parent: nodes.parent, func }, known.size);
}
