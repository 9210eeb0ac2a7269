// A table of any length: only the rows in sight are in the document, between two that
// are as high as all those that are not.

/** LINE is the height of a row, as flame.css has it. */
export const LINE = 26;

const SPARE = 12; // rows beyond what is in sight
const MOST_ROWS = 500_000; // browsers have a bound on the height of what they scroll

export class List {
  /** head(thead, colgroup) makes the head; row(tr, i) fills a row. */
  constructor(holder, head, row) {
    this.holder = holder;
    this.row = row;
    this.count = 0;
    this.table = document.createElement('table');
    this.columns = this.table.appendChild(document.createElement('colgroup'));
    this.head = this.table.createTHead();
    this.body = this.table.createTBody();
    holder.replaceChildren(this.table);
    head(this.head, this.columns);
    holder.addEventListener('scroll', () => this.ask());
    new ResizeObserver(() => this.ask()).observe(holder);
  }

  /** show has the list anew, with so many rows. */
  show(count) {
    this.count = Math.min(count, MOST_ROWS);
    this.cut = count - this.count;
    this.draw();
  }

  ask() {
    if (!this.pending) this.pending = requestAnimationFrame(() => this.draw());
  }

  draw() {
    this.pending = 0;
    const height = this.holder.clientHeight || 600;
    const first = Math.max(0, Math.floor(this.holder.scrollTop / LINE) - SPARE);
    const last = Math.min(this.count, first + Math.ceil(height / LINE) + 2 * SPARE);
    const rows = [this.spacer(first)];
    for (let i = first; i < last; i++) {
      const row = document.createElement('tr');
      row.className = 'row';
      row.dataset.at = i;
      this.row(row, i);
      rows.push(row);
    }
    rows.push(this.spacer(this.count - last));
    this.body.replaceChildren(...rows);
  }

  spacer(rows) {
    const row = document.createElement('tr');
    row.className = 'spacer';
    row.setAttribute('aria-hidden', 'true');
    row.style.height = `${rows * LINE}px`;
    return row;
  }

  /** reveal scrolls to a row, unless it is in sight. */
  reveal(i) {
    const { scrollTop, clientHeight } = this.holder;
    const top = i * LINE;
    if (top < scrollTop || top + 2 * LINE > scrollTop + clientHeight) this.holder.scrollTop = Math.max(0, top - clientHeight / 3);
    this.draw();
  }
}

/** cell adds a cell with a text to a row. */
export function cell(row, text, name) {
  const td = row.insertCell();
  td.textContent = text;
  if (name) td.className = name;
  return td;
}

/** element makes an element with a class and a text. */
export function element(tag, name, text) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
}
