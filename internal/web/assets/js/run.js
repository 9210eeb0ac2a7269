// The page of one run: what moves is heard as events.
import { Output } from './output.js';
import { get, listen, make, post, statusWord, tone } from './page.js';
import { showProfile } from './profile.js';

const $ = (id) => document.getElementById(id);
const run = $('run'), id = run.dataset.id;
const output = new Output(id, { log: $('log'), room: $('logroom'), rows: $('logrows'), follow: $('follow') });
let found = [], place = -1;

function showStatus(status, code) {
  $('status').textContent = statusWord(status, code);
  $('status').dataset.tone = tone(status, code);
}

function showFacts(facts) {
  $('facts').replaceChildren(...facts.map((f) => make('div', {}, make('dt', { textContent: f.name }), make('dd', { textContent: f.text }))));
}

/** failed tells an error where it is seen. */
function failed(error) {
  if (error.name === 'AbortError') return;
  $('problem').textContent = error.message;
  $('problem').hidden = false;
}

async function hear(news) {
  if (news.error) return failed(new Error(news.error));
  showFacts(news.facts);
  output.grew().catch(failed);
  if (!news.over) return;
  stopListening();
  if (run.dataset.over === 'true') return;
  run.dataset.over = 'true';
  $('stop').hidden = true;
  const details = await get('/run.json', { id });
  showStatus(details.status, details.code);
  if (details.traceback || details.profile || details.samples || details.kept) {
    $('problem').textContent = 'It has ended: more is kept of it now. ';
    $('problem').className = 'said';
    $('problem').append(make('a', { href: location.href.split('#')[0], textContent: 'Load the page anew' }));
    $('problem').hidden = false;
  }
}

/** showTab shows one part of the page, which the address remembers. */
function showTab(name) {
  const tabs = [...document.querySelectorAll('[role=tab]')];
  if (!tabs.some((tab) => tab.dataset.tab === name)) name = 'output';
  for (const tab of tabs) {
    const on = tab.dataset.tab === name;
    tab.setAttribute('aria-selected', String(on));
    tab.tabIndex = on ? 0 : -1;
    $(tab.dataset.tab).hidden = !on;
  }
  if (name === 'output') output.draw();
  if (name === 'profile') showProfile($('profileview'), { run: id });
}

function tabKeys(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const tabs = [...document.querySelectorAll('[role=tab]')];
  const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
  next.focus();
  next.click();
}

async function search() {
  const text = $('search').value;
  const hits = await output.search(text);
  found = hits.rows;
  place = -1;
  $('previous').disabled = $('next').disabled = found.length === 0;
  $('hits').textContent = text ? `${found.length}${hits.more ? '+' : ''} found` : '';
  if (found.length) step(1);
}

function step(by) {
  if (!found.length) return;
  place = (place + by + found.length) % found.length;
  if (place < 0) place = 0;
  $('hits').textContent = `${place + 1} of ${found.length}`;
  output.show(found[place]);
}

async function tag(add, remove) {
  const { tags } = await post('/run/tag', { id, add, remove });
  $('taglist').replaceChildren(...tags.map((t) => {
    const button = make('button', { type: 'button', textContent: '×', 'data-tag': t, 'aria-label': 'Remove the tag ' + t });
    return make('span', { class: 'tag' }, t + ' ', button);
  }));
}

let typing;
$('search').addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(() => search().catch(failed), 150);
});
$('search').addEventListener('keydown', (event) => {
  if (event.key === 'Enter') step(event.shiftKey ? -1 : 1);
});
$('next').addEventListener('click', () => step(1));
$('previous').addEventListener('click', () => step(-1));
$('follow').addEventListener('change', () => $('follow').checked && output.toEnd());
$('times').addEventListener('change', () => $('log').classList.toggle('timed', $('times').checked));
$('stop').addEventListener('click', async () => {
  $('stop').disabled = true;
  $('stop').textContent = 'Stopping…';
  await post('/run/stop', { id }).catch(failed);
});
$('tags').addEventListener('submit', (event) => {
  event.preventDefault();
  const word = $('newtag').value.trim();
  if (word) tag([word], []).then(() => { $('newtag').value = ''; }, failed);
});
$('taglist').addEventListener('click', (event) => {
  if (event.target.dataset.tag) tag([], [event.target.dataset.tag]).catch(failed);
});
for (const button of document.querySelectorAll('[role=tab]')) {
  button.addEventListener('click', () => {
    history.replaceState(null, '', '#show-' + button.dataset.tab);
    showTab(button.dataset.tab);
  });
  button.addEventListener('keydown', tabKeys);
}
showStatus(run.dataset.status, run.dataset.code);
showTab(location.hash.replace('#show-', ''));
const stopListening = listen('/events/run', { id }, (news) => hear(news).catch(failed));
