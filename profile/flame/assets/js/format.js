// Figures and names as people read them.

/** duration is a time in the unit that suits it. */
export function duration(seconds) {
  const size = Math.abs(seconds);
  if (size === 0) return '0 s';
  if (size >= 100) return `${seconds.toFixed(0)} s`;
  if (size >= 1) return `${seconds.toFixed(2)} s`;
  if (size >= 1e-3) return `${(seconds * 1e3).toPrecision(3)} ms`;
  if (size >= 1e-6) return `${(seconds * 1e6).toPrecision(3)} µs`;
  return `${(seconds * 1e9).toFixed(0)} ns`;
}

/** gained is a duration with its sign. */
export function gained(seconds) {
  return (seconds > 0 ? '+' : seconds < 0 ? '−' : '') + duration(Math.abs(seconds));
}

/** percent is a share of 1. */
export function percent(part) {
  if (!(part > 0)) return '0 %';
  if (part < 0.0005) return '<0.1 %';
  return `${(part * 100).toFixed(1)} %`;
}

/** interval is a range of shares. */
export function interval([low, high]) {
  return `${(low * 100).toFixed(1)} – ${(high * 100).toFixed(1)} %`;
}

/** whole is a whole number in groups of three. */
export function whole(n) {
  return Math.round(n).toLocaleString('en-US');
}

/** changed says by how much a time has changed. */
export function changed(before, after) {
  if (before === after) return 'as before';
  if (before === 0) return 'new';
  if (after === 0) return 'gone';
  const ratio = after / before;
  if (ratio >= 10) return `${ratio.toFixed(0)} times as long`;
  const part = (ratio - 1) * 100;
  return `${part > 0 ? '+' : '−'}${Math.abs(part).toFixed(Math.abs(part) < 10 ? 1 : 0)} %`;
}

/** plain makes characters that steer text, or its direction, visible. */
export function plain(text) {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '\ufffd');
}

/** shownName is a function's name as it is shown. */
export function shownName(functions, fn) {
  return plain(functions.name[fn]) || '(no name)';
}

/** shortFile is the last two parts of a path. */
export function shortFile(file) {
  return file.split(/[\\/]/).slice(-2).join('/');
}

/** place says where a function is. */
export function place(functions, fn, short) {
  const file = functions.file[fn];
  if (file === '~' || file === '') return 'built in';
  return `${plain(short ? shortFile(file) : file)}:${functions.line[fn]}`;
}
