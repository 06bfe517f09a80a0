import { join } from 'node:path';
import { listImages, listLabelMaps } from '../files/list-files.ts';
import { readLabelMap } from '../files/read-label-map.ts';
import { type Layout, pairByName, withLabelFile } from './layout.ts';

/** `images/` and `labels/`, one label map per image, of the same name; the endings may differ. */
export const plainLayout: Layout = {
  format: 'plain',
  shape: 'images/ and labels/',

  recognises: (_, entries) => entries.includes('images') && entries.includes('labels'),

  async images(folder) {
    const [images, labels] = [join(folder, 'images'), join(folder, 'labels')];
    return pairByName(
      { folder: images, files: await listImages(images) },
      { folder: labels, files: await listLabelMaps(labels) },
    ).map((pair) => withLabelFile(pair, readLabelMap));
  },
};
