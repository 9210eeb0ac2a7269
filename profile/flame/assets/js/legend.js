// The legend of the help: what the colours and the patterns of boxes mean.
import { Look } from './look.js';
import { element } from './list.js';

/** drawLegend draws it in the colours of the theme, as far as the profile has what it tells of. */
export function drawLegend(colours, model) {
  const entries = model.sides.length === 2 ? compared(colours) : owners(colours);
  entries.push([colours.found, 'found by the search'], [colours.narrow, 'several boxes, each too narrow to draw: zoom in']);
  if (model.facts) {
    entries.push([colours.program[1], 'known: nothing else calls it', 0], [colours.program[1], 'bounded: this path was taken, for so long at most', 1], [colours.program[1], 'guessed: the file holds who called whom, not along which paths', 2]);
  }
  document.getElementById('legend').replaceChildren(...entries.map((entry) => line(colours, ...entry)));
}

function owners(colours) {
  return [[colours.program[1], 'of the program'], [colours.library[1], 'of a library'], [colours.interpreter[1], 'built in, or native']];
}

function compared(colours) {
  return [[colours.more[3], 'takes much longer'], [colours.more[0], 'takes a little longer'], [colours.same, 'as before'], [colours.less[0], 'takes a little less'], [colours.less[3], 'takes much less']];
}

function line(colours, colour, text, sure = 0) {
  const row = element('div');
  const canvas = element('canvas');
  canvas.width = 52;
  canvas.height = 32;
  const context = canvas.getContext('2d');
  context.fillStyle = colour;
  context.fillRect(0, 0, 52, 32);
  const look = new Look({}, colours);
  look.of({ sure: [sure] });
  const pattern = look.pattern(context, 0);
  if (pattern) {
    context.fillStyle = pattern;
    context.fillRect(0, 0, 52, 32);
  }
  row.append(canvas, element('span', '', text));
  return row;
}
