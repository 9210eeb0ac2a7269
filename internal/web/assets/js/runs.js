// The table of runs: live, filtered, sorted; of many rows only those in sight are in the page.
import { at, listen, make, statusWord, timeText, tone } from './page.js';

const $ = (id) => document.getElementById(id);
const grid = $('grid'), room = $('room'), rows = $('rows');
const known = new Map();
const chosen = new Set(); // the IDs to compare, in the order in which they were chosen
let list = [], sort = { key: 'started', down: true }, current = '';

const ORDER = {
  status: (r) => statusWord(r.status, r.code), name: (r) => r.name, command: (r) => r.command, tags: (r) => r.tags.join(' '),
  wall: wall, code: (r) => r.code, started: (r) => r.started + r.id,
};

function wall(r) {
  return tone(r.status) === 'live' ? (Date.now() - Date.parse(r.started)) / 1000 : r.wall_seconds;
}

/** matcher makes a test of what was typed: words, and status:, tag: and name: in front of words. */
function matcher(text) {
  const tests = text.toLowerCase().split(/\s+/).filter(Boolean).map((word) => {
    const [, key, rest] = /^(?:(status|tag|name):)?(.*)$/.exec(word);
    if (key === 'status') return (r) => r.status.startsWith(rest) || statusWord(r.status, r.code).startsWith(rest);
    if (key === 'tag') return (r) => r.tags.some((t) => t.toLowerCase() === rest);
    if (key === 'name') return (r) => r.name.toLowerCase().includes(rest);
    return (r) => r.text.includes(rest);
  });
  return (r) => tests.every((test) => test(r));
}

/** arrange makes the list anew: after a change, a filter or a sort. */
function arrange() {
  const test = matcher($('filter').value);
  const by = ORDER[sort.key];
  list = [...known.values()].filter(test).map((r) => [by(r), r]);
  list.sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x.id < y.id ? -1 : 1));
  list = list.map(([, r]) => r);
  if (sort.down) list.reverse();
  $('count').textContent = list.length === known.size ? String(known.size) : `${list.length} of ${known.size}`;
  $('empty').hidden = known.size > 0;
  $('nothing').hidden = known.size === 0 || list.length > 0;
  grid.hidden = list.length === 0;
  draw();
}

const height = () => parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--row'));
let tall = height();

/** draw puts the rows that are in sight into the page. */
function draw() {
  room.style.height = list.length * tall + 'px';
  const first = Math.max(0, Math.floor(grid.scrollTop / tall) - 8);
  const last = Math.min(list.length, first + Math.ceil(grid.clientHeight / tall) + 16);
  rows.style.transform = `translateY(${first * tall}px)`;
  rows.replaceChildren(...list.slice(first, last).map(rowOf));
}

function rowOf(r) {
  const box = make('input', { type: 'checkbox', checked: chosen.has(r.id), 'aria-label': 'Select ' + r.id });
  box.addEventListener('change', () => choose(r.id));
  const took = make('span', { class: 'right', role: 'cell', textContent: timeText(wall(r)) });
  if (tone(r.status) === 'live') took.dataset.since = r.started;
  const started = r.started.slice(0, 19).replace('T', ' ');
  const row = make('div', { class: 'grid-row', role: 'row' },
    make('span', { role: 'cell' }, box),
    make('span', { class: 'status', role: 'cell', textContent: statusWord(r.status, r.code), title: r.status, 'data-tone': tone(r.status, r.code) }),
    make('span', { role: 'cell' }, make('a', { href: at('/run', { id: r.id }), textContent: r.name, title: r.id })),
    make('span', { role: 'cell', class: 'wide' }, make('code', { textContent: r.command, title: r.command })),
    make('span', { role: 'cell', class: 'wide' }, ...r.tags.map((t) => make('span', { class: 'tag', textContent: t }))),
    took,
    make('span', { class: 'right mid', role: 'cell', textContent: r.ended ? String(r.code) : '' }),
    make('span', { role: 'cell', class: 'mid' }, make('time', { dateTime: r.started, textContent: started })));
  row.classList.toggle('chosen', chosen.has(r.id));
  row.classList.toggle('current', current === r.id);
  return row;
}

