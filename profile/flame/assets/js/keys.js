// Keys of the whole page, and the tabs. What a graph or a list does with keys is theirs.

const VIEWS = ['flame', 'sandwich', 'table', 'source'];

/** listenToKeys does what keys say, unless they are typed into a field. */
export function listenToKeys(app) {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.getElementById('help').open) return;
    const typing = event.target.matches('input, select, textarea');
    if (typing && event.key !== 'Escape') return;
    if (typing) {
      leave(event.target);
      return;
    }
    if (press(app, event.key)) event.preventDefault();
  });
  listenToTabs(app);
  listenToHelp();
}

/** leave goes back to what is shown. */
export function leave(field) {
  field.blur();
  document.querySelector('main > section:not([hidden])')?.querySelector('[tabindex="0"]')?.focus();
}

function press(app, key) {
  const number = Number(key);
  if (number >= 1 && number <= VIEWS.length) return app.go(VIEWS[number - 1]) || true;
  const actions = {
    '/': () => document.getElementById('search').select(),
    '?': () => document.getElementById('help').showModal(),
    n: () => app.step(1),
    N: () => app.step(-1),
    s: () => app.go('sandwich'),
    l: () => app.toSource(),
    f: () => app.restrict('focus'),
    x: () => app.restrict('ignore'),
    c: () => app.clear(),
    o: () => app.turnOrder(),
    t: () => app.turnTheme(),
    Escape: () => app.out(),
    Enter: () => app.zoomSelected(),
  };
  actions[key]?.();
  return key in actions;
}

function listenToTabs(app) {
  const tabs = [...document.querySelectorAll('[role=tab]')];
  tabs.forEach((tab, i) => {
    tab.addEventListener('click', () => app.go(tab.dataset.view));
    tab.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = tabs[(i + step + tabs.length) % tabs.length];
      app.go(next.dataset.view);
      next.focus();
      event.preventDefault();
    });
  });
}

function listenToHelp() {
  const help = document.getElementById('help');
  document.getElementById('help-open').addEventListener('click', () => help.showModal());
  help.addEventListener('click', (event) => {
    if (event.target === help) help.close();
  });
}
