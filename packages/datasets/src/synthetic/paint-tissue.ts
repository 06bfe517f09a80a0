import type { RandomStream } from '@pffnet/structures';
import { cellOutline, type CellOutline, forEachDepth } from './cell-outline.ts';
import { noiseField, smooth } from './noise-field.ts';

// Jest looks globals up slowly, and this happens per pixel.
const { floor, hypot } = Math;

/** Amounts of stain per pixel, [size * size] each, 0 where there is none. */
export interface Stains {
  readonly haematoxylin: Float32Array;
  readonly eosin: Float32Array;
}

/** Pink fibres with gaps, and what resembles nuclei without being any: blurred ones, spindles, debris. */
export function paintTissue(size: number, radius: readonly [number, number], stream: RandomStream): Stains {
  const even = (pixels: number): Float32Array => noiseField(size, { along: pixels, across: pixels, angle: 0 }, stream);
  const angle = Math.PI * stream.uniform();
  const bend = even(40).map((value) => 12 * value);
  const fibres = noiseField(size, { along: 50, across: 6, angle, bend }, stream);
  const threads = noiseField(size, { along: 20, across: 2.5, angle, bend }, stream);
  const [clouds, veil, grain] = [even(30), even(22), even(2)];
  const gaps = noiseField(size, { along: 45, across: 22, angle, bend }, stream); // they open between fibres
  const haematoxylin = new Float32Array(size * size);
  const eosin = new Float32Array(size * size);
  for (let pixel = 0; pixel < size * size; pixel++) {
    const open = smooth((gaps[pixel] + 0.15 * clouds[pixel] - 0.5) / 0.2); // 1 where there is no tissue
    const body = 0.36 + 0.1 * fibres[pixel] + 0.09 * threads[pixel] + 0.08 * clouds[pixel] + 0.04 * grain[pixel];
    eosin[pixel] = body * (1 - 0.85 * open);
    haematoxylin[pixel] = (0.13 + 0.14 * veil[pixel] + 0.04 * grain[pixel]) * (1 - 0.8 * open);
  }
  const stains = { haematoxylin, eosin };
  paintLookalikes(stains, size, radius, stream);
  return stains;
}

/** Puts nuclei on tissue, each over the ones before it, then lets the stain vary over the image. */
export function paintCells(
  { haematoxylin, eosin }: Stains,
  outlines: readonly CellOutline[],
  size: number,
  stream: RandomStream,
): void {
  const chromatin = noiseField(size, { along: 2.6, across: 2.6, angle: 0 }, stream);
  const clumps = noiseField(size, { along: 5, across: 5, angle: 0 }, stream);
  for (const outline of outlines) {
    const strength = 0.5 + 0.75 * stream.uniform();
    const pale = stream.uniform() < 0.45; // a nucleus with little inside and a dark membrane
    const halo = stream.uniform() < 0.3;
    const texture = 0.12 + 0.25 * stream.uniform();
    const nucleoli = Array.from({ length: stream.integer(3) }, () => spotIn(outline, size, stream));
    forEachDepth(outline, size, 3.5, (pixel, depth) => {
      if (depth < -0.8) {
        // Outside: shrinkage leaves a lighter ring.
        const lightened = halo ? 1 - 0.5 * smooth((depth + 3.5) / 2) : 1;
        haematoxylin[pixel] *= lightened;
        eosin[pixel] *= lightened;
        return;
      }
      const covering = 0.92 * smooth((depth + 0.8) / 1.6);
      const membrane = 1 - smooth((depth - 0.5) / 2);
      let amount = strength * (1 + texture * (chromatin[pixel] + 0.8 * clumps[pixel]));
      amount *= pale ? 0.55 + 0.55 * membrane : 0.95 + 0.15 * membrane;
      for (const spot of nucleoli) amount += 0.5 * strength * smooth(1.6 - distance(spot, pixel, size));
      haematoxylin[pixel] += covering * (amount - haematoxylin[pixel]);
      eosin[pixel] += covering * (0.6 * eosin[pixel] + 0.08 - eosin[pixel]);
    });
  }
  const uneven = noiseField(size, { along: 60, across: 60, angle: 0 }, stream);
  for (let pixel = 0; pixel < haematoxylin.length; pixel++) {
    haematoxylin[pixel] *= 1 + 0.35 * uneven[pixel];
    eosin[pixel] *= 1 - 0.2 * uneven[pixel];
  }
}

/** About as many in each area, whatever the image's size. */
function paintLookalikes(
  { haematoxylin, eosin }: Stains,
  size: number,
  radius: readonly [number, number],
  stream: RandomStream,
): void {
  const areas = (size / 128) ** 2;
  const howMany = (mean: number): number => floor(areas * mean * 2 * stream.uniform() + 0.5);
  const somewhere = (): [number, number] => [size * stream.uniform(), size * stream.uniform()];
  for (let blurred = howMany(4); blurred > 0; blurred--) {
    // A nucleus above or below the plane of focus: no edge.
    const reach = radius[1] * (0.8 + 0.6 * stream.uniform());
    const strength = 0.35 + 0.4 * stream.uniform();
    forEachDepth(cellOutline(...somewhere(), reach, stream), size, 0, (pixel, depth) => {
      haematoxylin[pixel] += strength * smooth(depth / reach);
    });
  }
  for (let spindle = howMany(3); spindle > 0; spindle--) {
    // A thread of dark fibre, far thinner than a nucleus.
    const [y, x] = somewhere();
    const angle = Math.PI * stream.uniform();
    const half = 5 + 6 * stream.uniform();
    for (let along = -half; along <= half; along += 0.5) {
      const [row, column] = [floor(y + along * Math.sin(angle)), floor(x + along * Math.cos(angle))];
      if (row < 0 || row >= size || column < 0 || column >= size) continue;
      const pixel = row * size + column;
      haematoxylin[pixel] = Math.max(haematoxylin[pixel], 0.6 * (1 - (along / half) ** 2));
      eosin[pixel] += 0.05;
    }
  }
  for (let speck = howMany(5); speck > 0; speck--) {
    const reach = 1 + stream.uniform();
    forEachDepth(cellOutline(...somewhere(), reach, stream), size, 0.5, (pixel, depth) => {
      haematoxylin[pixel] += 0.7 * smooth(depth + 0.5);
    });
  }
}

interface Spot {
  readonly y: number;
  readonly x: number;
}

function spotIn(outline: CellOutline, size: number, stream: RandomStream): Spot {
  const angle = 2 * Math.PI * stream.uniform();
  const [dy, dx] = [Math.sin(angle), Math.cos(angle)];
  const away = 0.6 * stream.uniform() * outline.radiusTowards(dy, dx);
  return { y: Math.min(size, outline.y + away * dy), x: Math.min(size, outline.x + away * dx) };
}

function distance({ y, x }: Spot, pixel: number, size: number): number {
  return hypot(floor(pixel / size) + 0.5 - y, (pixel % size) + 0.5 - x);
}
