// What every page needs: elements, addresses, answers of the server, and its events.

const root = document.documentElement.dataset.root;

/** at is the address of a page of ours, with what stands behind the question mark. */
export function at(path, query) {
  const behind = query ? '?' + new URLSearchParams(query) : '';
  return root + path + behind;
}

/** make makes an element. Properties are set as such, "class" and names with a dash as attributes; texts are text, never markup. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === 'class' || name.includes('-')) element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children);
  return element;
}

/** get asks for an answer; what is wrong is an Error with the server's words. */
export async function get(path, query, options) {
  return answer(await fetch(at(path, query), options));
}

/** post does something. */
export async function post(path, body) {
  return answer(await fetch(at(path), { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }));
}

async function answer(response) {
  if (response.status === 403) throw new Error('This cantil view has ended, or was started anew: open the address that it printed.');
  const data = await response.json();
  if (!response.ok) throw new Error(data.error);
  return data;
}

/**
 * listen hears the events of an address while the page is looked at: a hidden one holds no connection, of which browsers have few.
 * It returns what ends it.
 */
export function listen(path, query, heard) {
  let source = null;
  const open = () => {
    if (source || document.hidden) return;
    source = new EventSource(at(path, query));
    source.onmessage = (event) => heard(JSON.parse(event.data));
  };
  const close = () => {
    source?.close();
    source = null;
  };
  const change = () => (document.hidden ? close() : open());
  document.addEventListener('visibilitychange', change);
  open();
  return () => {
    document.removeEventListener('visibilitychange', change);
    close();
  };
}

/** timeText is a time in some six letters, as the command line has it: 0.25s, 12.3s, 1m30s, 2h05m. */
export function timeText(seconds) {
  const total = Math.round(seconds);
  const two = (n) => String(n).padStart(2, '0');
  if (seconds < 0.995) return seconds.toFixed(2) + 's';
  if (seconds < 59.95) return seconds.toFixed(1) + 's';
  if (total < 3600) return `${Math.floor(total / 60)}m${two(total % 60)}s`;
  return `${Math.floor(total / 3600)}h${two(Math.floor(total / 60) % 60)}m`;
}

/** tone is how a status is shown: good, bad, live, or nothing special. */
export function tone(status, code) {
  if (status === 'running' || status === 'starting') return 'live';
  if (status === 'exited') return Number(code) === 0 ? 'good' : 'bad';
  return status === 'elsewhere' ? '' : 'bad';
}

/** statusWord is the word for a status. */
export function statusWord(status, code) {
  if (status !== 'exited') return status;
  return Number(code) === 0 ? 'ok' : 'failed';
}