/** choose takes a run for a comparison, or leaves it; of three the oldest choice goes. */
function choose(id) {
  if (!chosen.delete(id)) chosen.add(id);
  if (chosen.size > 2) chosen.delete(chosen.values().next().value);
  const pair = [...chosen].sort();
  const link = $('compare');
  link.setAttribute('aria-disabled', String(pair.length < 2));
  link.textContent = pair.length === 1 ? 'Compare: one more' : 'Compare';
  if (pair.length === 2) link.href = at('/compare', { before: pair[0], after: pair[1] });
  draw();
}

function hear(change) {
  if (change.error) {
    $('count').textContent = change.error;
    return;
  }
  if (change.full) known.clear();
  for (const r of change.runs) {
    r.text = [r.id, r.command, ...r.tags].join('\n').toLowerCase();
    known.set(r.id, r);
  }
  for (const id of change.gone ?? []) {
    known.delete(id);
    chosen.delete(id);
  }
  arrange();
}

/** remember keeps the filter and the order in the address, so that it can be gone back to. */
function remember() {
  const query = new URLSearchParams();
  if ($('filter').value) query.set('filter', $('filter').value);
  if (sort.key !== 'started' || !sort.down) query.set('sort', (sort.down ? '-' : '') + sort.key);
  history.replaceState(null, '', query.size ? '#' + query : location.pathname);
}

function restore() {
  const query = new URLSearchParams(location.hash.slice(1));
  $('filter').value = query.get('filter') ?? '';
  const [, minus, key] = /^(-?)(\w+)$/.exec(query.get('sort') ?? '') ?? [];
  if (key in ORDER) sort = { key, down: minus === '-' };
  showSort();
}

function showSort() {
  for (const button of grid.querySelectorAll('[data-sort]')) {
    if (button.dataset.sort === sort.key) button.setAttribute('aria-sort', sort.down ? 'descending' : 'ascending');
    else button.removeAttribute('aria-sort');
  }
}

/** move goes up and down in the table by keys. */
function move(event) {
  if (event.target !== grid) return;
  const place = list.findIndex((r) => r.id === current);
  const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15, Home: -list.length, End: list.length }[event.key];
  if (event.key === 'Enter' && current) location.href = at('/run', { id: current });
  else if (event.key === ' ' && current) choose(current);
  else if (step) {
    const next = Math.max(0, Math.min(list.length - 1, place + (place < 0 && step > 0 ? 1 : step)));
    current = list[next]?.id ?? '';
    const top = next * tall, head = tall;
    if (top < grid.scrollTop) grid.scrollTop = top;
    if (top + tall + head > grid.scrollTop + grid.clientHeight) grid.scrollTop = top + tall + head - grid.clientHeight;
    draw();
  } else return;
  event.preventDefault();
}

grid.addEventListener('scroll', () => requestAnimationFrame(draw), { passive: true });
grid.addEventListener('keydown', move);
grid.addEventListener('click', (event) => {
  const key = event.target.dataset.sort;
  if (!key) return;
  sort = { key, down: sort.key === key ? !sort.down : key === 'started' || key === 'wall' };
  showSort();
  remember();
  arrange();
});
$('filter').addEventListener('input', () => {
  grid.scrollTop = 0;
  remember();
  arrange();
});
$('clear').addEventListener('click', () => {
  $('filter').value = '';
  remember();
  arrange();
});
addEventListener('resize', () => {
  tall = height();
  draw();
});
setInterval(() => {
  for (const cell of rows.querySelectorAll('[data-since]')) cell.textContent = timeText((Date.now() - Date.parse(cell.dataset.since)) / 1000);
}, 500);
restore();
listen('/events/runs', null, hear);
