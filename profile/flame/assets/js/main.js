// The page begins here: it loads the profile and starts what shows it.
import { App } from './app.js';
import { listenToKeys } from './keys.js';
import { load } from './profile.js';

async function main() {
  const model = await load();
  const app = new App(model);
  listenToKeys(app);
  window.addEventListener('hashchange', () => app.readAddress());
  app.readAddress();
  document.documentElement.dataset.ready = 'yes';
}

main().catch((failure) => {
  const empty = document.getElementById('empty');
  empty.hidden = false;
  empty.textContent = `This profile cannot be shown: ${failure.message}`;
  document.documentElement.dataset.ready = 'failed';
  throw failure;
});
