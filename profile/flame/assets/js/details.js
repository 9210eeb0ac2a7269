// What is pointed at or selected: a name, where it is, its figures. The panel keeps its
// size, so that nothing moves while one points about.
import { changed, duration, gained, interval, percent, place, plain, shownName, whole } from './format.js';
import { element } from './list.js';
import { SURENESS } from './profile.js';

const SURE_MEANS = {
  known: 'exact: nothing else calls it',
  bounded: 'at most this: others call it as well',
  guessed: 'shared out by how much each caller had',
};

const byId = (id) => document.getElementById(id);

/** tellNothing says how to go on. */
export function tellNothing() {
  tellText('Nothing is selected', 'Point at a box, or click it; arrow keys go on from there.', []);
}

/** tellMerged tells of boxes too narrow to be drawn. */
export function tellMerged(count, seconds, all) {
  tellText(`${whole(count)} boxes too narrow to draw`, 'Double-click to zoom in and tell them apart.', [['together', `${duration(seconds)}, ${percent(seconds / all)}`]]);
}

/** tellAll tells of everything. */
export function tellAll(title, weights) {
  tellText(plain(title), 'everything', weights.map((w, side) => [weights.length === 2 ? ['before', 'after'][side] : 'total', duration(w.whole)]));
}

/** tellNode tells of a node of a tree. */
export function tellNode(model, graph, node, wholes) {
  const fn = graph.tree.func[node];
  const figures = [];
  graph.weights.forEach((w, side) => {
    const of = graph.weights.length === 2 ? [' before', ' after'][side] : '';
    if (!graph.bare) figures.push([`own${of}`, duration(w.own[node] ?? 0)]);
    figures.push([`total${of}`, `${duration(w.total[node] ?? 0)}, ${percent((w.total[node] ?? 0) / (wholes[side] || 1))}`]);
  });
  if (graph.weights.length === 2) figures.push(['change', change(graph.weights[0].total[node] ?? 0, graph.weights[1].total[node] ?? 0)]);
  if (graph.facts) figures.push(...factsOfNode(graph.facts, node));
  const sure = graph.sure ? SURENESS[graph.sure[node]] : null;
  tellText(shownName(model.functions, fn), place(model.functions, fn, false), figures, sure);
}

/** tellFunction tells of a function, whoever called it. */
export function tellFunction(model, figures, weights, fn) {
  const list = [];
  figures.forEach((f, side) => {
    const of = figures.length === 2 ? [' before', ' after'][side] : '';
    list.push([`own${of}`, duration(f.own[fn])], [`cumulative${of}`, `${duration(f.total[fn])}, ${percent(f.total[fn] / (weights[side].whole || 1))}`]);
  });
  if (figures.length === 2) list.push(['change', change(figures[0].total[fn], figures[1].total[fn])]);
  if (figures.length === 1 && figures[0].interval) list.push(['within', interval(figures[0].interval('total', fn))]);
  if (figures.length === 1 && figures[0].calls) list.push(['calls', whole(figures[0].calls[fn])]);
  tellText(shownName(model.functions, fn), place(model.functions, fn, false), list);
}

function factsOfNode(facts, node) {
  const list = [['calls', whole(facts.calls[node])]];
  if (facts.sure[node]) list.push(['between', `${duration(facts.low[node])} and ${duration(facts.high[node])}`]);
  if (facts.hidden[node] > 0) list.push(['not drawn', duration(facts.hidden[node])]);
  return list;
}

function change(before, after) {
  return `${gained(after - before)} (${changed(before, after)})`;
}

/** tellText tells of something by a name, a place, figures and how sure they are. */
export function tellText(name, where, figures, sure) {
  byId('detail-name').textContent = name;
  byId('detail-name').title = name.length > 40 ? name : '';
  byId('detail-place').textContent = sure ? `${where} · ${sure}, ${SURE_MEANS[sure]}` : where;
  byId('detail-figures').replaceChildren(...figures.map(([term, value]) => {
    const pair = element('div');
    pair.append(element('dt', '', term), element('dd', '', value));
    return pair;
  }));
}

/** say tells those who hear the page what the panel shows. */
export function say() {
  const figures = [...byId('detail-figures').children].map((pair) => pair.textContent.replace(/^(\D+?)(?=[\d<+−])/, '$1 ')).join(', ');
  byId('said').textContent = `${byId('detail-name').textContent.slice(0, 200)}. ${figures}`;
}
