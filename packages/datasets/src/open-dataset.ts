import { ConfigError, DataError, type RgbImage } from '@pffnet/tensor-ops/structures';
import { readSize } from './files/decode-pixels.ts';
import { compareNames, readFolder } from './files/list-files.ts';
import { readImage, type ReadImageOptions } from './files/read-image.ts';
import type { DatasetFormat, FilePair, LabelledImage, Layout, Size } from './layouts/layout.ts';
import { datasetFormats, layouts } from './layouts/layouts.ts';
import { nearestName } from './nearest-name.ts';
import type { Dataset } from './sample.ts';

/** How a data set is opened. */
export interface OpenDatasetOptions extends ReadImageOptions {
  /** The form of the folder; when absent, it is recognised by the folder's entries. */
  readonly format?: DatasetFormat | undefined;
}

/**
 * Opens a folder of images with labels, in any form listed in {@link datasetFormats}.
 * Pairs are checked now, and sizes where labels have a header that tells them; pixels and polygons are read by `load`.
 * @throws DataError if the folder is missing, empty or of another form, an image lacks its labels or the other way
 * round, two images have one name, sizes differ, or a file cannot be read. ConfigError if there is no such format.
 */
export async function openDataset(folder: string, options: OpenDatasetOptions = {}): Promise<Dataset> {
  const entries = await readFolder(folder);
  const layout = await chooseLayout(folder, entries, options.format);
  const found = [...(await layout.images(folder, entries))].sort((a, b) => compareNames(a.name, b.name));
  const imageOf = new Map<string, LabelledImage>();
  for (const labelled of found) {
    const other = imageOf.get(labelled.name);
    if (other !== undefined) {
      throw new DataError(
        `${other.image} and ${labelled.image} have the same name; expected one image per name; rename one`,
      );
    }
    const size = await readSize(labelled.image);
    if (labelled.labelSize !== undefined) checkSizes(labelled, size, await labelled.labelSize());
    imageOf.set(labelled.name, labelled);
  }
  return {
    names: [...imageOf.keys()],
    async load(name) {
      const labelled = imageOf.get(name);
      if (labelled === undefined) {
        throw new DataError(`${folder} has no image ${name}; nearest is ${nearestName(name, imageOf.keys())}`);
      }
      const image: RgbImage = await readImage(labelled.image, options);
      const labels = await labelled.readLabels({ height: image.height, width: image.width });
      checkSizes(labelled, image, labels); // the files may have changed since
      return { name, image, labels };
    },
  };
}

async function chooseLayout(folder: string, entries: readonly string[], format?: DatasetFormat): Promise<Layout> {
  if (format === undefined) return recognise(folder, entries);
  const layout = layouts.find((candidate) => candidate.format === format);
  if (layout === undefined) {
    throw new ConfigError(
      `there is no data-set format ${String(format)}; nearest is ${nearestName(String(format), datasetFormats)}; expected one of ${datasetFormats.join(', ')}`,
    );
  }
  if (await layout.recognises(folder, entries)) return layout;
  throw new DataError(
    `${folder} is not laid out as ${format}; expected ${layout.shape}; give the folder that holds them, or another format`,
  );
}

function checkSizes(pair: FilePair, image: Size, labels: Size): void {
  if (image.height === labels.height && image.width === labels.width) return;
  throw new DataError(
    `${pair.labels} has ${labels.height} rows and ${labels.width} columns, its image ${pair.image} ${image.height} and ${image.width}; expected the same size; export one of them again`,
  );
}

async function recognise(folder: string, entries: readonly string[]): Promise<Layout> {
  for (const layout of layouts) if (await layout.recognises(folder, entries)) return layout;
  const downloaded = datasetFormats.filter((format) => format !== 'plain').join(', ');
  const expected = `expected images/ and labels/, or one of ${downloaded} as downloaded`;
  const visible = entries.filter((entry) => !entry.startsWith('.'));
  if (visible.length === 0) throw new DataError(`${folder} is empty; ${expected}; put the data there`);
  for (const [present, absent] of [
    ['images', 'labels'],
    ['labels', 'images'],
  ]) {
    if (visible.includes(present)) {
      throw new DataError(`${folder} has ${present}/ but no ${absent}/; ${expected}; add the missing folder`);
    }
  }
  throw new DataError(`${folder} is no data set known here; ${expected}; give the folder that holds them`);
}
