// Moving about in a flame graph: wheel, drag, two fingers, keys. What was selected or
// zoomed to is told to the page.
import { levelOf } from './layout.js';
import { ROW } from './flame.js';

const CLICK = 4; // pixels that a pointer may move and still click
const GLIDE = 160; // milliseconds from one view to the next
const DEEPEST = 1e-9; // of the whole: the closest view, before floating point shows
const WHEEL_ZOOM = 0.0022;

/** moveTo sets a view within the graph's bounds. */
export function moveTo(flame, view) {
  const whole = flame.layout?.whole || 1;
  const span = Math.min(whole, Math.max(whole * DEEPEST, view.to - view.from));
  const from = Math.max(0, Math.min(whole - span, view.from));
  flame.view = { from, to: from + span, top: Math.max(0, Math.min(flame.lowest, view.top)) };
  flame.ask();
}

/** glideTo moves there so that the eye can follow, unless its owner does not want that. */
export function glideTo(flame, view, done) {
  cancelAnimationFrame(flame.gliding);
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const begin = flame.view;
  const start = performance.now();
  const step = (now) => {
    const t = still ? 1 : Math.min(1, (now - start) / GLIDE);
    const part = 1 - (1 - t) ** 3;
    const mix = (name) => begin[name] + (view[name] - begin[name]) * part;
    moveTo(flame, { from: mix('from'), to: mix('to'), top: mix('top') });
    if (t < 1) flame.gliding = requestAnimationFrame(step);
    else done?.();
  };
  if (still) step(start);
  else flame.gliding = requestAnimationFrame(step);
}

/** viewOf is the view in which a box is as wide as the canvas. */
export function viewOf(flame, box) {
  const { x, w } = flame.layout;
  return { from: x[box], to: x[box] + w[box], top: topFor(flame, box) };
}

/** topFor scrolls no more than it takes to see a box. */
export function topFor(flame, box) {
  const y = levelOf(flame.layout, box) * ROW;
  const { top } = flame.view;
  if (y < top) return Math.max(0, y - ROW);
  return y + 2 * ROW > top + flame.visibleHeight ? y + 2 * ROW - flame.visibleHeight : top;
}

/** zoomAt zooms by a factor about a point of the canvas. */
export function zoomAt(flame, px, factor) {
  const { from, to, top } = flame.view;
  const middle = from + ((to - from) * px) / flame.width;
  moveTo(flame, { from: middle - (middle - from) * factor, to: middle + (to - middle) * factor, top });
}

/** panBy moves the picture by pixels. */
export function panBy(flame, dx, dy) {
  const { from, to, top } = flame.view;
  const shift = (dx * (to - from)) / flame.width;
  moveTo(flame, { from: from - shift, to: to - shift, top: top - (flame.upward ? -dy : dy) });
}

/** listen moves the graph as pointers and keys say. on has select(box), zoom(box), hover(hit, event) and moved(). */
export function listen(flame, on) {
  const { canvas } = flame;
  const fingers = new Map();
  let travelled = 0;
  const local = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, local(event));
    travelled = fingers.size > 1 ? Infinity : 0;
  });
  canvas.addEventListener('pointermove', (event) => {
    const now = local(event);
    const was = fingers.get(event.pointerId);
    if (!was) {
      hover(flame, now, event, on);
      return;
    }
    fingers.set(event.pointerId, now);
    travelled += Math.hypot(now[0] - was[0], now[1] - was[1]);
    if (fingers.size === 2) pinch(flame, [...fingers].find(([id]) => id !== event.pointerId)[1], was, now);
    else if (travelled > CLICK) panBy(flame, now[0] - was[0], now[1] - was[1]);
  });
  const lift = (event) => {
    fingers.delete(event.pointerId);
    if (travelled > CLICK) on.moved();
  };
  canvas.addEventListener('pointerup', (event) => {
    const hit = travelled <= CLICK ? flame.at(...local(event)) : null;
    lift(event);
    if (hit) on.select(hit.box);
  });
  canvas.addEventListener('pointercancel', lift);
  canvas.addEventListener('pointerleave', (event) => hover(flame, [-1, -1], event, on));
  canvas.addEventListener('dblclick', (event) => {
    const hit = flame.at(...local(event));
    if (hit) on.zoom(hit.box, hit.count);
  });
  canvas.addEventListener('wheel', (event) => wheel(flame, event, local(event)[0], on), { passive: false });
  canvas.addEventListener('keydown', (event) => {
    if (key(flame, event, on)) event.preventDefault();
  });
}

