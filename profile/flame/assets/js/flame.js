// A flame graph on a canvas. It draws what is in sight and nothing else: boxes narrower
// than MERGED pixels become one with their neighbours, and are skipped by search in the
// sorted level, so that the cost of a picture depends on its pixels, not on the profile.
import { firstFrom, levelOf } from './layout.js';

/** ROW is the height of a level, RULER that of the scale of time, in CSS pixels. */
export const ROW = 19;
export const RULER = 20;

const MERGED = 2;
const TEXT_FROM = 24;
const FONT = '12px ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace';
const LONGEST_LABEL = 400;

export class Flame {
  /** look says how boxes look: colour(node), label(node), pattern(node) and text colours; see look.js. */
  constructor(canvas, look, upward = false) {
    this.canvas = canvas;
    this.look = look;
    this.upward = upward;
    this.selected = -1;
    this.hovered = -1;
    this.view = { from: 0, to: 1, top: 0 };
    this.pending = 0;
    new ResizeObserver(() => this.resize()).observe(canvas);
    this.resize();
  }

  resize() {
    const box = this.canvas.getBoundingClientRect();
    this.width = Math.max(1, box.width);
    this.height = Math.max(1, box.height);
    this.ratio = Math.max(1, Math.min(3, window.devicePixelRatio || 1));
    this.canvas.width = Math.round(this.width * this.ratio);
    this.canvas.height = Math.round(this.height * this.ratio);
    this.draw();
  }

  /** show takes another layout; where the view stands is for the caller to say. */
  show(layout) {
    this.layout = layout;
    this.hovered = -1;
    this.selected = -1;
    this.view = { from: 0, to: layout.whole || 1, top: 0 };
    this.ask();
  }

  /** ask draws before the next picture of the screen. */
  ask() {
    if (!this.pending) this.pending = requestAnimationFrame(() => this.draw());
  }

  get rulerHeight() {
    return this.upward ? 0 : RULER;
  }

  get visibleHeight() {
    return this.height - this.rulerHeight;
  }

  /** lowest is how far the view can be scrolled. */
  get lowest() {
    return Math.max(0, (this.layout?.depth ?? 0) * ROW - this.visibleHeight);
  }

  /** y is where a level begins on the canvas. */
  y(level) {
    if (this.upward) return this.height - (level + 1) * ROW + this.view.top;
    return this.rulerHeight + level * ROW - this.view.top;
  }

  levelAt(y) {
    if (this.upward) return Math.floor((this.height - y + this.view.top) / ROW);
    return y < this.rulerHeight ? -1 : Math.floor((y - this.rulerHeight + this.view.top) / ROW);
  }

  /** at is what is under a point: a box, and how many that are too narrow are shown as one with it. */
  at(px, py) {
    const { layout, view } = this;
    const level = this.levelAt(py);
    if (!layout || level < 0 || level >= layout.depth) return null;
    const end = layout.levels[level + 1];
    const scale = this.width / (view.to - view.from);
    const near = view.from + (px - MERGED) / scale;
    let found = null;
    this.eachRun(level, firstFrom(layout, layout.levels[level], end, near), near, view.from + (px + MERGED) / scale, (box, last, left, right) => {
      if (px >= left && px < Math.max(right, left + 1)) found = { box, count: last - box, weight: this.weight(box, last) };
    });
    return found;
  }

  weight(box, end) {
    let sum = 0;
    for (let i = box; i < end; i++) sum += this.layout.w[i];
    return sum;
  }

  /** eachRun calls f for each box of a level from a box on that lies left of `until`, and once for those too narrow, with their pixels. */
  eachRun(level, first, from, until, f) {
    const { layout, view } = this;
    const { x, w } = layout;
    const end = layout.levels[level + 1];
    const scale = this.width / (view.to - view.from);
    for (let box = first; box < end && x[box] < until; ) {
      const left = (x[box] - view.from) * scale;
      if (w[box] * scale >= MERGED) {
        f(box, box + 1, left, left + w[box] * scale);
        box++;
        continue;
      }
      const next = this.runEnd(box, end, left, scale);
      f(box, next, left, (x[next - 1] + w[next - 1] - view.from) * scale);
      box = next;
    }
  }

