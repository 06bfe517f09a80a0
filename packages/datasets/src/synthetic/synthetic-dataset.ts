import { DataError } from '@pffnet/structures';
import { nearestName } from '../nearest-name.ts';
import type { Dataset } from '../sample.ts';
import { syntheticCells, type SyntheticLook } from './synthetic-cells.ts';

/** A data set that is drawn, not read. */
export interface SyntheticDatasetOptions extends Omit<SyntheticLook, 'count'> {
  /** Number of images. */
  readonly count: number;
  readonly seed: number;
  /** Fewest and most cells per image; 8 to 16 on 128 x 128 pixels by default, and as dense on other sizes. */
  readonly cells?: readonly [fewest: number, most: number];
}

/** Synthetic images `synthetic_000`, `synthetic_001`, …; each depends on the seed and its own name alone. */
export function syntheticDataset({ count, seed, cells, ...look }: SyntheticDatasetOptions): Dataset {
  const names = Array.from({ length: count }, (_, index) => `synthetic_${String(index).padStart(3, '0')}`);
  const density = (look.size / 128) ** 2;
  const perImage = cells ?? [Math.round(8 * density), Math.round(16 * density)];
  return {
    names,
    storedBits: [8],
    load: async (name) => {
      if (!names.includes(name)) {
        throw new DataError(`there is no synthetic image ${name}; nearest is ${nearestName(name, names)}`);
      }
      return syntheticCells({ ...look, count: perImage, seed, name });
    },
  };
}
