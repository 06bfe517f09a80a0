import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '@pffnet/structures';
import { pairingName } from '../files/pairing-name.ts';
import { readFailure } from '../files/read-failure.ts';

const lists = [
  { file: 'training.txt', part: 'train' },
  { file: 'validation.txt', part: 'validation' },
  { file: 'test.txt', part: 'test' },
] as const;

/**
 * Reads a split that is given as three lists of image files, one name per line, as BBBC039's `metadata/` is.
 * @returns per image, by its name without ending, `train`, `validation` or `test`.
 * @throws DataError if a list is missing, or an image stands in two of them.
 */
export async function readImageLists(folder: string): Promise<Map<string, string>> {
  const split = new Map<string, string>();
  for (const { file, part } of lists) {
    const path = join(folder, file);
    for (const line of (await readText(path)).split('\n')) {
      const name = pairingName(line.trim());
      if (name === '') continue;
      if (split.has(name)) {
        throw new DataError(
          `${path} names ${name}, which is listed for ${split.get(name)} already; expected each image once; remove one line`,
        );
      }
      split.set(name, part);
    }
  }
  return split;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw readFailure(path, error, `expected the lists ${lists.map(({ file }) => file).join(', ')}`);
  }
}
