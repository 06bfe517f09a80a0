import { type Dataset, readSplit, selectFold } from '@pffnet/datasets';
import { ConfigError, DataError, randomStream, shuffle } from '@pffnet/tensor-ops/structures';
import { counted } from './counted.ts';

/** Which images are for what. */
export interface Parts {
  readonly train: readonly string[];
  readonly validation: readonly string[];
  readonly test: readonly string[];
}

/** The options of `train` that divide a data set. */
export interface DivisionOptions {
  readonly data: string;
  readonly split?: string;
  readonly column: string;
  readonly fold?: string;
  readonly validation: number;
}

/** Keeps one fold for the test and draws validation images from the rest. */
export async function divideImages({ names }: Dataset, options: DivisionOptions, seed: number): Promise<Parts> {
  const { split, fold, column } = options;
  if ((split === undefined) !== (fold === undefined)) {
    throw new ConfigError(
      '--split and --fold go together: a CSV file, and the value of its column that marks the test images',
    );
  }
  const { train, test } =
    split === undefined || fold === undefined
      ? { train: [...names], test: [] }
      : selectFold(names, await readSplit(split, column), fold);
  if (options.validation >= train.length) {
    throw new DataError(
      `${options.data}: ${counted(train.length, 'training image')}, of which --validation ${options.validation} leaves none to learn from; add images, or choose fewer with --validation`,
    );
  }
  const order = shuffle([...train], randomStream(seed, 'validation'));
  const validation = order.slice(0, options.validation).sort();
  return { train: train.filter((name) => !validation.includes(name)), validation, test };
}
