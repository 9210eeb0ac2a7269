// The lines of a file and their heat. Where the text is not in the page, the lines that
// have any heat are listed by their numbers.
import { lineFigures } from './figures.js';
import { duration, plain, shortFile } from './format.js';
import { cell, element, List } from './list.js';

export class SourceView {
  /** on has choose(file). */
  constructor(on) {
    this.holder = document.getElementById('source');
    this.select = document.getElementById('file');
    this.note = document.getElementById('file-note');
    this.select.addEventListener('change', () => on.choose(this.files[this.select.value]));
  }

  /** show has the files, hottest first, and one of them; aim is the line that is looked for. */
  show({ model, figures, weights, filter, file, aim }) {
    this.model = model;
    this.files = filesByHeat(model, figures);
    const chosen = this.files.includes(file) ? file : this.files[0];
    this.select.replaceChildren(...this.files.map((name, i) => {
      const option = element('option', '', plain(shortFile(name)));
      option.value = i;
      option.title = plain(name);
      option.selected = name === chosen;
      return option;
    }));
    this.heat = chosen === undefined ? new Map() : lineFigures(model, weights, chosen, filter);
    this.whole = weights.at(-1).whole || 1;
    this.text = model.sources.get(chosen)?.split('\n');
    this.numbers = this.text ? null : [...this.heat.keys()].sort((a, b) => a - b);
    this.aim = chosen === file ? aim : 0;
    this.note.textContent = this.noteOf(model.sides.at(-1), chosen);
    this.list = new List(this.holder, head, (row, i) => this.row(row, i));
    this.list.show(this.text ? this.text.length : this.numbers.length);
    this.holder.scrollTop = 0;
    this.list.reveal(this.rowOf(this.aim || this.hottest()));
    return chosen;
  }

  noteOf(side, chosen) {
    if (chosen === undefined) return 'There is no file in this profile.';
    const notes = [];
    if (!side.sampled) notes.push('An exact profile has times of functions, not of lines: they stand at the first line of each.');
    if (!this.text) notes.push('The text of this file is not in the page; these are the lines that are known.');
    return notes.join(' ');
  }

  hottest() {
    let best = 1;
    let most = -1;
    for (const [line, { own, total }] of this.heat) {
      if (own + total * 1e-6 > most) [best, most] = [line, own + total * 1e-6];
    }
    return best;
  }

  rowOf(line) {
    return Math.max(0, this.text ? line - 1 : this.numbers.indexOf(line));
  }

  row(row, i) {
    const line = this.text ? i + 1 : this.numbers[i];
    const heat = this.heat.get(line);
    for (const seconds of [heat?.own, heat?.total]) {
      const td = cell(row, seconds > 0 ? duration(seconds) : '');
      if (seconds > 0) td.style.backgroundColor = `rgb(var(--heat) / ${(0.06 + 0.5 * Math.min(1, seconds / this.whole) ** 0.6).toFixed(3)})`;
    }
    cell(row, line, 'line');
    cell(row, plain((this.text?.[i] ?? this.functionsAt(line)).replace(/\t/g, '    ').slice(0, 1000)), 'code');
    if (line === this.aim) row.classList.add('aim');
  }

  /** functionsAt names what begins in a line of a file whose text is not there. */
  functionsAt(line) {
    const { functions } = this.model;
    const file = this.files[this.select.value];
    const fn = functions.file.findIndex((name, at) => name === file && functions.line[at] === line);
    return fn < 0 ? '' : functions.name[fn];
  }
}

function head(thead, columns) {
  const row = thead.insertRow();
  for (const [title, kind, hint] of [['own', 'figure', 'time in the line itself'], ['total', 'figure', 'with all that it called'], ['line', 'number', ''], ['', '', '']]) {
    const th = element('th');
    th.scope = 'col';
    const label = element('button', '', title || 'text');
    label.type = 'button';
    label.disabled = true;
    label.title = hint;
    th.append(label);
    row.append(th);
    columns.append(element('col', kind));
  }
}

/** filesByHeat lists the files by the own time of their functions. */
function filesByHeat(model, figures) {
  const own = new Map();
  const { functions } = model;
  const last = figures.at(-1);
  for (let fn = 0; fn < functions.count; fn++) {
    const file = functions.file[fn];
    if (file !== '~' && file !== '' && last.total[fn] > 0) own.set(file, (own.get(file) ?? 0) + last.own[fn]);
  }
  const there = (file) => (model.sources.has(file) ? 1 : 0);
  return [...own.keys()].sort((a, b) => there(b) - there(a) || own.get(b) - own.get(a)).slice(0, 2000);
}
