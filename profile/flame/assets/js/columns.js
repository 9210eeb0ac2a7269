// Lists of numbers, as column.go writes them: base64 of varints, seven bits a byte.

/** numbers fills a typed array with the whole numbers of a column and returns it. */
export function numbers(base64, into) {
  const bytes = bytesOf(base64 ?? '');
  let at = 0;
  for (let i = 0; i < into.length; i++) {
    let byte = bytes[at++];
    let value = byte & 127;
    for (let scale = 128; byte > 127; scale *= 128) {
      byte = bytes[at++];
      value += (byte & 127) * scale;
    }
    into[i] = value;
  }
  return into;
}

/** running fills a typed array with the sums of a column's signed differences. */
export function running(base64, into) {
  const raw = numbers(base64, new Float64Array(into.length));
  let sum = 0;
  for (let i = 0; i < into.length; i++) {
    const half = Math.floor(raw[i] / 2);
    sum += raw[i] === half * 2 ? half : -half - 1;
    into[i] = sum;
  }
  return into;
}

/** summed fills a typed array with the sums of a column's differences, none of them negative. */
export function summed(base64, into) {
  numbers(base64, into);
  for (let i = 1; i < into.length; i++) into[i] += into[i - 1];
  return into;
}

function bytesOf(base64) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
