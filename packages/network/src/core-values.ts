import type { ImagePart, ImageSize } from './predictor.ts';

/** Numbers of one kind. */
type Numbers = Uint8Array | Uint16Array | Float32Array;

/** What was predicted of each pixel for which a part of an image answers; plain data. */
export interface CoreValues<Values extends Numbers = Numbers> {
  /** Where these pixels lie in the image as it was read: the cores of its parts share it out. */
  readonly core: ImagePart['tile']['core'];
  /** Rows and columns of the image as it was read. */
  readonly whole: ImageSize;
  /** [rows * columns of the core * numbers per pixel]. */
  readonly values: Values;
}

/**
 * Cuts the core of a part out of what was predicted for all of it.
 * @param predicted - at least the part's rows, of `columns` pixels each: padding may follow.
 * @param perPixel - numbers per pixel; 1 by default.
 */
export function cutCore<Values extends Numbers>(
  { tile, whole }: Pick<ImagePart, 'tile' | 'whole'>,
  predicted: Values,
  columns: number,
  perPixel = 1,
): CoreValues<Values> {
  const { core } = tile;
  const width = (core.x2 - core.x1) * perPixel;
  const values = emptyLike(predicted, (core.y2 - core.y1) * width);
  for (let y = core.y1; y < core.y2; y++) {
    const from = ((y - tile.y) * columns + core.x1 - tile.x) * perPixel;
    values.set(predicted.subarray(from, from + width), (y - core.y1) * width);
  }
  return { core, whole, values };
}

/**
 * Joins the cores of all parts of an image.
 * @param create - makes an array of zeros: what an image without parts has too.
 * @param size - of an image without parts.
 * @param perPixel - numbers per pixel; 1 by default.
 */
export function joinCores<Values extends Numbers>(
  parts: readonly CoreValues<Values>[],
  create: (length: number) => Values,
  size: ImageSize,
  perPixel = 1,
): ImageSize & { readonly data: Values } {
  const { height, width } = parts[0]?.whole ?? size;
  const data = create(height * width * perPixel);
  for (const { core, values } of parts) {
    const row = (core.x2 - core.x1) * perPixel;
    for (let y = core.y1; y < core.y2; y++) {
      const from = (y - core.y1) * row;
      data.set(values.subarray(from, from + row), (y * width + core.x1) * perPixel);
    }
  }
  return { height, width, data };
}

/** Zeros of the same kind of numbers. */
const emptyLike = <Values extends Numbers>(values: Values, length: number): Values =>
  new (values.constructor as new (length: number) => Values)(length);
