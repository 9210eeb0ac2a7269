// How the boxes of one graph look: their colours, labels and patterns, and the scale of time above them.
import { byChange, byOwner } from './colours.js';
import { duration, plain, shownName } from './format.js';
import { ALL } from './layout.js';
import { FIRST_LANE } from './timeline.js';

const TICK_ROOM = 90; // pixels between two figures of the scale

export class Look {
  constructor(model, colours) {
    this.model = model;
    this.colours = colours;
    this.marked = null; // functions that were searched for
    this.labels = new Map();
    this.hatches = new Map();
  }

  /** of takes another graph: a tree with the weights of its nodes for each side, and sure, how sure each is. */
  of(graph) {
    this.graph = graph;
  }

  /** themed takes other colours. */
  themed(colours) {
    this.colours = colours;
    this.hatches.clear();
  }

  found(node) {
    return node >= 0 && this.marked !== null && this.marked[this.graph.tree.func[node]] === 1;
  }

  dim(node) {
    return node >= 0 && this.marked !== null;
  }

  colour(node) {
    if (node < 0) return this.colours.all;
    const { tree, weights } = this.graph;
    if (weights.length === 2) return byChange(this.colours, weights[0].total[node], weights[1].total[node]);
    return byOwner(this.colours, this.model.functions, tree.func[node]);
  }

  label(node) {
    if (node === ALL) return this.graph.title ?? 'all';
    if (node <= FIRST_LANE) {
      const thread = this.model.sides[0].threads[FIRST_LANE - node];
      return plain(`${thread.name}, process ${thread.process}`);
    }
    const fn = this.graph.tree.func[node];
    let label = this.labels.get(fn);
    if (label === undefined) {
      label = shownName(this.model.functions, fn);
      this.labels.set(fn, label);
    }
    return label;
  }

  /** pattern is drawn over nodes that are not sure: lines far apart where bounded, close where guessed. */
  pattern(context, node) {
    const sure = node >= 0 && this.graph.sure ? this.graph.sure[node] : 0;
    if (!sure) return null;
    let hatch = this.hatches.get(sure);
    if (!hatch) {
      hatch = context.createPattern(hatched(sure === 1 ? 12 : 5, this.colours.hatch), 'repeat');
      this.hatches.set(sure, hatch);
    }
    return hatch;
  }

  /** ruler draws the scale of time. */
  ruler(context, flame) {
    const { from, to } = flame.view;
    context.clearRect(0, 0, flame.width, flame.rulerHeight);
    if (!(flame.layout.whole > 0)) return;
    const step = niceStep(((to - from) * TICK_ROOM) / flame.width);
    context.fillStyle = this.colours.ruler;
    for (let n = Math.ceil(from / step); n * step < to; n++) {
      const x = ((n * step - from) / (to - from)) * flame.width;
      context.fillRect(Math.round(x), flame.rulerHeight - 6, 1, 5);
      context.fillText(duration(n * step), x + 4, flame.rulerHeight / 2);
    }
  }
}

/** niceStep is the next 1, 2 or 5 with zeros. */
function niceStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((n) => n * power).find((step) => step >= least);
}

/** hatched is a tile of slanted lines. */
function hatched(size, colour) {
  const tile = document.createElement('canvas');
  tile.width = tile.height = size;
  const context = tile.getContext('2d');
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  for (const shift of [-size, 0, size]) {
    context.moveTo(shift - 1, size + 1);
    context.lineTo(shift + size + 1, -1);
  }
  context.stroke();
  return tile;
}
