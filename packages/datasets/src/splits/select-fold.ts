import { DataError } from '@pffnet/tensor-ops/structures';
import { nearestName, someNames } from '../nearest-name.ts';
import type { Split } from './read-split.ts';

/**
 * Divides images by a split: those of one part are for testing, all others for training.
 * @param names - the data set's images; the split may name more.
 * @param fold - the part to test on, such as 0 or `validation`.
 * @returns names in the order given.
 * @throws DataError if the split leaves an image out, or no image belongs to the fold.
 */
export function selectFold(
  names: readonly string[],
  split: Split,
  fold: string | number,
): { train: string[]; test: string[] } {
  const unknown = names.filter((name) => !split.has(name));
  if (unknown.length > 0) {
    const [first] = unknown;
    throw new DataError(
      `the split does not mention ${someNames(unknown)}; nearest to ${first} is ${nearestName(first, split.keys())}; expected a line for every image; add it or take another split`,
    );
  }
  const test = names.filter((name) => split.get(name) === String(fold));
  if (test.length === 0) {
    const parts = [...new Set(names.map((name) => split.get(name)))].sort();
    throw new DataError(`no image belongs to fold ${fold}; expected one of ${parts.join(', ')}`);
  }
  return { train: names.filter((name) => split.get(name) !== String(fold)), test };
}
