// The fields above the views: search, focus, ignore, threads, order, widths.
import { plain } from './format.js';
import { element } from './list.js';

const PAUSE = 150; // milliseconds after the last letter, before a search begins

const field = (id) => document.getElementById(id);

export class Controls {
  /** on has changed(patch), with the parts of the state that did. */
  constructor(model, timed, on) {
    this.threads = threadChoices(model);
    field('thread').replaceChildren(...this.threads.map(({ label, key }) => {
      const option = element('option', '', label);
      option.value = key;
      return option;
    }));
    field('thread-label').hidden = this.threads.length < 3;
    field('order-label').hidden = model.sides.length === 2;
    field('order').querySelector('[value=time]').disabled = !timed;
    if (!timed) field('order-label').title = 'This profile does not hold the order of time.';
    field('base-label').hidden = model.sides.length !== 2;
    for (const [id, key] of [['search', 'q'], ['focus', 'focus'], ['ignore', 'ignore']]) this.typed(id, key, on);
    for (const id of ['thread', 'order', 'base']) field(id).addEventListener('change', () => on.changed({ [id]: field(id).value }));
    document.getElementById('controls').addEventListener('submit', (event) => event.preventDefault());
  }

  typed(id, key, on) {
    let timer;
    field(id).addEventListener('input', () => {
      clearTimeout(timer);
      timer = setTimeout(() => on.changed({ [key]: field(id).value }), PAUSE);
    });
    field(id).addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      clearTimeout(timer);
      on.changed({ [key]: field(id).value });
      if (id === 'search') on.step(event.shiftKey ? -1 : 1);
    });
  }

  /** show fills the fields with the state, all but the one that is being typed into. */
  show(state, timed) {
    const values = { search: state.q, focus: state.focus, ignore: state.ignore, thread: state.thread, order: timed ? state.order : 'heavy', base: state.base };
    for (const [id, value] of Object.entries(values)) {
      const input = field(id);
      const wanted = value ?? (input.options ? input.options[0].value : '');
      if (input !== document.activeElement || input.options) input.value = wanted;
    }
  }

  /** wrong marks a field whose expression no one can read. */
  wrong(id, message) {
    field(id).setAttribute('aria-invalid', message ? 'true' : 'false');
    field(id).title = message ?? '';
  }

  found(text) {
    field('found').textContent = text;
  }

  /** chosen says for each side which of its threads are looked at; null for all. */
  chosen(key) {
    return this.threads.find((choice) => choice.key === key)?.threads ?? null;
  }
}

/** threadChoices lists all, each process that has several threads, and each thread. */
function threadChoices(model) {
  const choices = [{ key: '', label: 'all', threads: null }];
  const marks = (test) => model.sides.map((side) => Uint8Array.from(side.threads, (thread) => (test(thread) ? 1 : 0)));
  const processes = [...new Set(model.sides.flatMap((side) => side.threads.map((thread) => thread.process)))];
  for (const process of processes) {
    const names = [...new Set(model.sides.flatMap((side) => side.threads.filter((t) => t.process === process).map((t) => t.name)))];
    if (processes.length > 1 || names.length > 1) choices.push({ key: `p${process}`, label: `process ${process}`, threads: marks((t) => t.process === process) });
    for (const name of names) {
      choices.push({ key: `t${process}/${name}`, label: plain(`${name}${processes.length > 1 ? `, process ${process}` : ''}`), threads: marks((t) => t.process === process && t.name === name) });
    }
  }
  return choices;
}
