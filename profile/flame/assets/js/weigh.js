// How much time each node has, of the threads that are looked at and the stacks that the
// words of focus and ignore leave.

/** weigh has own, total and calls of every node, in seconds, for each side, and the whole of each. */
export function weigh(model, filter) {
  const keep = kept(model.tree, filter);
  return model.sides.map((side, at) => {
    const own = new Float64Array(model.tree.count);
    const place = model.tree.of[at];
    addOwn(side, at, filter, (node, seconds) => {
      if (!keep || keep[place[node]]) own[place[node]] += seconds;
    });
    const total = totals(model.tree, own);
    return { own, total, whole: own.reduce((sum, x) => sum + x, 0), unfiltered: unfilteredWhole(side, at, filter) };
  });
}

/** addOwn calls add with the own time of a side's nodes; of samples once for each. */
export function addOwn(side, at, filter, add) {
  if (side.exact) {
    const { own, hidden } = side.exact;
    for (let node = 0; node < own.length; node++) add(node, own[node] + hidden[node]);
    return;
  }
  const { count, stack, thread } = side.samples;
  const threads = filter.threads?.[at];
  for (let i = 0; i < count; i++) {
    if (!threads || threads[thread[i]]) add(stack[i], side.period);
  }
}

/** unfilteredWhole is the time of all stacks of the threads, whatever focus and ignore say. */
function unfilteredWhole(side, at, filter) {
  let sum = 0;
  addOwn(side, at, { threads: filter.threads }, (_, seconds) => (sum += seconds));
  return sum;
}

/** kept marks the nodes whose stacks are looked at; null if all are. */
export function kept(tree, { focus, ignore }) {
  if (!focus && !ignore) return null;
  const marks = new Uint8Array(tree.count);
  const focused = focus && pathsWith(tree, focus);
  const ignored = ignore && pathsWith(tree, ignore);
  for (let i = 0; i < tree.count; i++) marks[i] = (!focused || focused[i]) && !(ignored && ignored[i]) ? 1 : 0;
  return marks;
}

/** pathsWith marks the nodes that are, or are called by, one of the functions that are marked. */
export function pathsWith(tree, marked) {
  const marks = new Uint8Array(tree.count);
  for (let i = 0; i < tree.count; i++) {
    const parent = tree.parent[i];
    marks[i] = marked[tree.func[i]] || (parent >= 0 && marks[parent]) ? 1 : 0;
  }
  return marks;
}

/** totals adds to the own time of each node that of all below. */
export function totals(tree, own) {
  const total = own.slice();
  for (let i = tree.count - 1; i >= 0; i--) {
    if (tree.parent[i] >= 0) total[tree.parent[i]] += total[i];
  }
  return total;
}

/** perFunction adds up own and total time by function; of a recursion the outermost call counts. */
export function perFunction(tree, outer, weights, functionCount) {
  const own = new Float64Array(functionCount);
  const total = new Float64Array(functionCount);
  for (let i = 0; i < tree.count; i++) {
    own[tree.func[i]] += weights.own[i];
    if (outer[i]) total[tree.func[i]] += weights.total[i];
  }
  return { own, total };
}

/** share is how much of the time has one of the marked functions on its stack, each stack counted once. */
export function share(tree, weights, marked) {
  const marks = pathsWith(tree, marked);
  let sum = 0;
  for (let i = 0; i < tree.count; i++) {
    if (marks[i]) sum += weights.own[i];
  }
  return sum;
}

/** factsOf is what an exact profile says of the nodes of the tree: calls, how sure they are, and between which times; null for others. */
export function factsOf(tree, sides) {
  if (sides.length !== 1 || !sides[0].exact) return null;
  const facts = { sure: new Uint8Array(tree.count) };
  for (const name of ['calls', 'low', 'high', 'hidden']) facts[name] = new Float64Array(tree.count);
  const { exact, nodes } = sides[0];
  for (let i = 0; i < nodes.count; i++) {
    const node = tree.of[0][i];
    for (const name of ['calls', 'low', 'high', 'hidden']) facts[name][node] += exact[name][i];
    facts.sure[node] = Math.max(facts.sure[node], exact.sure[i]);
  }
  return facts;
}
