// Finding functions by words: all of them must be in the name, file or line, whatever
// their case; between slashes stands a regular expression.
import { shortFile } from './format.js';

/** matcher is a test of functions; null for no words. A wrong expression is an error. */
export function matcher(text, functions) {
  const words = text.trim();
  if (words === '') return null;
  if (words.length > 2 && words.startsWith('/') && words.endsWith('/')) {
    const expression = new RegExp(words.slice(1, -1), 'i');
    return (fn) => expression.test(described(functions, fn));
  }
  const parts = words.toLowerCase().split(/\s+/);
  return (fn) => {
    const where = described(functions, fn).toLowerCase();
    return parts.every((part) => where.includes(part));
  };
}

/** exactly is the search that finds this function and, as far as words can, no other. */
export function exactly(functions, fn) {
  const quoted = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  return `/^${quoted(functions.name[fn].slice(0, 200))} .*${quoted(shortFile(functions.file[fn]))}:${functions.line[fn]}$/`;
}

function described(functions, fn) {
  return `${functions.name[fn]} ${functions.file[fn]}:${functions.line[fn]}`;
}

/** marked has 1 for each function that matches; null if nothing is searched for. */
export function marked(text, functions) {
  const test = matcher(text, functions);
  if (!test) return null;
  const marks = new Uint8Array(functions.count);
  for (let fn = 0; fn < functions.count; fn++) marks[fn] = test(fn) ? 1 : 0;
  return marks;
}
