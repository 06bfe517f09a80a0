import { randomStream } from '@pffnet/structures';

/**
 * A stand-in for a photograph: noise whose power falls with the square of the frequency, as in natural pictures, mostly
 * shared by the three channels.
 * @returns [side, side, 3] row-major, RGB, 0 to 255; side is a power of two.
 */
export function picture(side: number): Float32Array {
  const stream = randomStream(1, 'picture');
  const grey = octaves(side, () => stream.normal());
  const pixels = new Float32Array(side * side * 3);
  for (let channel = 0; channel < 3; channel++) {
    const tint = octaves(side, () => stream.normal());
    for (let pixel = 0; pixel < side * side; pixel++) {
      pixels[3 * pixel + channel] = Math.min(255, Math.max(0, 115 + 55 * (0.95 * grey[pixel] + 0.3 * tint[pixel])));
    }
  }
  return pixels;
}

/** A sum of smoothly enlarged noise grids, each of unit variance and twice as fine as the last; variance 1 about 0. */
function octaves(side: number, draw: () => number): Float32Array {
  const total = new Float32Array(side * side);
  for (let cells = 1; cells <= side; cells *= 2) {
    const grid = Float32Array.from({ length: (cells + 1) ** 2 }, draw);
    for (let row = 0; row < side; row++) {
      for (let column = 0; column < side; column++) {
        const [y, x] = [(row * cells) / side, (column * cells) / side];
        const [top, left] = [Math.floor(y), Math.floor(x)];
        const [dy, dx] = [y - top, x - left];
        const at = (down: number, right: number): number => grid[(top + down) * (cells + 1) + left + right];
        const upper = at(0, 0) * (1 - dx) + at(0, 1) * dx;
        const lower = at(1, 0) * (1 - dx) + at(1, 1) * dx;
        total[row * side + column] += (upper * (1 - dy) + lower * dy) * Math.sqrt(side / cells);
      }
    }
  }
  const mean = total.reduce((sum, value) => sum + value, 0) / total.length;
  const variance = total.reduce((sum, value) => sum + (value - mean) ** 2, 0) / total.length;
  return total.map((value) => (value - mean) / Math.sqrt(variance));
}
