// The colours of boxes. Whose a function is gives the colour, its number a shade, so that
// neighbours can be told apart. Of two profiles, the change gives it: blue took less time,
// orange took more, which the colour-blind can tell as well.
import { OF_LIBRARY, OF_PROGRAM } from './profile.js';

const SHADES = 5;

/** STEPS is how many colours a change has in each direction. */
export const STEPS = 4;

const LIGHT = {
  program: (s) => `hsl(${30 + s * 2} ${84 - s * 4}% ${71 + s * 2.5}%)`,
  library: (s) => `hsl(${205 - s * 2} ${32 - s}% ${77 + s * 2}%)`,
  interpreter: (s) => `hsl(40 ${7 - s * 0.5}% ${80 + s * 1.6}%)`,
  text: '#1c1b19', found: '#0b6e84', foundText: '#ffffff', all: '#e9e5dd', narrow: '#cfc9bd', outline: '#1c1b19', ruler: '#6b6760', hatch: 'rgb(28 27 25 / .2)',
  more: ['#fbe3cf', '#f6c59c', '#ec9f5e', '#d9761f'],
  less: ['#d9e6f3', '#b0cde8', '#7faedb', '#4a88c6'],
  same: '#e4e0d8',
};

const DARK = {
  program: (s) => `hsl(${26 + s * 2} ${58 - s * 3}% ${35 + s * 2}%)`,
  library: (s) => `hsl(${207 - s * 2} ${26 - s}% ${31 + s * 1.8}%)`,
  interpreter: (s) => `hsl(40 ${5 - s * 0.4}% ${27 + s * 1.6}%)`,
  text: '#f6f1e7', found: '#35b8d3', foundText: '#06252c', all: '#2a2824', narrow: '#4a463f', outline: '#fff8ea', ruler: '#a39d92', hatch: 'rgb(255 248 234 / .19)',
  more: ['#4d3626', '#744420', '#9e541a', '#c76514'],
  less: ['#26384b', '#27496e', '#2a5c93', '#2f71b8'],
  same: '#38352f',
};

/** palette has all colours of a theme: "light" or "dark". */
export function palette(theme) {
  const colours = theme === 'dark' ? DARK : LIGHT;
  const shades = (make) => Array.from({ length: SHADES }, (_, s) => make(s));
  return { ...colours, program: shades(colours.program), library: shades(colours.library), interpreter: shades(colours.interpreter) };
}

/** byOwner colours a function. */
export function byOwner(colours, functions, fn) {
  const kind = functions.kind[fn];
  const list = kind === OF_PROGRAM ? colours.program : kind === OF_LIBRARY ? colours.library : colours.interpreter;
  return list[(Math.imul(fn + 1, 0x9e3779b1) >>> 16) % SHADES];
}

/** byChange colours a change of a node's time: by how much of the larger of both it is. */
export function byChange(colours, before, after) {
  const most = Math.max(before, after);
  const part = most > 0 ? (after - before) / most : 0;
  if (Math.abs(part) < 0.02) return colours.same;
  const step = Math.min(STEPS - 1, Math.floor(Math.abs(part) * STEPS));
  return (part > 0 ? colours.more : colours.less)[step];
}
