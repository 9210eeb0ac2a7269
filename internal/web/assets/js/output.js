// The output of a run: a million rows, of which those in sight are fetched and shown; it can be followed and searched.
import { coloured } from './ansi.js';
import { get, make } from './page.js';

const TALL = 18; // pixels of a row, as in parts.css
const PART = 400; // rows that are fetched at a time
const MOST_PARTS = 60; // that are kept
const MOST_PIXELS = 8e6; // browsers cannot scroll further exactly; beyond it the bar stands for more than a pixel a pixel

/** Output shows the output of one run in the elements of the page. */
export class Output {
  constructor(id, elements) {
    this.id = id;
    Object.assign(this, elements); // log, room, rows, follow
    this.total = 0;
    this.first = 0; // the row at the top
    this.parts = new Map(); // by number; each a promise of rows, or rows
    this.hits = new Set();
    this.here = -1;
    this.over = false;
    this.log.addEventListener('scroll', () => this.scrolled(), { passive: true });
    addEventListener('resize', () => this.draw());
  }

  get visible() { return Math.max(1, Math.floor(this.log.clientHeight / TALL)); }
  get pixels() { return Math.min(this.total * TALL, MOST_PIXELS); }
  get scale() { return this.total * TALL > MOST_PIXELS ? (this.total - this.visible) / Math.max(1, MOST_PIXELS - this.log.clientHeight) : 1 / TALL; }

  /** grew fetches how much there is by now. */
  async grew() {
    if (this.counting) {
      this.again = true;
      return;
    }
    this.counting = true;
    try {
      do {
        this.again = false;
        const part = await get('/output.json', { id: this.id, from: -1, count: PART });
        this.take(part);
        this.again ||= part.more;
      } while (this.again);
    } finally {
      this.counting = false;
    }
  }

  take(part) {
    const before = this.total;
    this.total = part.total;
    this.over = part.over;
    this.parts.delete(Math.floor(Math.max(0, before - 1) / PART)); // what was the last part has more now
    this.parts.delete(Math.floor(Math.max(0, part.total - 1) / PART));
    this.tail = { from: part.from, rows: part.rows };
    this.room.style.height = this.pixels + 'px';
    if (this.follow.checked) this.toEnd();
    this.draw();
  }

  toEnd() { this.log.scrollTop = this.log.scrollHeight; }

  /** show brings a row into the middle. */
  show(row) {
    this.here = row;
    this.follow.checked = false;
    this.log.scrollTop = Math.max(0, (row - this.visible / 2) / this.scale);
    this.draw();
  }

  scrolled() {
    const end = this.log.scrollTop + this.log.clientHeight >= this.log.scrollHeight - TALL;
    if (this.follow.checked && !end && this.log.scrollTop < (this.lastTop ?? 0)) this.follow.checked = false; // a person went up
    this.lastTop = this.log.scrollTop;
    requestAnimationFrame(() => this.draw());
  }

  /** draw shows the rows in sight; those that are not here yet have their room, and come. */
  draw() {
    const top = this.log.scrollTop;
    const exact = this.scale === 1 / TALL;
    const first = Math.max(0, Math.floor(top * this.scale) - (exact ? 10 : 0));
    const last = Math.min(this.total, Math.ceil(top * this.scale) + this.visible + 12);
    const list = [];
    for (let n = first; n < last; n++) list.push(this.element(n));
    this.rows.style.transform = `translateY(${exact ? first * TALL : top}px)`;
    this.rows.replaceChildren(...list);
    if (this.total === 0) {
      this.rows.replaceChildren(make('div', { class: 'log-empty', textContent: this.over ? 'It printed nothing.' : 'Nothing printed yet.' }));
    }
  }

  element(n) {
    const row = this.row(n);
    const element = make('div', { class: 'log-row ' + (row?.stream ?? '') }, make('span', { class: 'n', textContent: String(n + 1) }));
    if (!row) return element;
    element.append(make('span', { class: 't', textContent: row.at.toFixed(3) + ' s' }), make('span', {}, ...coloured(row.text)));
    element.classList.toggle('hit', this.hits.has(n));
    element.classList.toggle('here', this.here === n);
    return element;
  }

  /** row is a row that is here; one that is not is fetched. */
  row(n) {
    if (this.tail && n >= this.tail.from) return this.tail.rows[n - this.tail.from];
    const number = Math.floor(n / PART);
    const part = this.parts.get(number);
    if (part) return part.rows?.[n - number * PART];
    this.fetch(number);
    return undefined;
  }

  async fetch(number) {
    const part = {};
    this.parts.set(number, part);
    for (const old of this.parts.keys()) {
      if (this.parts.size <= MOST_PARTS) break;
      this.parts.delete(old); // the one that was fetched first
    }
    try {
      part.rows = (await get('/output.json', { id: this.id, from: number * PART, count: PART })).rows;
      this.draw();
    } catch {
      this.parts.delete(number); // the next look asks again
    }
  }

  /** search finds the rows with a text; the answer has the numbers and whether there are more. */
  async search(text) {
    this.searching?.abort();
    this.searching = new AbortController();
    const found = text ? await get('/search.json', { id: this.id, text }, { signal: this.searching.signal }) : { rows: [], more: false };
    this.hits = new Set(found.rows);
    this.here = -1;
    this.draw();
    return found;
  }
}
