// The sandwich view: a list of functions, and beside it the callers and callees of one.
import { tellMerged } from './details.js';
import { Flame } from './flame.js';
import { duration, shownName } from './format.js';
import { glideTo, listen, moveTo, topFor, viewOf } from './gestures.js';
import { leftHeavy } from './layout.js';
import { Look } from './look.js';
import { callees, callers, MOST_CALLERS } from './sandwich.js';
import { FunctionTable } from './table.js';

export class SandwichView {
  constructor(app) {
    this.app = app;
    this.title = document.getElementById('sandwich-title');
    this.callersTitle = document.getElementById('callers-title');
    this.table = new FunctionTable(document.getElementById('picker'), { select: (fn) => this.choose(fn), sort: (key) => app.sortBy(key) }, true);
    this.halves = [this.half('callers', true), this.half('callees', false)];
  }

  half(id, upward) {
    const look = new Look(this.app.model, this.app.colours);
    const flame = new Flame(document.getElementById(id), look, upward);
    const half = { look, flame };
    listen(flame, {
      select: (box) => this.select(half, box),
      zoom: (box) => box >= 0 && glideTo(flame, viewOf(flame, box)),
      hover: (hit) => this.hover(half, hit),
      moved: () => {},
    });
    return half;
  }

  show() {
    const { app } = this;
    const fn = app.fn >= 0 ? app.fn : app.heaviest();
    if (app.fn < 0 && fn >= 0) app.picked(fn, -1);
    this.table.show({ ...app.listing(), selected: fn });
    this.lay(fn);
  }

  choose(fn) {
    this.app.picked(fn, -1);
    this.table.select(fn);
    this.lay(fn);
  }

  /** lay makes both trees of a function. */
  lay(fn) {
    const { app } = this;
    this.fn = fn;
    if (fn < 0) {
      this.title.textContent = 'There is no function in this profile.';
      return;
    }
    const outside = callers(app.model, app.outer, app.weights, fn);
    const graphs = [{ ...outside, bare: true }, callees(app.model, app.outer, app.weights, fn)];
    this.title.textContent = `Called by ${shownName(app.model.functions, fn)}${this.missing(fn, graphs[1])}`;
    this.callersTitle.textContent = outside.cut ? `Callers: the nearest ${MOST_CALLERS}` : 'Callers';
    const side = app.base;
    this.halves.forEach(({ look, flame }, i) => {
      look.of(graphs[i]);
      look.marked = app.marked;
      flame.show(withoutAll(graphs[i], side));
    });
    app.pointedAtFunction(fn);
  }

  /** missing says how much of a function's time the tree lacks: of a file that contradicts itself, or of nodes that were left out. */
  missing(fn, { weights }) {
    const { app } = this;
    const all = app.figures[0].total[fn];
    const shown = weights[0].total[0] ?? 0;
    return app.model.facts && !app.filtered && shown < all * 0.99 ? ` (${duration(shown)} of its ${duration(all)}: the rest is on no path that is known)` : '';
  }

  refresh() {
    for (const { look, flame } of this.halves) {
      look.marked = this.app.marked;
      flame.ask();
    }
  }

  select(half, box) {
    const { flame, look } = half;
    flame.selected = box;
    moveTo(flame, { ...flame.view, top: topFor(flame, box) });
    this.app.picked(look.graph.tree.func[flame.layout.node[box]], -1);
    this.app.pointedAtNode(look.graph, flame.layout.node[box], true);
  }

  hover({ flame, look }, hit) {
    if (!hit) this.app.pointedAtFunction(this.fn);
    else if (hit.count > 1) tellMerged(hit.count, hit.weight, flame.layout.whole || 1);
    else this.app.pointedAtNode(look.graph, flame.layout.node[hit.box]);
  }

  /** out zooms both halves out; false if they are already. */
  out() {
    let any = false;
    for (const { flame } of this.halves) {
      if (!flame.layout || flame.view.to - flame.view.from >= flame.layout.whole * (1 - 1e-9)) continue;
      any = true;
      glideTo(flame, { from: 0, to: flame.layout.whole || 1, top: flame.view.top });
    }
    return any;
  }

  /** zoomSelected zooms the half in which a box is selected, or else shows the function that was picked. */
  zoomSelected() {
    const half = this.halves.find(({ flame }) => flame.selected >= 0);
    if (half) glideTo(half.flame, viewOf(half.flame, half.flame.selected));
  }
}

/** withoutAll is the layout of a tree that has one root: the box for everything would say nothing. */
function withoutAll(graph, side) {
  const total = Float64Array.from(graph.weights[side].total);
  const layout = leftHeavy(graph.tree, total, total[0] ?? 0);
  for (const name of ['x', 'w', 'node', 'up']) layout[name] = layout[name].slice(1);
  for (let i = 0; i < layout.up.length; i++) layout.up[i]--;
  layout.levels = layout.levels.slice(1).map((at) => at - 1);
  layout.depth--;
  return layout;
}
