// A file of values: the pictures of its arrays are drawn here, its text is in the page. A profile is shown as one.
import { get } from './page.js';
import { drawPicture } from './picture.js';
import { showProfile } from './profile.js';

const query = Object.fromEntries(new URLSearchParams(location.search));
const figures = [...document.querySelectorAll('#pictures figure')];
const profile = document.getElementById('profileview');

if (profile) showProfile(profile, query.id ? { run: query.id } : { place: query.place ?? 0 });
if (figures.length) {
  const value = await get('/value.json', query);
  const draw = () => figures.forEach((figure, i) => {
    const canvas = figure.querySelector('canvas');
    if (canvas) drawPicture(canvas, value.pictures[i]);
  });
  draw();
  addEventListener('resize', draw);
  addEventListener('themechange', draw);
}
