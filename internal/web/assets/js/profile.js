// The flame page of a profile, in a frame; it comes when it is looked at.
import { at, make } from './page.js';

/** showProfile puts the flame page of runs or of a named file into an element, once. Several runs are a list in the query. */
export function showProfile(element, query) {
  if (element.dataset.shown) return;
  element.dataset.shown = 'yes';
  const behind = new URLSearchParams(query);
  const address = at('/flame') + '?' + behind;
  element.replaceChildren(
    make('iframe', { src: address, title: 'Profile' }),
    make('p', { class: 'muted small' }, make('a', { href: address, textContent: 'The profile on a page of its own' })));
}
