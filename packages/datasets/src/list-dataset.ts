import { ConfigError, DataError } from '@pffnet/structures';
import { compareNames, readFolder } from './files/list-files.ts';
import type { DatasetFormat, LabelledImage, Layout } from './layouts/layout.ts';
import { datasetFormats, layouts } from './layouts/layouts.ts';
import { nearestName } from './nearest-name.ts';

/** What a data-set folder holds, before any pixel is read. */
export interface DatasetListing {
  readonly format: DatasetFormat;
  /** In ascending order of their names, which are unique. */
  readonly images: readonly LabelledImage[];
  /** The division that came with the download, a source for `readSplit`, such as BBBC039's lists. */
  readonly split?: string | undefined;
}

/**
 * Lists the images of a folder and where their labels come from, in any form listed in {@link datasetFormats}.
 * @param format - the form of the folder; by default it is recognised by the folder's entries.
 * @throws DataError if the folder is missing, empty or of another form, an image lacks its labels or the other way
 * round, or two images have one name. ConfigError if there is no such format.
 */
export async function listDataset(folder: string, format?: DatasetFormat): Promise<DatasetListing> {
  const entries = await readFolder(folder);
  const layout = await chooseLayout(folder, entries, format);
  const images = [...(await layout.images(folder, entries))].sort((a, b) => compareNames(a.name, b.name));
  for (let index = 1; index < images.length; index++) {
    if (images[index].name === images[index - 1].name) {
      throw new DataError(
        `${images[index - 1].image} and ${images[index].image} have the same name; expected one image per name; rename one`,
      );
    }
  }
  return { format: layout.format, images, split: await layout.split?.(folder, entries) };
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
  throw new DataError(`${folder} is not a data set of a known form; ${expected}; give the folder that holds them`);
}
