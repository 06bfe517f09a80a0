import { type Dataset, divideBySplit, type Division, readSplit } from '@pffnet/datasets';
import { ConfigError, DataError, randomStream, shuffle } from '@pffnet/structures';
import { counted } from '@pffnet/pages/text';

/** Which images are for what. */
export interface Parts {
  readonly train: readonly string[];
  readonly validation: readonly string[];
  readonly test: readonly string[];
}

/** The options of `train` that divide a data set. */
export interface DivisionOptions {
  readonly data: string;
  readonly split?: string | undefined;
  readonly column?: string;
  readonly fold?: string;
  readonly validation?: number;
}

/** How many training images choose the best weights by default. */
export const usualValidation = 4;

/**
 * Keeps one fold for the test; the split names the validation images, or they are drawn from the rest. Without a split
 * in the options, the one that came with the data set divides it; without either, every image is learned from.
 */
export async function divideImages(
  dataset: Dataset,
  options: DivisionOptions,
  seed: number,
  say: (line: string) => void = () => undefined,
): Promise<Parts> {
  const split = options.split ?? dataset.split;
  if (split !== options.split) say(`split: ${split}, which came with the data`);
  const division = await divideAsTold(dataset.names, { ...options, split });
  if (division.validation.length > 0) {
    if (options.validation === undefined) return division;
    throw new ConfigError(
      `${split} names ${counted(division.validation.length, 'validation image')}; leave out --validation, or take another --column`,
    );
  }
  const { train, test } = division;
  const count = options.validation ?? usualValidation;
  if (count >= train.length) {
    throw new DataError(
      `${options.data}: ${counted(train.length, 'training image')}, of which --validation ${count} leaves none to learn from; add images, or choose fewer with --validation`,
    );
  }
  const order = shuffle([...train], randomStream(seed, 'validation'));
  const validation = order.slice(0, count).sort();
  return { train: train.filter((name) => !validation.includes(name)), validation, test };
}

async function divideAsTold(names: readonly string[], { split, column, fold }: DivisionOptions): Promise<Division> {
  if (split !== undefined) return divideBySplit(names, await readSplit(split, column, names), fold);
  if (fold === undefined && column === undefined) return { train: [...names], validation: [], test: [] };
  throw new ConfigError('--fold and --column need --split: a CSV file, a folder of lists, or the name of a split');
}