  /** runEnd is the box after the last narrow one that begins within a few pixels of a narrow box. */
  runEnd(box, end, left, scale) {
    const { x, w } = this.layout;
    const limit = this.view.from + (Math.floor(left) + MERGED) / scale;
    let low = box + 1;
    let high = end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (x[middle] >= limit) high = middle;
      else low = middle + 1;
    }
    return low - box > 1 && w[low - 1] * scale >= MERGED ? low - 1 : low;
  }

  draw() {
    if (this.pending) cancelAnimationFrame(this.pending);
    this.pending = 0;
    const context = this.canvas.getContext('2d', { alpha: true });
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    if (!this.layout) return;
    const first = Math.max(0, this.levelAt(this.upward ? this.height - 1 : this.rulerHeight));
    const last = Math.min(this.layout.depth - 1, this.levelAt(this.upward ? 0 : this.height));
    context.font = FONT;
    context.textBaseline = 'middle';
    this.letter ??= context.measureText('0').width;
    for (let level = first; level <= last; level++) this.drawLevel(context, level);
    this.drawOutlines(context);
    this.drawBar(context);
    this.onDraw?.();
  }

  drawLevel(context, level) {
    const { layout, view, look } = this;
    const y = this.y(level);
    const begin = firstFrom(layout, layout.levels[level], layout.levels[level + 1], view.from);
    let narrowFrom = NaN;
    let narrowTo = NaN;
    let narrowFound = false;
    const flush = () => {
      if (!(narrowTo > narrowFrom)) return;
      context.fillStyle = narrowFound ? look.colours.found : look.colours.narrow;
      context.fillRect(narrowFrom, y, Math.max(1, narrowTo - narrowFrom - 0.5), ROW - 1);
      narrowFrom = narrowTo = NaN;
    };
    this.eachRun(level, begin, view.from, view.to, (box, end, left, right) => {
      if (end - box === 1 && right - left >= MERGED) {
        flush();
        this.drawBox(context, box, Math.max(left, -1), Math.min(right, this.width + 1), y);
        return;
      }
      const found = look.found(layout.node[box]);
      if (left - narrowTo > 1 || found !== narrowFound) flush();
      if (!(narrowTo >= narrowFrom)) narrowFrom = left;
      narrowFound = found;
      narrowTo = Math.max(right, left + 1);
    });
    flush();
  }

  drawBox(context, box, left, right, y) {
    const { look } = this;
    const node = this.layout.node[box];
    const width = Math.max(1, right - left - 1);
    const found = look.found(node);
    context.globalAlpha = look.dim(node) && !found ? 0.42 : 1;
    context.fillStyle = found ? look.colours.found : look.colour(node);
    context.fillRect(left, y, width, ROW - 1);
    const pattern = width > 6 ? look.pattern(context, node) : null;
    if (pattern) {
      context.fillStyle = pattern;
      context.fillRect(left, y, width, ROW - 1);
    }
    if (width >= TEXT_FROM) {
      context.fillStyle = found ? look.colours.foundText : look.colours.text;
      this.drawText(context, look.label(node), Math.max(0, left) + 4, y + ROW / 2, right - Math.max(0, left) - 9);
    }
    context.globalAlpha = 1;
  }

  /** drawText cuts a text to a width; its letters are all as wide, but for scripts that have others. */
  drawText(context, text, x, y, room) {
    let letters = Math.floor(room / this.letter);
    if (text.length > letters) {
      if (letters < 3) return;
      text = text.slice(0, Math.min(letters, LONGEST_LABEL) - 1) + '…';
    }
    if (/[^\u0000-\u024f\u2026]/.test(text)) {
      for (letters = text.length; letters > 2 && context.measureText(text).width > room; letters = Math.floor(letters * 0.8)) text = text.slice(0, letters - 1) + '…';
    }
    context.fillText(text, x, y + 0.5);
  }

  drawOutlines(context) {
    for (const [box, width] of [[this.hovered, 1], [this.selected, 2]]) {
      if (box < 0 || box >= this.layout.node.length) continue;
      const scale = this.width / (this.view.to - this.view.from);
      const left = Math.max(-2, (this.layout.x[box] - this.view.from) * scale);
      const right = Math.min(this.width + 2, (this.layout.x[box] + this.layout.w[box] - this.view.from) * scale);
      if (right < 0 || left > this.width) continue;
      context.strokeStyle = this.look.colours.outline;
      context.lineWidth = width;
      context.strokeRect(left + width / 2, this.y(levelOf(this.layout, box)) + width / 2, Math.max(2, right - left - 1 - width), ROW - 1 - width);
    }
  }

  /** drawBar tells how far down a tall graph one is; the scale of time covers what is scrolled away. */
  drawBar(context) {
    if (this.rulerHeight) this.look.ruler(context, this);
    if (this.lowest <= 0) return;
    const height = Math.max(24, (this.visibleHeight / (this.layout.depth * ROW)) * this.visibleHeight);
    const gone = (this.view.top / this.lowest) * (this.visibleHeight - height);
    context.fillStyle = this.look.colours.ruler;
    context.globalAlpha = 0.55;
    context.fillRect(this.width - 5, this.upward ? this.height - height - gone : this.rulerHeight + gone, 4, height);
    context.globalAlpha = 1;
  }
}
