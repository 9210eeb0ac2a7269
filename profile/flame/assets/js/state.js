// What one sees, as the fragment of the page's address: to be kept, sent along, and gone back to.

const KEYS = ['view', 'order', 'base', 'q', 'focus', 'ignore', 'thread', 'fn', 'node', 'from', 'to', 'top', 'sort', 'up', 'file', 'theme'];

/** readState is the state in the address. All of it is text, and none of it is trusted. */
export function readState() {
  const given = new URLSearchParams(location.hash.slice(1));
  const state = {};
  for (const key of KEYS) {
    if (given.has(key)) state[key] = given.get(key);
  }
  return state;
}

/** writeState puts it there; nothing is kept in the browser's history, or going back would take one through every zoom. */
export function writeState(state) {
  const text = new URLSearchParams(KEYS.filter((key) => state[key] !== undefined && state[key] !== '').map((key) => [key, state[key]])).toString();
  if (location.hash.slice(1) === text) return;
  try {
    history.replaceState(null, '', `#${text}`);
  } catch {
    // A page within another may not; it then does without.
  }
}

/** numberIn is a number of the state, within bounds; otherwise the other one. */
export function numberIn(text, least, most, otherwise) {
  const n = text === undefined || text === '' ? NaN : Number(text);
  return n >= least && n <= most ? n : otherwise;
}
