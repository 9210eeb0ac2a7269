// The table of functions: sorted by any column, with a row that is selected.
import { place } from './format.js';
import { cell, element, List } from './list.js';
import { columnsOf } from './measures.js';

const NARROW = 640; // pixels, below which only the main columns have room

export class FunctionTable {
  /** on has select(fn) and sort(key); brief leaves out all but the main columns. */
  constructor(holder, on, brief = false) {
    this.holder = holder;
    this.on = on;
    this.brief = brief;
    this.selected = -1;
    holder.addEventListener('click', (event) => {
      const row = event.target.closest('tr.row');
      if (row) on.select(this.order[row.dataset.at]);
    });
    holder.addEventListener('keydown', (event) => this.key(event));
  }

  /** show lists the functions that have any time, or calls. */
  show({ model, figures, weights, marked, sort, descending, selected }) {
    this.model = model;
    this.marked = marked;
    this.selected = selected;
    this.columns = columnsOf(model, figures, weights, this.brief || window.innerWidth < NARROW);
    this.sorted = this.columns.find((column) => column.key === sort) ?? this.columns.find((column) => column.key === 'ownChange') ?? this.columns.find((column) => column.key === 'own');
    this.descending = descending;
    this.order = this.arranged(figures);
    this.list = new List(this.holder, (head, columns) => this.head(head, columns), (row, i) => this.row(row, i));
    this.list.show(this.order.length);
    if (selected >= 0) this.reveal(selected);
  }

  arranged(figures) {
    const present = [];
    for (let fn = 0; fn < this.model.functions.count; fn++) {
      const there = figures.some((f) => f.total[fn] > 0 || f.own[fn] > 0 || f.calls?.[fn] > 0);
      if (there && (!this.marked || this.marked[fn])) present.push(fn);
    }
    const { names } = this.sorted;
    const values = this.sorted.size ?? this.sorted.values;
    const by = names ? (a, b) => (names[a] < names[b] ? -1 : names[a] > names[b] ? 1 : 0) : (a, b) => values[a] - values[b];
    const way = this.descending ? -1 : 1;
    return present.sort((a, b) => way * by(a, b) || a - b);
  }

  head(head, columns) {
    const row = head.insertRow();
    for (const column of this.columns) {
      const th = element('th');
      th.scope = 'col';
      if (column === this.sorted) th.setAttribute('aria-sort', this.descending ? 'descending' : 'ascending');
      const button = element('button', '', column.title);
      button.type = 'button';
      button.dataset.key = column.key;
      if (column.hint) button.title = column.hint;
      button.addEventListener('click', () => this.on.sort(column.key));
      th.append(button);
      row.append(th);
      columns.append(element('col', column.kind));
    }
  }

  row(row, i) {
    const fn = this.order[i];
    row.setAttribute('aria-selected', fn === this.selected);
    if (this.marked) row.classList.add('found');
    for (const column of this.columns) {
      if (column.key === 'name') continue;
      cell(row, column.text(fn), column.tone?.(fn));
    }
    const last = row.insertCell();
    const where = place(this.model.functions, fn, false);
    last.title = `${this.columns.at(-1).text(fn)} ${where}`;
    last.append(element('span', 'name', this.columns.at(-1).text(fn).slice(0, 300)), element('span', 'place', place(this.model.functions, fn, true)));
  }

  /** select marks a function's row, and shows it. */
  select(fn) {
    this.selected = fn;
    if (this.list) this.reveal(fn);
  }

  reveal(fn) {
    const at = this.order.indexOf(fn);
    if (at >= 0) this.list.reveal(at);
    else this.list.draw();
  }

  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !this.order?.length || event.target !== this.holder) return;
    event.preventDefault();
    const at = this.order.indexOf(this.selected);
    this.on.select(this.order[Math.max(0, Math.min(this.order.length - 1, at < 0 ? 0 : at + step))]);
  }
}
