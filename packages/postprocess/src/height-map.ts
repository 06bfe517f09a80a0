/** A surface of whole numbers, row-major, such as a distance map turned upside down. */
export interface HeightMap {
  readonly height: number;
  readonly width: number;
  /** [height * width], 0..65535. */
  readonly data: Uint16Array;
}

/** The largest height there is. */
export const HIGHEST = 65535;

/**
 * The same pixels with one more on every side, so that every pixel has eight neighbours.
 * @returns [(height + 2) * (width + 2)], `around` on the rim.
 */
export function withRim({ height, width, data }: HeightMap, around: number): Uint16Array {
  const padded = new Uint16Array((height + 2) * (width + 2)).fill(around);
  for (let y = 0; y < height; y++) {
    padded.set(data.subarray(y * width, (y + 1) * width), (y + 1) * (width + 2) + 1);
  }
  return padded;
}

/** Takes the rim of {@link withRim} away again. */
export function withoutRim<Values extends Uint16Array | Uint32Array>(
  padded: Values,
  into: Values,
  { height, width }: { readonly height: number; readonly width: number },
): Values {
  for (let y = 0; y < height; y++) {
    const from = (y + 1) * (width + 2) + 1;
    into.set(padded.subarray(from, from + width), y * width);
  }
  return into;
}

/** Steps from a pixel to its eight neighbours in reading order, in rows of `stride` pixels. */
export const eightNeighbours = (stride: number): readonly number[] => [
  -stride - 1,
  -stride,
  -stride + 1,
  -1,
  1,
  stride - 1,
  stride,
  stride + 1,
];
