// The state of the page and what follows from it: which stacks are looked at, what they
// weigh, which functions were searched for. Views ask it, and tell it what was picked.
import { palette } from './colours.js';
import { Controls } from './controls.js';
import { say, tellAll, tellFunction, tellNode, tellNothing, tellText } from './details.js';
import { functionFigures } from './figures.js';
import { FlameView } from './flameview.js';
import { duration, percent, plain } from './format.js';
import { drawLegend } from './legend.js';
import { SandwichView } from './sandwichview.js';
import { exactly, marked } from './search.js';
import { SourceView } from './source.js';
import { numberIn, readState, writeState } from './state.js';
import { FunctionTable } from './table.js';
import { outermost, united } from './tree.js';
import { factsOf, share, weigh } from './weigh.js';

const VIEW_NAMES = ['flame', 'sandwich', 'table', 'source'];
const byName = (id) => document.getElementById(id);

export class App {
  constructor(model) {
    this.model = model;
    model.tree = united(model.sides);
    model.facts = factsOf(model.tree, model.sides);
    this.timed = model.sides.length === 1 && model.sides[0].sampled && model.sides[0].timed;
    this.state = {};
    this.marked = null;
    this.colours = palette('light');
    this.controls = new Controls(model, this.timed, { changed: (patch) => this.change(patch), step: (way) => this.step(way) });
    this.views = { flame: new FlameView(this) };
    this.listenToButtons();
    tellNothing();
  }

  /** readAddress takes the state that is in the page's address. */
  readAddress() {
    this.state = readState();
    this.applyTheme();
    this.reweigh();
    this.search();
    this.showView();
  }

  /** change takes parts of the state, and does all that follows. */
  change(patch) {
    Object.assign(this.state, patch);
    const filters = ['focus', 'ignore', 'thread'].some((key) => key in patch);
    if (filters || 'order' in patch || 'base' in patch) Object.assign(this.state, { from: undefined, to: undefined, top: undefined });
    if (filters) this.reweigh();
    if (filters || 'q' in patch) this.search();
    if ('theme' in patch) this.applyTheme();
    writeState(this.state);
    const onlyLook = Object.keys(patch).every((key) => key === 'q' || key === 'theme');
    const view = this.views[this.view];
    if (onlyLook && view.refresh) view.refresh();
    else this.showView();
  }

  /** keep takes parts of the state that are seen already. */
  keep(patch) {
    Object.assign(this.state, patch);
    writeState(this.state);
    byName('act-out').disabled = !this.views.flame.zoomed;
  }

  get view() {
    return VIEW_NAMES.includes(this.state.view) ? this.state.view : 'flame';
  }

  get fn() {
    return Math.trunc(numberIn(this.state.fn, 0, this.model.functions.count - 1, -1));
  }

  get base() {
    return this.weights.length === 2 && this.state.base === 'before' ? 0 : this.weights.length - 1;
  }

  get filtered() {
    return Boolean(this.filter.focus || this.filter.ignore || this.filter.threads);
  }

  /** reweigh finds what is looked at, and what it weighs. */
  reweigh() {
    this.filter = { threads: this.controls.chosen(this.state.thread), focus: this.marksOf('focus'), ignore: this.marksOf('ignore') };
    this.weights = weigh(this.model, this.filter);
    this.figuresKept = null;
    this.summarise();
  }

  /** marksOf has the functions that a field matches; null for none, or for an expression that is wrong. */
  marksOf(id) {
    const text = this.state[id === 'search' ? 'q' : id] ?? '';
    try {
      this.controls.wrong(id, null);
      return marked(text, this.model.functions);
    } catch (failure) {
      this.controls.wrong(id, failure.message);
      return null;
    }
  }

  search() {
    this.marked = this.marksOf('search');
    if (!this.marked) {
      this.controls.found('');
      return;
    }
    const count = this.marked.reduce((sum, mark) => sum + mark, 0);
    const { base } = this;
    const part = share(this.model.tree, this.weights[base], this.marked) / (this.weights[base].whole || 1);
    this.controls.found(`${count} ${count === 1 ? 'function' : 'functions'}, in ${percent(part)} of the time`);
  }

  /** summarise tells what is shown, and what must be known of it. */
  summarise(more = []) {
    const { model, weights } = this;
    byName('title').textContent = document.title = plain(model.title);
    const times = weights.map(({ whole, unfiltered }) => (unfiltered - whole > unfiltered * 1e-9 ? `${duration(whole)} of ${duration(unfiltered)}` : duration(whole)));
    const kind = model.sides[0].sampled ? 'sampled' : 'exact';
    const names = model.sides.map((side, i) => `${model.sides.length === 2 ? `${['before', 'after'][i]}: ` : ''}${plain(side.name)}, ${times[i]}`);
    const notes = [...more, ...model.sides.flatMap((side) => side.notes)];
    byName('summary').textContent = [...names, kind, ...notes].join(' · ');
    byName('summary').title = byName('summary').textContent;
    byName('notes').textContent = notes.join(' ');
  }

  /** outer marks what recursion counts once; figures are those of functions. Both are made when they are first asked for. */
  get outer() {
    return (this.outerKept ??= outermost(this.model.tree, this.model.functions.count));
  }

  get figures() {
    return (this.figuresKept ??= functionFigures(this.model, this.outer, this.weights, this.filter));
  }

  heaviest() {
    const { total } = this.figures[this.base];
    let best = -1;
    for (let fn = 0; fn < total.length; fn++) {
      if (best < 0 || total[fn] > total[best]) best = fn;
    }
    return best;
  }

