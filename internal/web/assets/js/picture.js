// The picture of an array: a curve, or a grid of cells whose lightness is their value.

// The ends and the middle of the scale: light to dark in the light theme, and the other way round, so that much always stands out.
const SCALE = { light: [[240, 237, 229], [217, 118, 31], [58, 20, 4]], dark: [[42, 39, 35], [199, 101, 20], [255, 232, 190]] };

/** drawPicture draws a picture of internal/app into a canvas of its size on the page. */
export function drawPicture(canvas, picture) {
  const ratio = devicePixelRatio || 1;
  canvas.width = canvas.clientWidth * ratio;
  canvas.height = canvas.clientHeight * ratio;
  const style = getComputedStyle(document.documentElement);
  const area = { left: 52 * ratio, top: 10 * ratio, right: canvas.width - 12 * ratio, bottom: canvas.height - 22 * ratio };
  const pen = canvas.getContext('2d');
  const colour = (name) => style.getPropertyValue(name).trim();
  pen.font = `${11 * ratio}px ${colour('--sans')}`;
  if (picture.kind === 'grid') grid(pen, picture, area);
  else line(pen, picture, area, colour, ratio);
  pen.fillStyle = colour('--muted');
  pen.textAlign = 'right';
  pen.textBaseline = 'top';
  pen.fillText(short(picture.most), area.left - 6 * ratio, area.top);
  pen.textBaseline = 'bottom';
  pen.fillText(short(picture.least), area.left - 6 * ratio, area.bottom);
  pen.textBaseline = 'top';
  pen.fillText(String((picture.shape.at(-1) ?? 1) - 1), area.right, area.bottom + 5 * ratio);
  pen.textAlign = 'left';
  pen.fillText('0', area.left, area.bottom + 5 * ratio);
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', `Values from ${short(picture.least)} to ${short(picture.most)}`);
}

const short = (v) => (v === null ? 'nan' : Math.abs(v) >= 1e5 || (v !== 0 && Math.abs(v) < 1e-3) ? v.toExponential(1) : String(+v.toPrecision(4)));

function line(pen, picture, area, colour, ratio) {
  const span = picture.most - picture.least || 1;
  const x = (i) => area.left + ((area.right - area.left) * (i + 0.5)) / picture.width;
  const y = (v) => area.bottom - ((area.bottom - area.top) * (v - picture.least)) / span;
  pen.strokeStyle = colour('--line');
  pen.lineWidth = ratio;
  pen.strokeRect(area.left, area.top, area.right - area.left, area.bottom - area.top);
  pen.strokeStyle = pen.fillStyle = colour('--accent');
  pen.lineWidth = 1.5 * ratio;
  pen.lineJoin = 'round';
  pen.beginPath();
  let down = false;
  for (let i = 0; i < picture.width; i++) {
    const low = picture.low[i], high = picture.high[i];
    if (low === null) {
      down = false; // not a number: the curve has a gap
      continue;
    }
    if (down) pen.lineTo(x(i), y(low));
    else pen.moveTo(x(i), y(low));
    if (high !== low) pen.lineTo(x(i), y(high));
    down = true;
  }
  pen.stroke();
  if (picture.width <= 60) {
    for (let i = 0; i < picture.width; i++) {
      if (picture.low[i] === null) continue;
      pen.beginPath();
      pen.arc(x(i), y(picture.low[i]), 2.5 * ratio, 0, 2 * Math.PI);
      pen.fill();
    }
  }
}

function grid(pen, picture, area) {
  const span = picture.most - picture.least || 1;
  const ends = SCALE[document.documentElement.dataset.tone] ?? SCALE.light;
  const image = new ImageData(picture.width, picture.height);
  picture.cells.forEach((v, i) => {
    const part = v === null ? null : (2 * (v - picture.least)) / span;
    const half = part > 1 ? 1 : 0;
    const colour = part === null ? [127, 127, 127] : ends[half].map((a, c) => a + (ends[half + 1][c] - a) * (part - half));
    image.data.set([...colour, part === null ? 60 : 255], 4 * i);
  });
  const small = new OffscreenCanvas(picture.width, picture.height);
  small.getContext('2d').putImageData(image, 0, 0);
  pen.imageSmoothingEnabled = false;
  const scale = Math.min((area.right - area.left) / picture.width, (area.bottom - area.top) / picture.height);
  area.right = area.left + Math.max(1, picture.width * scale);
  pen.drawImage(small, area.left, area.top, picture.width * scale, picture.height * scale);
}
