import { mkdir } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { randomStream } from '@pffnet/structures';
import { temporaryFolder } from '../test/temporary-folder.ts';
import {
  augment,
  fullAugmentation,
  openDataset,
  overlay,
  randomPatch,
  readImage,
  syntheticCells,
  writeImage,
  writeLabelMap,
} from './index.ts';

const folder = temporaryFolder().path('readme');

test('the example of the README runs', async () => {
  // example
  const cells = syntheticCells({ size: 128, count: [8, 16], seed: 1 });
  await mkdir(join(folder, 'images'), { recursive: true });
  await mkdir(join(folder, 'labels'));
  await writeImage(join(folder, 'images', 'cells.png'), cells.image);
  await writeLabelMap(join(folder, 'labels', 'cells.png'), cells.labels);

  const dataset = await openDataset(folder);
  const sample = await dataset.load('cells');
  const patch = randomPatch(sample, 64, randomStream(1, 'patches'));
  const variant = augment(patch, fullAugmentation, randomStream(1, 'augmentation'));
  await writeImage(join(folder, 'outlines.png'), overlay(variant.image, variant.labels));
  // end of example
  expect(sample).toEqual({ ...cells, name: 'cells' });
  expect(await readImage(join(folder, 'outlines.png'))).toMatchObject({ height: 64, width: 64 });
});

test('the README shows that example', () => {
  const source = readFileSync(new URL(import.meta.url), 'utf8');
  const example = source.split('// example\n')[1]!.split('  // end of example')[0]!.replaceAll(/^ {2}/gm, '');
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\`\n`);
});
