import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Dataset } from '@pffnet/datasets';
import { ConfigError } from '@pffnet/structures';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { divideImages } from './divide-images.ts';

const path = temporaryFolder();
const datasetOf = (names: readonly string[]): Dataset => ({
  names,
  load: () => Promise.reject(new Error('no pixels are needed here')),
});
const kumarImages = [
  'TCGA-18-5592-01Z-00-DX1', // for training
  'TCGA-50-5931-01Z-00-DX1', // for validation
  'TCGA-21-5784-01Z-00-DX1', // for the test
];
const plants = Array.from({ length: 128 }, (_, index) => `plant${String(index + 1).padStart(3, '0')}`);

describe('divideImages', () => {
  test('takes validation and test images from a split that names them', async () => {
    const [learned, chosen, tested] = kumarImages;
    expect(await divideImages(datasetOf(kumarImages), { data: 'kumar', split: 'kumar' }, 0)).toEqual({
      train: [learned],
      validation: [chosen],
      test: [tested],
    });
  });

  test('refuses to draw others beside them', async () => {
    const call = divideImages(datasetOf(kumarImages), { data: 'kumar', split: 'kumar', validation: 1 }, 0);
    await expect(call).rejects.toThrow(
      new ConfigError('kumar names 1 validation image; leave out --validation, or take another --column'),
    );
  });

  test('tests on nothing where a split has validation images alone', async () => {
    const parts = await divideImages(datasetOf(plants), { data: 'A1', split: 'cvppp', column: 'part' }, 0);
    expect([parts.train.length, parts.validation.length, parts.test.length]).toEqual([100, 28, 0]);
  });

  test("takes the lists that came with the data, such as BBBC039's, and does not learn from its test images", async () => {
    const lists = path('metadata');
    mkdirSync(lists);
    for (const [index, part] of ['training', 'validation', 'test'].entries()) {
      writeFileSync(join(lists, `${part}.txt`), `${kumarImages[index]}.png\n`);
    }
    const [learned, chosen, tested] = kumarImages;
    const downloaded = { ...datasetOf(kumarImages), split: lists };
    expect(await divideImages(downloaded, { data: 'BBBC039' }, 0)).toEqual({
      train: [learned],
      validation: [chosen],
      test: [tested],
    });
    await expect(divideImages(downloaded, { data: 'BBBC039', validation: 1 }, 0)).rejects.toThrow(
      new ConfigError(`${lists} names 1 validation image; leave out --validation, or take another --column`),
    );
  });

  test('draws four by the seed where it has none', async () => {
    const options = { data: 'A1', split: 'cvppp', fold: '1' };
    const [first, again, other] = await Promise.all(
      [1, 1, 2].map((seed) => divideImages(datasetOf(plants), options, seed)),
    );
    expect([first!.train.length, first!.validation.length, first!.test.length]).toEqual([81, 4, 43]);
    expect(again).toEqual(first);
    expect(other!.validation).not.toEqual(first!.validation);
    expect(other!.test).toEqual(first!.test);
  });
});
