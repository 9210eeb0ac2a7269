// The flame view: all calls, heaviest first or as time went.
import { tellMerged } from './details.js';
import { Flame } from './flame.js';
import { glideTo, listen, moveTo, topFor, viewOf } from './gestures.js';
import { ALL, boxOf, leftHeavy } from './layout.js';
import { Look } from './look.js';
import { FIRST_LANE, timeline } from './timeline.js';
import { kept } from './weigh.js';
import { numberIn } from './state.js';

export class FlameView {
  /** app has the model, weights and state, and is told with picked(fn, node), pointed(...) and keep(state). */
  constructor(app) {
    this.app = app;
    this.look = new Look(app.model, app.colours);
    this.flame = new Flame(document.getElementById('graph'), this.look);
    this.empty = document.getElementById('empty');
    listen(this.flame, {
      select: (box) => this.select(box),
      zoom: (box, count) => this.zoom(box, count),
      hover: (hit) => this.hover(hit),
      moved: () => this.keep(),
    });
  }

  /** show lays the calls out anew; the view is that of the state, where it has one. */
  show() {
    const { app } = this;
    const { model, weights, state } = app;
    const base = weights.length === 2 && state.base === 'before' ? 0 : weights.length - 1;
    this.graph = { tree: model.tree, weights, title: 'all', sure: model.facts?.sure, facts: model.facts };
    this.look.of(this.graph);
    this.look.marked = app.marked;
    const inTime = state.order === 'time' && app.timed;
    const layout = inTime
      ? timeline(model.sides[0], model.tree, model.tree.of[0], app.filter, kept(model.tree, app.filter))
      : leftHeavy(model.tree, weights[base].total, weights[base].whole);
    this.empty.hidden = layout.whole > 0;
    this.empty.textContent = app.filtered ? 'No stack is left: press c to clear focus and ignore.' : 'This profile is empty: nothing was measured, or nothing ran.';
    this.flame.show(layout);
    app.summarise(layout.every > 1 ? [`In the order of time one of ${layout.every} samples is drawn.`] : []);
    this.restore();
  }

  restore() {
    const { state } = this.app;
    const { layout } = this.flame;
    const whole = layout.whole || 1;
    moveTo(this.flame, {
      from: numberIn(state.from, 0, 1, 0) * whole,
      to: numberIn(state.to, 0, 1, 1) * whole,
      top: numberIn(state.top, 0, 1e9, 0),
    });
    const node = numberIn(state.node, 0, this.app.model.tree.count - 1, -1);
    this.flame.selected = node >= 0 ? boxOf(layout, node) : -1;
    this.tell();
  }

  /** refresh draws again what has only another look. */
  refresh() {
    this.look.marked = this.app.marked;
    this.flame.ask();
  }

  select(box) {
    const node = this.flame.layout.node[box];
    this.flame.selected = box;
    this.reveal(box);
    this.app.picked(node >= 0 ? this.graph.tree.func[node] : -1, node);
    this.tell(true);
  }

  /** reveal moves no further than it takes to see a box. */
  reveal(box) {
    const { x, w } = this.flame.layout;
    const { from, to } = this.flame.view;
    const view = { from, to, top: topFor(this.flame, box) };
    if (x[box] >= to || x[box] + w[box] <= from) {
      view.from = x[box] + w[box] / 2 - (to - from) / 2;
      view.to = view.from + (to - from);
    }
    moveTo(this.flame, view);
    this.keep();
  }

  zoom(box, count = 1) {
    const view = viewOf(this.flame, box);
    if (count > 1) view.to = this.flame.layout.x[box + count - 1] + this.flame.layout.w[box + count - 1];
    else this.flame.selected = box;
    glideTo(this.flame, view, () => this.keep());
  }

  /** out zooms out; false if there is nothing to zoom out of. */
  out() {
    if (!this.zoomed) return false;
    glideTo(this.flame, { from: 0, to: this.flame.layout.whole || 1, top: this.flame.view.top }, () => this.keep());
    return true;
  }

  get zoomed() {
    const { view, layout } = this.flame;
    return view.to - view.from < (layout?.whole || 1) * (1 - 1e-9);
  }

  zoomSelected() {
    if (this.flame.selected >= 0) this.zoom(this.flame.selected);
  }

  unselect() {
    this.flame.selected = -1;
    this.flame.ask();
    this.tell();
  }

  /** step selects the next box that was found, or the one before. */
  step(way) {
    const { layout, selected } = this.flame;
    if (!this.app.marked || !layout.node.length) return;
    for (let i = 1; i <= layout.node.length; i++) {
      const box = (Math.max(selected, way > 0 ? -1 : 0) + way * i + 2 * layout.node.length) % layout.node.length;
      if (this.look.found(layout.node[box])) {
        this.select(box);
        return;
      }
    }
  }

  hover(hit) {
    if (!hit) this.tell();
    else if (hit.count > 1) tellMerged(hit.count, hit.weight, this.flame.layout.whole || 1);
    else this.tellBox(hit.box);
  }

  tell(aloud) {
    if (this.flame.selected >= 0) this.tellBox(this.flame.selected, aloud);
    else this.app.pointedAtFunction(this.app.fn);
  }

  tellBox(box, aloud) {
    const node = this.flame.layout.node[box];
    if (node === ALL) this.app.pointedAtAll(aloud);
    else if (node <= FIRST_LANE) this.app.pointedAtLane(FIRST_LANE - node, this.flame.layout.w[box], aloud);
    else this.app.pointedAtNode(this.graph, node, aloud);
  }

  /** keep puts the view into the state. */
  keep() {
    const { view, layout } = this.flame;
    const whole = layout.whole || 1;
    const short = (x) => String(Number((x / whole).toPrecision(6)));
    this.app.keep({
      from: view.from > 0 ? short(view.from) : undefined,
      to: this.zoomed ? short(view.to) : undefined,
      top: view.top > 0 ? String(Math.round(view.top)) : undefined,
    });
  }
}
