import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { describeWithData } from '../../test/real-data.ts';
import { listImages } from './list-files.ts';
import { readImage } from './read-image.ts';

describeWithData('raw/kumar', (folder) => {
  test('the LZW TIFFs hold the same pixels as the PNGs made from them', async () => {
    for (const { name, path } of await listImages(join(folder, 'Tissue Images'))) {
      const [tiff, png] = [
        await readImage(path),
        await readImage(join(folder, '..', '..', 'kumar', 'images', `${name}.png`)),
      ];
      expect([tiff.height, tiff.width]).toEqual([1000, 1000]);
      expect(tiff.data.every((value, index) => value === png.data[index])).toBe(true);
    }
  });
});
