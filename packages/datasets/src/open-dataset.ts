import { DataError, type LabelMap, type RgbImage } from '@pffnet/tensor-ops/structures';
import { readSize } from './files/decode-pixels.ts';
import { readFolder } from './files/list-images.ts';
import { readImage, type ReadImageOptions } from './files/read-image.ts';
import type { FilePair, Layout } from './layouts/layout.ts';
import { plainLayout } from './layouts/plain-layout.ts';
import { tnbcLayout } from './layouts/tnbc-layout.ts';
import { nearestName } from './nearest-name.ts';
import type { Dataset } from './sample.ts';

const layouts: readonly Layout[] = [plainLayout, tnbcLayout];

/**
 * Opens a folder of images with label maps: `images/` and `labels/` paired by file name, or TNBC as downloaded.
 * Pairs and sizes are checked now, from the files' headers; pixels are read by `load`.
 * @param options - how the images' numbers become 0..255, see {@link ReadImageOptions}.
 * @throws DataError if the folder is missing, empty or of another layout, an image lacks its label map or the other way
 * round, their sizes differ, or a file cannot be read.
 */
export async function openDataset(folder: string, options: ReadImageOptions = {}): Promise<Dataset> {
  const entries = await readFolder(folder);
  const layout = layouts.find(({ recognises }) => recognises(entries));
  if (layout === undefined) throw unknownLayout(folder, entries);
  const pairs = await layout.pairs(folder, entries);
  const pairOf = new Map<string, FilePair>();
  for (const pair of pairs) {
    const other = pairOf.get(pair.name);
    if (other !== undefined) {
      throw new DataError(
        `${other.image} and ${pair.image} have the same name; expected one image per name; rename one`,
      );
    }
    checkSizes(pair, await readSize(pair.image), await readSize(pair.labels));
    pairOf.set(pair.name, pair);
  }
  return {
    names: pairs.map(({ name }) => name),
    async load(name) {
      const pair = pairOf.get(name);
      if (pair === undefined) {
        throw new DataError(`${folder} has no image ${name}; nearest is ${nearestName(name, pairOf.keys())}`);
      }
      const image: RgbImage = await readImage(pair.image, options);
      const labels: LabelMap = await layout.readLabels(pair.labels);
      checkSizes(pair, image, labels); // the files may have changed since
      return { name, image, labels };
    },
  };
}

interface Size {
  readonly height: number;
  readonly width: number;
}

function checkSizes(pair: FilePair, image: Size, labels: Size): void {
  if (image.height === labels.height && image.width === labels.width) return;
  throw new DataError(
    `${pair.labels} has ${labels.height} rows and ${labels.width} columns, its image ${pair.image} ${image.height} and ${image.width}; expected the same size; export one of them again`,
  );
}

function unknownLayout(folder: string, entries: readonly string[]): DataError {
  const expected = `expected ${layouts.map(({ shape }) => shape).join(', or ')}`;
  const visible = entries.filter((entry) => !entry.startsWith('.'));
  if (visible.length === 0) return new DataError(`${folder} is empty; ${expected}; put the data there`);
  for (const [present, absent] of [
    ['images', 'labels'],
    ['labels', 'images'],
  ]) {
    if (visible.includes(present)) {
      return new DataError(`${folder} has ${present}/ but no ${absent}/; ${expected}; add the missing folder`);
    }
  }
  return new DataError(`${folder} is no data set known here; ${expected}; give the folder that holds them`);
}
