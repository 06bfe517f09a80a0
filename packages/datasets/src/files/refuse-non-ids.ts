import { DataError } from '@pffnet/structures';

/**
 * Refuses numbers that are no ids: fractions, negative ones, and those above 2^32 - 1.
 * @throws DataError naming the first such value and its place.
 */
export function refuseNonIds(
  data: ArrayLike<number>,
  { width, channels = 1 }: { readonly width: number; readonly channels?: number },
  path: string,
  expectation: string,
): void {
  for (let at = 0; at < data.length; at++) {
    const id = data[at];
    if (id >= 0 && id <= 0xffffffff && id % 1 === 0) continue;
    const pixel = Math.floor(at / channels);
    throw new DataError(
      `${path} has the value ${id} at row ${Math.floor(pixel / width)}, column ${pixel % width}; ${expectation}; ids are 0, 1, 2, …`,
    );
  }
}