function hover(flame, [x, y], event, on) {
  const hit = flame.at(x, y);
  const box = hit?.box ?? -1;
  if (box !== flame.hovered) {
    flame.hovered = box;
    flame.ask();
  }
  on.hover(hit, event);
}

function pinch(flame, other, was, now) {
  const before = Math.max(8, Math.abs(was[0] - other[0]));
  zoomAt(flame, (now[0] + other[0]) / 2, before / Math.max(8, Math.abs(now[0] - other[0])));
}

function wheel(flame, event, x, on) {
  event.preventDefault();
  const unit = event.deltaMode === 1 ? 16 : 1;
  if (event.ctrlKey || event.metaKey) zoomAt(flame, x, Math.exp(event.deltaY * unit * WHEEL_ZOOM));
  else if (event.shiftKey && event.deltaX === 0) panBy(flame, -event.deltaY * unit, 0);
  else panBy(flame, -event.deltaX * unit, -event.deltaY * unit);
  on.moved();
}

/** key does what a key says, if it says anything. */
function key(flame, event, on) {
  if (event.ctrlKey || event.metaKey || event.altKey || !flame.layout) return false;
  const { selected } = flame;
  const span = flame.width / 6;
  const steps = {
    ArrowUp: () => on.select(flame.upward ? inner(flame, selected) : outer(flame, selected)),
    ArrowDown: () => on.select(flame.upward ? outer(flame, selected) : inner(flame, selected)),
    ArrowLeft: () => on.select(beside(flame, selected, -1)),
    ArrowRight: () => on.select(beside(flame, selected, 1)),
    Enter: () => selected >= 0 && on.zoom(selected, 1),
    Home: () => on.zoom(0, 1),
    Backspace: () => on.zoom(0, 1),
    '+': () => zoomAt(flame, centre(flame), 0.7),
    '=': () => zoomAt(flame, centre(flame), 0.7),
    '-': () => zoomAt(flame, centre(flame), 1 / 0.7),
    a: () => panBy(flame, span, 0),
    d: () => panBy(flame, -span, 0),
    PageUp: () => panBy(flame, 0, (flame.upward ? -0.8 : 0.8) * flame.visibleHeight),
    PageDown: () => panBy(flame, 0, (flame.upward ? 0.8 : -0.8) * flame.visibleHeight),
  };
  const step = steps[event.key];
  if (!step) return false;
  step();
  if (!event.key.startsWith('Arrow') && event.key !== 'Enter') on.moved();
  return true;
}

/** outer is the box below, of the caller; inner the widest one above, of what is called. */
function outer(flame, box) {
  return box < 0 ? 0 : Math.max(0, flame.layout.up[box]);
}

function inner(flame, box) {
  if (box < 0) return 0;
  const { layout } = flame;
  const level = levelOf(layout, box) + 1;
  let widest = box;
  for (let i = layout.levels[level]; level < layout.depth && i < layout.levels[level + 1] && layout.up[i] <= box; i++) {
    if (layout.up[i] === box && (widest === box || layout.w[i] > layout.w[widest])) widest = i;
  }
  return widest;
}

function beside(flame, box, step) {
  if (box < 0) return 0;
  const level = levelOf(flame.layout, box);
  return Math.max(flame.layout.levels[level], Math.min(flame.layout.levels[level + 1] - 1, box + step));
}

function centre(flame) {
  const { selected, layout, view } = flame;
  if (selected < 0) return flame.width / 2;
  const x = ((layout.x[selected] + layout.w[selected] / 2 - view.from) / (view.to - view.from)) * flame.width;
  return Math.max(0, Math.min(flame.width, x));
}
