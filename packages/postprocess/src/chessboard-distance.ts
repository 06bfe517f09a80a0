import type { LabelMap } from '@pffnet/structures';

/**
 * How far each pixel of an object lies from what is not that object: the larger of the steps along rows and columns to
 * the nearest such pixel, so that border pixels have distance 1. What lies beyond the image is not known and counts for
 * nothing; only an object that fills the whole image is taken to end there.
 * @returns [height * width] whole numbers, 0 on the background.
 * @remarks Exact, in two passes (Rosenfeld and Pfaltz 1968): a nearest way out stays in the object until its last step. As
 * SciPy's `distance_transform_cdt` (metric chessboard) of each object by itself.
 */
export function chessboardDistance({ height, width, data: ids }: LabelMap): Uint16Array {
  const distances = new Uint16Array(height * width).fill(Math.max(height, width));
  const lower = (pixel: number, x: number, across: -1 | 1, hasRow: boolean, row: number): void => {
    const id = ids[pixel];
    if (id === 0) {
      distances[pixel] = 0;
      return;
    }
    let nearest = distances[pixel];
    const look = (neighbour: number): void => {
      nearest = Math.min(nearest, ids[neighbour] === id ? distances[neighbour] + 1 : 1);
    };
    const [hasLeft, hasRight] = [x > 0, x < width - 1];
    if (across < 0 ? hasLeft : hasRight) look(pixel + across);
    if (hasRow) {
      if (hasLeft) look(row - 1);
      look(row);
      if (hasRight) look(row + 1);
    }
    distances[pixel] = nearest;
  };
  for (let pixel = 0, y = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) lower(pixel, x, -1, y > 0, pixel - width);
  }
  for (let pixel = height * width - 1, y = height - 1; y >= 0; y--) {
    for (let x = width - 1; x >= 0; x--, pixel--) lower(pixel, x, 1, y < height - 1, pixel + width);
  }
  return distances;
}
