// The comparison is in the page; here is the way to have it the other way round, and the difference of two profiles.
import { coloured } from './ansi.js';
import { at } from './page.js';
import { showProfile } from './profile.js';

const query = new URLSearchParams(location.search);
const turned = new URLSearchParams();
query.getAll('after').forEach((id) => turned.append('before', id));
query.getAll('before').forEach((id) => turned.append('after', id));
document.getElementById('swap').href = at('/compare', turned);

const flame = document.getElementById('profileview');
if (flame) showProfile(flame, [['run', query.get('before')], ['run', query.get('after')]]);

// What programs printed has its colours here as well.
for (const line of document.querySelectorAll('.differ div')) {
  if (line.textContent.includes('\x1b')) line.replaceChildren(...coloured(line.textContent));
}
