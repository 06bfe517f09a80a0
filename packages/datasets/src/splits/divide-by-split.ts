import { DataError } from '@pffnet/structures';
import { nearestName, someNames } from '../nearest-name.ts';
import type { Split } from './read-split.ts';

/** What the images of a data set are for, each in the order given. */
export interface Division {
  readonly train: string[];
  /** To choose the best weights by; empty unless the split has such a part. */
  readonly validation: string[];
  readonly test: string[];
}

/** Of images that are not learned from, even if others are tested on: `test`, `test_seen`. */
const testPart = /^test/i;
const validationPart = /^val(idation)?$/i;

/**
 * Divides images by a split: those of one part are for testing, those of the part `validation` (or `val`) for choosing
 * the best weights, all others for training, except those of parts whose names begin with `test`.
 * @param names - the data set's images; the split may name more.
 * @param fold - the part to test on, such as 0; by default `test`, or none in a split that names validation images only.
 * @throws DataError if the split leaves an image out, no image belongs to the fold, or it is not clear which is for
 * testing.
 */
export function divideBySplit(names: readonly string[], split: Split, fold?: string | number): Division {
  const unknown = names.filter((name) => !split.has(name));
  if (unknown.length > 0) {
    const [first] = unknown;
    throw new DataError(
      `the split does not mention ${someNames(unknown)}; nearest to ${first} is ${nearestName(first, split.keys())}; expected a line for every image; add it or take another split`,
    );
  }
  const parts = [...new Set(names.map((name) => split.get(name) ?? ''))].sort();
  const tested = fold === undefined ? usualTestPart(parts) : String(fold);
  if (tested !== undefined && !parts.includes(tested)) {
    throw new DataError(`no image belongs to fold ${tested}; expected one of ${parts.join(', ')}`);
  }
  const namesOf = (belongs: (part: string) => boolean): string[] =>
    names.filter((name) => belongs(split.get(name) ?? ''));
  return {
    train: namesOf((part) => part !== tested && !validationPart.test(part) && !testPart.test(part)),
    validation: namesOf((part) => part !== tested && validationPart.test(part)),
    test: namesOf((part) => part === tested),
  };
}

function usualTestPart(parts: readonly string[]): string | undefined {
  const [test, ...others] = parts.filter((part) => testPart.test(part));
  if (test !== undefined && others.length === 0) return test;
  if (test === undefined && parts.some((part) => validationPart.test(part))) return undefined;
  throw new DataError(
    `the split has the parts ${parts.join(', ')}; which one is for the test is not clear; name that fold`,
  );
}
