import { join } from 'node:path';
import { type FileKind, listFiles, listImages, namedFiles, readFolder } from '../files/list-files.ts';
import { readMatLabels } from '../formats/mat.ts';
import { type Layout, pairByName } from './layout.ts';

const matFiles: FileKind = { endings: ['.mat'], what: 'label file', expected: 'MATLAB .mat files with inst_map' };
const imageFolder = /^images$/i;
const labelFolder = /^labels$/i;

/**
 * CPM17 and CoNSeP as downloaded, one part such as `train/`: `Images/` and `Labels/`, a MATLAB file per image whose
 * `inst_map` holds the ids; other variables (types, centroids) are ignored.
 */
export const cpm17Layout: Layout = {
  format: 'cpm17',
  shape: 'Images/ and Labels/ with .mat files (CPM17, CoNSeP)',

  async recognises(folder, entries) {
    const labels = entries.find((entry) => labelFolder.test(entry));
    if (labels === undefined || !entries.some((entry) => imageFolder.test(entry))) return false;
    const at = join(folder, labels);
    return namedFiles(at, await readFolder(at), matFiles).length > 0;
  },

  async images(folder, entries) {
    const [images, labels] = [imageFolder, labelFolder].map((pattern) =>
      join(folder, entries.find((entry) => pattern.test(entry)) ?? ''),
    );
    return pairByName(
      { folder: images, files: await listImages(images) },
      { folder: labels, files: await listFiles(labels, matFiles), what: 'label file' },
    ).map((pair) => ({ ...pair, readLabels: async () => ({ labels: await readMatLabels(pair.labels, 'inst_map') }) }));
  },
};
