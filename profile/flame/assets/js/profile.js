// The data of the page: functions, and one profile or two (sides: before and after).
import { numbers, running, summed } from './columns.js';

/** What a function is; functions.go has the same numbers. */
export const OF_PROGRAM = 0;
export const OF_LIBRARY = 1;
export const OF_INTERPRETER = 2;

/** How sure a node of an exact profile is; exact.go has the same numbers. */
export const SURENESS = ['known', 'bounded', 'guessed'];

const NANO = 1e-9;
const MICRO = 1e-6;

/** load finds the page's data: within the page, or where its element says. */
export async function load() {
  const element = document.getElementById('profile');
  if (!element.dataset.from) return decode(JSON.parse(element.textContent));
  const answer = await fetch(element.dataset.from, { credentials: 'same-origin' });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return decode(await answer.json());
}

/** decode makes typed arrays of what page.go writes. Times are seconds. */
export function decode(data) {
  const { count } = data.functions;
  const texts = (column) => Array.from(numbers(column, new Int32Array(count)), (at) => data.strings[at]);
  const functions = {
    count,
    name: texts(data.functions.name),
    file: texts(data.functions.file),
    line: numbers(data.functions.line, new Int32Array(count)),
    kind: numbers(data.functions.kind, new Uint8Array(count)),
  };
  return { title: data.title, functions, sides: data.profiles.map(decodeSide), sources: new Map(data.sources.map((s) => [s.file, s.text])) };
}

function decodeSide(raw) {
  const side = { name: raw.name, sampled: raw.sampled, timed: raw.timed, period: raw.period, notes: raw.notes, threads: raw.threads };
  side.nodes = decodeNodes(raw);
  if (raw.samples) {
    const { count } = raw.samples;
    side.samples = {
      count,
      stack: running(raw.samples.stack, new Int32Array(count)),
      thread: numbers(raw.samples.thread, new Int32Array(count)),
      at: summed(raw.samples.at, new Float64Array(count)).map((micro) => micro * MICRO),
    };
  }
  if (raw.exact) side.exact = decodeExact(raw.exact, side.nodes);
  return side;
}

function decodeNodes(raw) {
  const { count } = raw.nodes;
  const parent = numbers(raw.nodes.parent, new Int32Array(count));
  for (let i = 0; i < count; i++) parent[i] = parent[i] === 0 ? -1 : i - parent[i];
  const known = numbers(raw.funcs, new Int32Array(raw.funcCount));
  const func = numbers(raw.nodes.func, new Int32Array(count));
  for (let i = 0; i < count; i++) func[i] = known[func[i]];
  const line = raw.nodes.line ? numbers(raw.nodes.line, new Int32Array(count)) : null;
  return { count, parent, func, line, known };
}

function decodeExact(raw, nodes) {
  const seconds = (column, n) => numbers(column, new Float64Array(n)).map((nano) => nano * NANO);
  const rows = raw.rows;
  return {
    own: seconds(raw.own, nodes.count),
    hidden: seconds(raw.hidden, nodes.count),
    low: seconds(raw.low, nodes.count),
    high: seconds(raw.high, nodes.count),
    calls: numbers(raw.calls, new Float64Array(nodes.count)),
    sure: numbers(raw.sure, new Uint8Array(nodes.count)),
    rows: {
      count: rows.count,
      func: numbers(rows.func, new Int32Array(rows.count)).map((f) => nodes.known[f]),
      calls: numbers(rows.calls, new Float64Array(rows.count)),
      primitive: numbers(rows.primitive, new Float64Array(rows.count)),
      own: seconds(rows.own, rows.count),
      total: seconds(rows.cumulative, rows.count),
    },
  };
}
