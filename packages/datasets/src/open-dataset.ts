import { DataError } from '@pffnet/structures';
import { LabelReview } from './annotations/label-review.ts';
import { readHeader } from './files/decode-pixels.ts';
import { noted } from './files/notes.ts';
import { readImage, type ReadImageOptions } from './files/read-image.ts';
import { checkSizes, type DatasetFormat, type LabelledImage } from './layouts/layout.ts';
import { listDataset } from './list-dataset.ts';
import { nearestName } from './nearest-name.ts';
import type { Dataset } from './sample.ts';

/** How a data set is opened. */
export interface OpenDatasetOptions extends ReadImageOptions {
  /** The form of the folder; by default it is recognised by the folder's entries. */
  readonly format?: DatasetFormat | undefined;
}

/**
 * Opens a folder of images with labels, in any form listed in {@link datasetFormats}.
 * Pairs are checked now, and sizes where labels have a header that tells them; pixels and polygons are read by `load`.
 * @throws DataError if the folder is missing, empty or of another form, an image lacks its labels or the other way
 * round, two images have one name, sizes differ, or a file cannot be read. ConfigError if there is no such format.
 */
export async function openDataset(folder: string, options: OpenDatasetOptions = {}): Promise<Dataset> {
  const { images, split } = await listDataset(folder, options.format);
  const imageOf = new Map(images.map((labelled) => [labelled.name, labelled]));
  const storedBits = new Set<number>();
  for (const labelled of images) {
    const size = await readHeader(labelled.image, options.channel);
    storedBits.add(size.storedBits);
    if (labelled.labelSize !== undefined) checkSizes(labelled, size, await labelled.labelSize());
  }
  const find = (name: string): LabelledImage => {
    const labelled = imageOf.get(name) ?? imageOf.get(name.normalize('NFC'));
    if (labelled !== undefined) return labelled;
    throw new DataError(`${folder} has no image ${name}; nearest is ${nearestName(name, imageOf.keys())}`);
  };
  return {
    names: [...imageOf.keys()],
    split,
    storedBits: [...storedBits].sort((a, b) => a - b),
    async load(name) {
      const labelled = find(name);
      const image = await readImage(labelled.image, options);
      const { labels } = await labelled.readLabels({ height: image.height, width: image.width });
      checkSizes(labelled, image, labels); // the files may have changed since
      return { name, image, labels, ...noted(image.notes, labels.notes) };
    },
    async reviewLabels(names) {
      const review = new LabelReview();
      for (const labelled of review.watch(names.map(find)))
        await labelled.readLabels(await readHeader(labelled.image, options.channel));
      return review;
    },
  };
}
