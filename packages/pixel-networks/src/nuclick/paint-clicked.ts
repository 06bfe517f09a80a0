import type { Click, ImageSize } from '@pffnet/network';
import { dropSmallObjects } from '@pffnet/postprocess';
import { labelComponents, type LabelMap, labelMap } from '@pffnet/structures';
import type { CropPlace } from './click-crop.ts';
import type { NuclickRule } from './config.ts';

/** The mask that was predicted at a click. */
export interface ClickedMask {
  /** Which of the clicks of the image it is. */
  readonly click: number;
  readonly at: Click;
  readonly place: CropPlace;
  /** [side * side] that pixels belong to the clicked object. */
  readonly probabilities: Float32Array;
}

/** Holes of fewer pixels are filled, as in the authors' code (sources.md row 48). */
const SMALLEST_HOLE = 30;

/**
 * Paints the objects at clicks: of each mask the connected region above the probability that holds its click, with small holes
 * filled. Two clicks, each in the mask of the other, are on one object: the first counts. Where masks overlap, the larger
 * probability decides.
 * @returns ids in the order of the clicks.
 */
export function paintClicked(
  masks: readonly ClickedMask[],
  { height, width }: ImageSize,
  { minProbability, minArea }: Pick<NuclickRule, 'minProbability' | 'minArea'>,
): LabelMap {
  const sorted = [...masks].sort((a, b) => a.click - b.click);
  const shapes = sorted.map((mask) => shapeOf(mask, minProbability));
  const holds = (index: number, { y, x }: Click): boolean => {
    const { place } = sorted[index];
    const [row, column] = [Math.floor(y) - place.y, Math.floor(x) - place.x];
    if (row < 0 || column < 0 || row >= place.side || column >= place.side) return false;
    return shapes[index][row * place.side + column] === 1;
  };
  const labels = labelMap(height, width);
  const surest = new Float32Array(height * width);
  const painted: number[] = [];
  sorted.forEach(({ at, place, probabilities }, index) => {
    if (painted.some((other) => holds(other, at) && holds(index, sorted[other].at))) return;
    painted.push(index);
    for (let pixel = 0; pixel < shapes[index].length; pixel++) {
      const [y, x] = [place.y + Math.floor(pixel / place.side), place.x + (pixel % place.side)];
      if (shapes[index][pixel] === 0 || y < 0 || x < 0 || y >= height || x >= width) continue;
      if (labels.data[y * width + x] !== 0 && probabilities[pixel] <= surest[y * width + x]) continue;
      surest[y * width + x] = probabilities[pixel];
      labels.data[y * width + x] = index + 1;
    }
  });
  return dropSmallObjects(labels, minArea);
}

/** The connected region of a mask that holds its click, small holes filled; nothing where the click is below the threshold. */
function shapeOf({ at, place, probabilities }: ClickedMask, minProbability: number): Uint8Array {
  const { side } = place;
  const above = Uint8Array.from(probabilities, (probability) => (probability > minProbability ? 1 : 0));
  const regions = labelComponents({ height: side, width: side, data: above }, 8).data;
  const own = regions[(Math.floor(at.y) - place.y) * side + Math.floor(at.x) - place.x];
  if (own === 0) return new Uint8Array(side * side);
  const outside = Uint8Array.from(regions, (region) => (region === own ? 0 : 1));
  const holes = labelComponents({ height: side, width: side, data: outside }, 4).data;
  const areas = new Map<number, number>();
  for (const hole of holes) areas.set(hole, (areas.get(hole) ?? 0) + 1);
  return Uint8Array.from(regions, (region, pixel) =>
    region === own || (areas.get(holes[pixel]) ?? 0) < SMALLEST_HOLE ? 1 : 0,
  );
}
