import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeCells } from './write-data.ts';

/** What a matrix says beside its data sets: PFFNet as small as every branch allows. */
export const tinyMatrix = {
  preset: 'smoke',
  variants: ['pffnet'],
  settings: {
    training: { iterations: 6, validateEvery: 2, patch: { size: 64 } },
    instanceHead: { proposals: { test: { perLevelBeforeNms: 40, perLevelAfterNms: 20, total: 20 } } },
  },
};

/** A data set of one's own, in the folder of its name below that of all data. */
export function ownDataset(name: string) {
  const part = (wanted: string) => ({ folder: name, split: 'split.csv', part: wanted });
  return {
    name,
    division: { kind: 'fixed', train: part('train'), validation: part('validation'), test: part('test') },
  };
}

/**
 * Writes what {@link ownDataset} names: 64 x 64 pixels, two images to learn from, one to validate and three to test.
 * @returns the path of an image to test.
 */
export async function writeOwnDataset(folder: string): Promise<string> {
  const parts = ['train', 'train', 'validation', 'test', 'test', 'test'];
  const samples = await writeCells(folder, { count: parts.length });
  const rows = samples.map(({ name }, at) => `${name},${parts[at]}`);
  writeFileSync(join(folder, 'split.csv'), ['name,part', ...rows].join('\n'));
  return join(folder, 'images', `${samples[5].name}.png`);
}
