// The columns of the table: those of pstats, of samples, or of two profiles.
import { changed, duration, gained, interval, percent, shownName, whole } from './format.js';

/** columnsOf lists the columns for the figures of all sides; of a picker only the main ones. */
export function columnsOf(model, figures, weights, brief) {
  const columns = model.sides.length === 2 ? comparedColumns(figures) : model.sides[0].sampled ? sampledColumns(figures[0], weights[0]) : exactColumns(figures[0]);
  columns.push({ key: 'name', title: 'Function', kind: 'text', text: (fn) => shownName(model.functions, fn), names: model.functions.name });
  if (!brief) return columns;
  return columns.filter((column) => column.brief || column.key === 'name').map((column) => ({ ...column, kind: column.kind === 'change' ? 'figure' : column.kind, text: column.short ?? column.text }));
}

function exactColumns(f) {
  const time = (key, title, values, hint, brief) => ({ key, title, hint, brief, kind: 'figure', values, text: (fn) => duration(values[fn]) });
  const each = (sum, calls) => sum.map((seconds, fn) => (calls[fn] > 0 ? seconds / calls[fn] : 0));
  const times = [time('own', 'tottime', f.own, 'time in the function itself', true), time('total', 'cumtime', f.total, 'time with all that it called', true)];
  if (!f.calls) return times;
  return [
    { key: 'calls', title: 'ncalls', hint: 'calls; before the slash all, behind it those not made by recursion', kind: 'figure', values: f.calls, text: (fn) => calls(f, fn) },
    times[0],
    time('ownEach', 'percall', each(f.own, f.calls), 'tottime for each call'),
    times[1],
    time('totalEach', 'percall', each(f.total, f.primitive), 'cumtime for each primitive call'),
  ];
}

function calls(f, fn) {
  return f.calls[fn] === f.primitive[fn] ? whole(f.calls[fn]) : `${whole(f.calls[fn])}/${whole(f.primitive[fn])}`;
}

function sampledColumns(f, { whole: all }) {
  const share = (values) => (fn) => percent(values[fn] / (all || 1));
  const range = (name) => (fn) => interval(f.interval(name, fn));
  return [
    { key: 'own', title: 'own', hint: 'share of samples with the function on top', kind: 'figure', brief: true, values: f.own, text: share(f.own) },
    { key: 'ownRange', title: 'interval', hint: 'the true share is within, in 95 of 100 cases', kind: 'range', values: f.own, text: range('own'), tone: () => 'muted' },
    { key: 'total', title: 'cumulative', hint: 'share of samples with the function on the stack', kind: 'figure', brief: true, values: f.total, text: share(f.total) },
    { key: 'totalRange', title: 'interval', hint: 'the true share is within, in 95 of 100 cases', kind: 'range', values: f.total, text: range('total'), tone: () => 'muted' },
    { key: 'samples', title: 'samples', hint: 'with the function on the stack', kind: 'figure', values: f.samples, text: (fn) => whole(f.samples[fn]) },
  ];
}

function comparedColumns([before, after]) {
  const column = (key, title, values, brief) => ({ key, title, kind: 'figure', brief, values, text: (fn) => duration(values[fn]) });
  const change = (key, title, was, is, brief) => {
    const values = is.map((seconds, fn) => seconds - was[fn]);
    return {
      key, title, hint: 'after less before', kind: 'change', brief, values, size: values.map(Math.abs), short: (fn) => gained(values[fn]),
      text: (fn) => `${gained(values[fn])} (${changed(was[fn], is[fn])})`, tone: (fn) => (values[fn] > 0 ? 'more' : values[fn] < 0 ? 'less' : ''),
    };
  };
  return [
    column('ownBefore', 'own before', before.own), column('own', 'own after', after.own), change('ownChange', 'own change', before.own, after.own, true),
    column('totalBefore', 'cum. before', before.total), column('total', 'cum. after', after.total), change('totalChange', 'cum. change', before.total, after.total),
  ];
}
