import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { randomStream } from '@pffnet/tensor-ops/structures';
import { isTied, tiedSample } from '../../test/any-sample.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { openDataset } from '../open-dataset.ts';
import type { Dataset } from '../sample.ts';
import { readSplit } from '../splits/read-split.ts';
import { patchesOf, writePatches } from './write-patches.ts';

const { path } = temporaryFolder();

// 1 2 3
// 4 5 6
const grid = tiedSample(2, 3, [1, 2, 3, 4, 5, 6], 'grid');
const large = tiedSample(
  9,
  8,
  Array.from({ length: 72 }, (_, index) => index),
  'large, with a comma',
);

const datasetOf = (...samples: (typeof grid)[]): Dataset => ({
  names: samples.map(({ name }) => name),
  load: (name) => Promise.resolve(samples.find((sample) => sample.name === name)!),
});

describe('patchesOf', () => {
  test('draws as many as asked, the same from the same stream', () => {
    const [a, b] = [0, 1].map(() => patchesOf(large, { size: 3, perImage: 20 }, randomStream(4, 'patches')));
    expect(a).toHaveLength(20);
    expect(a).toEqual(b);
    expect(patchesOf(grid, { size: 1, perImage: 0 }, randomStream(4, 'patches'))).toEqual([]);
  });

  test('takes no place twice, and each once where there are fewer places than patches', () => {
    const names = patchesOf(grid, { size: 2, perImage: 50 }, randomStream(1, 'patches')).map(({ name }) => name);
    expect(names.sort()).toEqual(['grid_y0_x0', 'grid_y0_x1']);
    expect(patchesOf(grid, { size: 7, perImage: 50 }, randomStream(1, 'patches'))).toHaveLength(1);
  });
});

describe('writePatches', () => {
  test('writes a data set of patches that says where each is from', async () => {
    expect(await writePatches(datasetOf(grid, large), path('patches'), { size: 2, perImage: 5, seed: 3 })).toBe(7);
    const dataset = await openDataset(path('patches'));
    expect(dataset.names).toHaveLength(7);
    for (const name of dataset.names) {
      const patch = await dataset.load(name);
      expect([patch.labels.height, patch.labels.width, isTied(patch)]).toEqual([2, 2, true]);
    }
    const images = await readSplit(path('patches', 'patches.csv'), 'image');
    expect([...images.values()].filter((image) => image === large.name)).toHaveLength(5);
    expect(images.get('grid_y0_x1')).toBe('grid');
    expect(readFileSync(path('patches', 'patches.csv'), 'utf8')).toContain('grid_y0_x1,grid,0,1\n');
  });

  test('cuts the same patches from an image whatever other images there are', async () => {
    const options = { size: 3, perImage: 4, seed: 8 };
    await writePatches(datasetOf(large), path('alone'), options);
    await writePatches(datasetOf(grid, large), path('together'), options);
    const [alone, together] = await Promise.all(['alone', 'together'].map((folder) => openDataset(path(folder))));
    expect(together!.names).toEqual(expect.arrayContaining([...alone!.names]));
    await writePatches(datasetOf(large), path('other'), { ...options, seed: 9 });
    expect((await openDataset(path('other'))).names).not.toEqual(alone!.names);
  });
});
