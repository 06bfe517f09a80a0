import { ConfigError, labelComponents, type LabelMap, type RandomStream } from '@pffnet/structures';
import { cellOutline, type CellOutline, forEachDepth } from './cell-outline.ts';

/** How many cells, how large and how crowded. */
export interface PlacementSpec {
  readonly size: number;
  /** Fewest and most cells. */
  readonly count: readonly [fewest: number, most: number];
  /** Least and greatest radius, pixels. */
  readonly radius: readonly [least: number, greatest: number];
  /** Share of the cells that are put against another one, touching or overlapping it. */
  readonly touching: number;
  /** Pixels of every cell that stay visible. */
  readonly minArea: number;
}

/** Cells in the order of their ids: a later one lies over the earlier ones. */
export interface PlacedCells {
  readonly outlines: readonly CellOutline[];
  readonly labels: LabelMap;
}

interface Scene {
  readonly size: number;
  /** [size * size] ids, a cell's place in `cells` plus 1. */
  readonly data: Uint32Array;
  /** `area` in the image, and how much of it is `visible`, pixels. */
  readonly cells: { readonly outline: CellOutline; readonly area: number; visible: number }[];
}

/** A cell that is covered must keep this share of its area in sight. */
const minVisibleShare = 0.55;
const triesPerSize = 40;
/** Where it is crowded, smaller cells fill the gaps, down to this share of their size. */
const leastShrink = 0.5;

/**
 * Puts cells into a square, so that each stays in sight in one piece.
 * @throws ConfigError if so many cells do not fit.
 */
export function placeCells(spec: PlacementSpec, stream: RandomStream): PlacedCells {
  const { size, count, radius, touching, minArea } = spec;
  const wanted = count[0] + stream.integer(count[1] - count[0] + 1);
  const scene: Scene = { size, data: new Uint32Array(size * size), cells: [] };
  let [tries, shrink] = [0, 1];
  while (scene.cells.length < wanted && shrink >= leastShrink) {
    const cellRadius = shrink * (radius[0] + (radius[1] - radius[0]) * stream.uniform());
    const against = stream.uniform() < touching && scene.cells.length > 0;
    const [y, x] = against
      ? beside(scene.cells[stream.integer(scene.cells.length)].outline, cellRadius, stream)
      : [size * stream.uniform(), size * stream.uniform()];
    if (addCell(scene, cellOutline(y, x, cellRadius, stream), minArea)) tries = 0;
    else if (++tries === triesPerSize) [tries, shrink] = [0, 0.85 * shrink];
  }
  const outlines = scene.cells.map(({ outline }) => outline);
  if (outlines.length < count[0]) {
    throw new ConfigError(
      `syntheticCells: only ${outlines.length} of ${count[0]} cells fit into ${size} x ${size} pixels; expected fewer or smaller cells`,
    );
  }
  return { outlines, labels: { height: size, width: size, data: scene.data } };
}

function beside(anchor: CellOutline, radius: number, stream: RandomStream): [y: number, x: number] {
  const angle = 2 * Math.PI * stream.uniform();
  const [dy, dx] = [Math.sin(angle), Math.cos(angle)];
  // From a clear overlap to a touch.
  const distance = (0.75 + 0.3 * stream.uniform()) * (anchor.radiusTowards(dy, dx) + radius);
  return [anchor.y + distance * dy, anchor.x + distance * dx];
}

/** Lays a cell over the others, unless it or one of them would be hidden too far or cut in two. */
function addCell({ size, data, cells }: Scene, outline: CellOutline, minArea: number): boolean {
  const pixels: number[] = [];
  const covered = new Map<number, number>();
  forEachDepth(outline, size, 0, (pixel) => {
    pixels.push(pixel);
    covered.set(data[pixel], (covered.get(data[pixel]) ?? 0) + 1);
  });
  covered.delete(0);
  const hidden = [...covered].some(([id, count]) => {
    const { area, visible } = cells[id - 1];
    return visible - count < Math.max(minArea, minVisibleShare * area);
  });
  if (hidden || pixels.length < minArea) return false;
  const before = pixels.map((pixel) => data[pixel]);
  const id = cells.length + 1;
  for (const pixel of pixels) data[pixel] = id;
  cells.push({ outline, area: pixels.length, visible: pixels.length });
  if ([id, ...covered.keys()].every((changed) => isOnePiece(data, size, changed, cells[changed - 1].outline))) {
    for (const [other, count] of covered) cells[other - 1].visible -= count;
    return true;
  }
  cells.pop();
  pixels.forEach((pixel, index) => (data[pixel] = before[index]));
  return false;
}

function isOnePiece(data: Uint32Array, size: number, id: number, { y, x, reach }: CellOutline): boolean {
  const [top, left] = [Math.max(0, Math.floor(y - reach)), Math.max(0, Math.floor(x - reach))];
  const height = Math.min(size, Math.ceil(y + reach)) - top;
  const width = Math.min(size, Math.ceil(x + reach)) - left;
  const mask = new Uint8Array(height * width);
  for (let pixel = 0; pixel < mask.length; pixel++) {
    const [row, column] = [Math.floor(pixel / width), pixel % width];
    if (data[(top + row) * size + left + column] === id) mask[pixel] = 1;
  }
  return labelComponents({ height, width, data: mask }, 4).data.every((piece) => piece <= 1);
}
