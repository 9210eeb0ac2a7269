// Colours in the output of programs: the SGR sequences of terminals become elements, all other sequences are left out.
import { make } from './page.js';

const SEQUENCE = /\x1b(?:\[([0-?]*)[ -/]*([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_]|[ -/]+[0-~])/g;
const FLAGS = { 1: 'b', 2: 'd', 3: 'i', 4: 'u', 9: 's' };

/** plain is the text without its sequences, as a terminal would leave it after carriage returns. */
export function plain(text) {
  return shown(text.replace(SEQUENCE, ''));
}

// shown: what a carriage return takes back is not seen. A bar of progress is its last state.
function shown(text) {
  if (!text.includes('\r')) return text;
  const parts = text.split('\r');
  while (parts.length > 1 && parts.at(-1) === '') parts.pop();
  return parts.at(-1);
}

/** coloured makes elements of a text with sequences. */
export function coloured(text) {
  text = shown(text);
  if (!text.includes('\x1b')) return [document.createTextNode(text)];
  const nodes = [], style = { flags: new Set(), fore: null, back: null };
  let from = 0;
  const add = (piece) => piece && nodes.push(styled(piece, style));
  for (const match of text.matchAll(SEQUENCE)) {
    add(text.slice(from, match.index));
    from = match.index + match[0].length;
    if (match[2] === 'm') apply(style, match[1].split(/[;:]/).map(Number));
  }
  add(text.slice(from));
  return nodes;
}

function styled(text, style) {
  if (!style.flags.size && style.fore === null && style.back === null) return document.createTextNode(text);
  const element = make('span', { class: [...style.flags].join(' ') }, text);
  colour(element, style.fore, 'c', 'color');
  colour(element, style.back, 'g', 'backgroundColor');
  return element;
}

// colour: the eight names of a terminal are the page's own, so that they can be read in both themes; others are as told.
function colour(element, value, letter, property) {
  if (typeof value === 'number') element.classList.add(letter + value);
  else if (value) element.style[property] = value;
}

function apply(style, codes) {
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i];
    if (code === 0) Object.assign(style, { flags: new Set(), fore: null, back: null });
    else if (FLAGS[code]) style.flags.add(FLAGS[code]);
    else if (code === 22) ['b', 'd'].forEach((f) => style.flags.delete(f));
    else if (code === 23) style.flags.delete('i');
    else if (code === 24) style.flags.delete('u');
    else if (code === 29) style.flags.delete('s');
    else if (code >= 30 && code <= 37) style.fore = code - 30;
    else if (code >= 90 && code <= 97) style.fore = code - 90;
    else if (code >= 40 && code <= 47) style.back = code - 40;
    else if (code >= 100 && code <= 107) style.back = code - 100;
    else if (code === 39) style.fore = null;
    else if (code === 49) style.back = null;
    else if (code === 38 || code === 48) {
      const [value, used] = extended(codes.slice(i + 1));
      style[code === 38 ? 'fore' : 'back'] = value;
      i += used;
    }
  }
}

// extended is a colour of 256, or one of red, green and blue.
function extended([kind, ...rest]) {
  if (kind === 5) return [fromTable(rest[0]), 2];
  if (kind === 2) return [`rgb(${rest.slice(0, 3).map((v) => Math.min(255, v | 0)).join(' ')})`, 4];
  return [null, 1];
}

function fromTable(n) {
  if (!(n >= 0 && n <= 255)) return null;
  if (n < 16) return n % 8;
  if (n > 231) return `rgb(${Array(3).fill(8 + 10 * (n - 232)).join(' ')})`;
  const step = (v) => (v ? 55 + 40 * v : 0);
  n -= 16;
  return `rgb(${step(Math.floor(n / 36))} ${step(Math.floor(n / 6) % 6)} ${step(n % 6)})`;
}