  /** sourced says whether what is selected is in any file. */
  get sourced() {
    return this.fn >= 0 && !['', '~'].includes(this.model.functions.file[this.fn]);
  }

  /** listing is what a table of functions shows. */
  listing() {
    const { model, figures, weights, marked: marks, state } = this;
    return { model, figures, weights, marked: marks, sort: state.sort, descending: state.up !== '1', selected: this.fn };
  }

  /** sortBy sorts by a column: the most first, names from A on; the other way around if it is sorted by it. */
  sortBy(key) {
    const { state } = this;
    const up = key === state.sort ? state.up !== '1' : key === 'name';
    this.change({ sort: key, up: up ? '1' : undefined });
  }

  showView() {
    for (const name of VIEW_NAMES) {
      byName(`view-${name}`).hidden = name !== this.view;
      byName(`tab-${name}`).setAttribute('aria-selected', name === this.view);
      byName(`tab-${name}`).tabIndex = name === this.view ? 0 : -1;
    }
    this.controls.show(this.state, this.timed);
    if (this.view === 'flame') this.views.flame.show();
    if (this.view === 'sandwich') (this.views.sandwich ??= new SandwichView(this)).show();
    if (this.view === 'table') (this.views.table ??= this.makeTable()).show(this.listing());
    if (this.view === 'source') this.showSource();
    if (this.view !== 'flame') this.pointedAtFunction(this.fn);
    this.enable();
  }

  makeTable() {
    const on = { select: (fn) => this.pickRow(fn), sort: (key) => this.sortBy(key) };
    return new FunctionTable(byName('table'), on);
  }

  pickRow(fn) {
    this.picked(fn, -1);
    this.views.table.select(fn);
    this.pointedAtFunction(fn, true);
  }

  showSource() {
    this.views.source ??= new SourceView({ choose: (file) => this.change({ file }) });
    const { model, figures, weights, filter, fn } = this;
    const wanted = this.state.file ?? (fn >= 0 ? model.functions.file[fn] : undefined);
    this.views.source.show({ model, figures, weights, filter, file: wanted, aim: fn >= 0 && model.functions.file[fn] === wanted ? model.functions.line[fn] : 0 });
  }

  /** picked is told of a function that was selected, and of its node in the tree, -1 if it is none. */
  picked(fn, node) {
    Object.assign(this.state, { fn: fn >= 0 ? String(fn) : undefined, node: node >= 0 ? String(node) : undefined, file: undefined });
    writeState(this.state);
    this.enable();
  }

  enable() {
    const has = this.fn >= 0;
    for (const id of ['act-sandwich', 'act-focus', 'act-ignore']) byName(id).disabled = !has;
    byName('act-source').disabled = !this.sourced;
    byName('act-zoom').disabled = !has || this.view === 'table' || this.view === 'source';
    byName('act-out').disabled = !this.views.flame.zoomed;
  }

  listenToButtons() {
    const does = { 'act-zoom': () => this.zoomSelected(), 'act-out': () => this.out(), 'act-sandwich': () => this.go('sandwich'), 'act-source': () => this.toSource(), 'act-focus': () => this.restrict('focus'), 'act-ignore': () => this.restrict('ignore'), theme: () => this.turnTheme() };
    for (const [id, act] of Object.entries(does)) byName(id).addEventListener('click', act);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.applyTheme());
    window.addEventListener('beforeprint', () => this.applyTheme('light'));
    window.addEventListener('afterprint', () => this.applyTheme());
  }

  // What keys and buttons do.

  go(view) {
    this.change({ view });
  }

  toSource() {
    if (this.sourced) this.change({ view: 'source', file: undefined });
  }

  restrict(field) {
    if (this.fn >= 0) this.change({ [field]: exactly(this.model.functions, this.fn) });
  }

  clear() {
    this.change({ q: undefined, focus: undefined, ignore: undefined });
    this.showView();
  }

  step(way) {
    if (this.view !== 'flame') this.go('flame');
    this.views.flame.step(way);
  }

  out() {
    const view = this.views[this.view];
    if (view?.out?.()) return;
    this.picked(-1, -1);
    this.views.flame.unselect();
  }

  zoomSelected() {
    this.views[this.view]?.zoomSelected?.();
  }

  turnOrder() {
    if (this.timed) this.change({ order: this.state.order === 'time' ? 'heavy' : 'time' });
  }

  get theme() {
    if (this.state.theme === 'dark' || this.state.theme === 'light') return this.state.theme;
    return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  }

  turnTheme() {
    this.change({ theme: this.theme === 'dark' ? 'light' : 'dark' });
  }

  /** applyTheme draws at once: what is printed does not wait for the next picture. */
  applyTheme(theme = this.theme) {
    document.documentElement.dataset.theme = theme;
    this.colours = palette(theme);
    for (const { look, flame } of [this.views.flame, ...(this.views.sandwich?.halves ?? [])]) {
      look.themed(this.colours);
      flame.draw();
    }
    drawLegend(this.colours, this.model);
  }

  // What is pointed at, for the panel below.

  pointedAtAll() {
    tellAll(this.model.title, this.weights);
  }

  pointedAtLane(thread, seconds) {
    const { name, process } = this.model.sides[0].threads[thread];
    tellText(plain(name), `process ${plain(process)}`, [['seen for', duration(seconds)]]);
  }

  pointedAtNode(graph, node, aloud) {
    tellNode(this.model, graph, node, this.weights.map(({ whole }) => whole));
    if (aloud) say();
  }

  pointedAtFunction(fn, aloud) {
    if (fn < 0) tellNothing();
    else tellFunction(this.model, this.figures, this.weights, fn);
    if (aloud) say();
  }
}
