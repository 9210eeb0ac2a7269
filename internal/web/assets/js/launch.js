// The form that starts a program: made of the arguments that it declares, checked by the program's own parser.
import { at, make, post } from './page.js';

const $ = (id) => document.getElementById(id);
let spec = null; // the form of the program that is chosen, if it was made

const chosen = () => $('program').selectedOptions[0];

function showWhere() {
  const { where, folder, python } = chosen().dataset;
  $('where').textContent = `${where}, in ${folder}${python ? ', with ' + python : ''}`;
  spec = null;
  $('form').replaceChildren();
  $('answer').replaceChildren();
}

async function read() {
  $('read').disabled = true;
  say('muted', 'Reading its arguments…');
  try {
    spec = await post('/launch/form', { program: $('program').value, line: '' });
    $('answer').replaceChildren();
    $('form').replaceChildren(...parser(spec));
  } catch (error) {
    say('bad', error.message);
  } finally {
    $('read').disabled = false;
  }
}

/** parser makes the fields of a parser, and below them those of the command that is chosen. */
function parser(form) {
  const parts = [];
  if (form.meaning) parts.push(make('p', { textContent: form.meaning }));
  for (const section of form.sections) {
    const fields = make('div', { class: 'fields' }, ...section.fields.map(field));
    parts.push(make('fieldset', {}, make('legend', { textContent: section.title || 'arguments' }), fields));
  }
  for (const note of form.notes ?? []) parts.push(make('p', { class: 'muted small', textContent: note }));
  if (form.commands?.length) parts.push(command(form));
  return parts;
}

function command(form) {
  const select = make('select', { 'data-command': 'yes', id: 'command-' + form.program });
  select.append(make('option', { value: '', textContent: form.command_required ? 'choose one' : 'none' }));
  form.commands.forEach((c) => select.append(make('option', { value: c.name, textContent: c.name })));
  const below = make('div', { 'data-below': 'yes' });
  select.addEventListener('change', () => {
    const one = form.commands.find((c) => c.name === select.value);
    below.replaceChildren(...(one ? parser(one.form) : []));
  });
  const label = make('label', { textContent: 'Command', htmlFor: select.id });
  return make('div', { 'data-commands': 'yes' }, make('div', { class: 'field' }, label, select), below);
}

let number = 0;

function field(f) {
  const id = 'field-' + number++;
  const input = control(f, id);
  input.dataset.key = f.key;
  const label = make('label', { htmlFor: id }, make('code', { textContent: f.label }), f.required ? ' *' : '');
  const told = [f.meaning, f.kind === 'flag' ? '' : f.value, f.kind !== 'flag' && f.default !== '-' && f.default !== 'required' ? 'default ' + f.default : ''].filter(Boolean).join(' · ');
  const meaning = make('span', { class: 'muted small', textContent: told, id: id + '-meaning' });
  input.setAttribute('aria-describedby', id + '-meaning');
  if (f.kind === 'flag') return make('div', { class: 'field' }, make('label', { class: 'check', htmlFor: id }, input, make('code', { textContent: f.label })), make('div', {}, meaning));
  return make('div', { class: 'field' }, label, input, meaning);
}

function control(f, id) {
  const plain = { id, autocomplete: 'off', spellcheck: false };
  switch (f.kind) {
    case 'flag':
      return make('input', { id, type: 'checkbox' });
    case 'choice': {
      const none = make('option', { value: '', textContent: f.required ? 'choose one' : `as it is (${f.default})` });
      return make('select', { id }, none, ...f.choices.map((c) => make('option', { value: c, textContent: c })));
    }
    case 'count':
      return make('input', { ...plain, type: 'number', min: 0, max: 100, placeholder: '0' });
    case 'number':
      return make('input', { ...plain, type: 'text', inputMode: 'decimal', placeholder: f.default === 'required' ? '' : f.default });
  }
  const choices = f.choices?.length ? f.choices.join(' ') : '';
  return make('input', { ...plain, type: 'text', placeholder: choices || (f.default === '-' || f.default === 'required' ? '' : f.default) });
}

/** filled gathers what was filled in, in the shape of the form. */
function filled(element) {
  const values = {};
  const below = element.querySelector('[data-below]');
  for (const input of element.querySelectorAll('[data-key]')) {
    if (below?.contains(input)) continue;
    const text = input.type === 'checkbox' ? (input.checked ? 'true' : '') : input.value.trim();
    if (text) values[input.dataset.key] = text;
  }
  const name = element.querySelector('[data-command]')?.value;
  return name ? { values, command: name, sub: filled(below) } : { values };
}

const request = (withForm) => ({ program: $('program').value, line: $('line').value, ...(withForm && spec ? { form: filled($('form')) } : {}) });

function say(kind, text) {
  $('answer').replaceChildren(make('p', { class: 'said ' + kind, textContent: text }));
}

/** tell shows what the program says of the arguments. */
function tell(check) {
  const answer = check.answer;
  if (check.no_parser) say('muted', 'It cannot be asked before it is started: ' + check.no_parser);
  else if (!answer.ended) say('', 'The program takes these arguments.');
  else $('answer').replaceChildren(make('pre', { class: answer.code ? 'bad' : '', textContent: (answer.stdout + answer.stderr + (answer.uncaught ?? '')).trimEnd() }));
}

let typing = null; // set while the line lags behind the form

/** written puts the arguments that the form makes into the line, and shows what the program says of them. */
function written() {
  clearTimeout(typing);
  typing = setTimeout(async () => {
    typing = null;
    try {
      const check = await post('/launch/check', request(true));
      $('line').value = check.line;
      tell(check);
    } catch (error) {
      say('bad', error.message);
    }
  }, 250);
}

async function check() {
  say('muted', 'Asking the program…');
  try {
    tell(await post('/launch/check', request(false)));
  } catch (error) {
    say('bad', error.message);
  }
}

async function start(event) {
  event.preventDefault();
  say('muted', 'Starting…');
  try {
    const started = await post('/launch/start', request(typing !== null));
    if (started.id) location.href = at('/run', { id: started.id });
    else tell(started);
  } catch (error) {
    say('bad', error.message);
  }
}

if ($('launch')) {
  $('program').addEventListener('change', () => {
    $('line').value = '';
    showWhere();
  });
  $('read').addEventListener('click', read);
  $('form').addEventListener('input', written);
  $('check').addEventListener('click', check);
  $('launch').addEventListener('submit', start);
  showWhere();
}
