import { type LabelMap, type RgbImage, type RgbPixels, ShapeError } from '@pffnet/structures';
import { adjacentColours } from './adjacent-colours.ts';
import type { Colour } from './colour-difference.ts';

/** What an overlay shows besides the objects, and how. */
export interface OverlayOptions {
  /** Width of the lines in pixels, drawn on the inside of each object; 1 by default. */
  readonly thickness?: number;
  /** A second label map, all in one colour and beneath the first. */
  readonly truth?: LabelMap;
  /** Green by default. */
  readonly truthColour?: Colour;
}

/**
 * Draws the outline of every object on an image, neighbours in different colours.
 * @returns a new image, in bytes if the given one is; an object's line covers those of its pixels that are within `thickness` of anything else.
 * @throws ShapeError if image and label maps differ in size.
 */
export function overlay(image: RgbImage, labels: LabelMap, options?: OverlayOptions): RgbImage;
export function overlay(image: RgbPixels, labels: LabelMap, options?: OverlayOptions): RgbPixels;
export function overlay(image: RgbPixels, labels: LabelMap, options: OverlayOptions = {}): RgbPixels {
  const { height, width } = image;
  return { height, width, data: overlayRows(image, labels, options)(0, height) };
}

/**
 * {@link overlay} in parts, for images of which there is no room for another one.
 * @returns a function of rows `begin` to `end` that gives them, [(end - begin) * width * 3], of the image's type.
 * @throws ShapeError if image and label maps differ in size.
 */
export function overlayRows(
  image: RgbPixels,
  labels: LabelMap,
  { thickness = 1, truth, truthColour = [0, 255, 0] }: OverlayOptions = {},
): (begin: number, end: number) => RgbPixels['data'] {
  for (const map of truth === undefined ? [labels] : [labels, truth]) {
    if (map.height !== image.height || map.width !== image.width) {
      throw new ShapeError(
        `overlay: expected label maps of ${image.height} x ${image.width}, got ${map.height} x ${map.width}`,
      );
    }
  }
  const colours = adjacentColours(labels, image);
  return (begin, end) => {
    const rows = image.data.subarray(begin * image.width * 3, end * image.width * 3);
    const data = rows instanceof Float32Array ? rows.slice() : Uint8ClampedArray.from(rows);
    if (truth !== undefined) drawOutlines({ data, begin, end }, truth, thickness, () => truthColour);
    drawOutlines({ data, begin, end }, labels, thickness, (id) => colours.get(id) ?? truthColour);
    return data;
  };
}

/** The pixels of some rows. */
interface Rows {
  readonly data: RgbPixels['data'];
  readonly begin: number;
  readonly end: number;
}

function drawOutlines(
  { data, begin, end }: Rows,
  labels: LabelMap,
  thickness: number,
  colourOf: (id: number) => Colour,
): void {
  for (let y = begin, pixel = begin * labels.width; y < end; y++) {
    for (let x = 0; x < labels.width; x++, pixel++) {
      const id = labels.data[pixel];
      if (id === 0 || !isNearEdge(labels, y, x, thickness)) continue;
      data.set(colourOf(id), (pixel - begin * labels.width) * 3);
    }
  }
}

/** Whether another object, background or the outside of the image lies within `reach` steps up, down, left or right. */
function isNearEdge({ height, width, data }: LabelMap, y: number, x: number, reach: number): boolean {
  const id = data[y * width + x];
  for (let dy = -reach; dy <= reach; dy++) {
    const span = reach - (dy < 0 ? -dy : dy);
    for (let dx = -span; dx <= span; dx++) {
      const row = y + dy;
      const column = x + dx;
      if (row < 0 || row >= height || column < 0 || column >= width || data[row * width + column] !== id) return true;
    }
  }
  return false;
}
