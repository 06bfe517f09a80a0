import { DataError, type LabelMap, type Size } from '@pffnet/structures';
import type { AnnotatedLabels } from '../annotations/annotated-labels.ts';
import type { Noted } from '../files/notes.ts';
import { readLabelSize } from '../files/read-label-map.ts';
import type { NamedFile } from '../files/list-files.ts';
import { someNames } from '../nearest-name.ts';

/** The forms in which data sets are downloaded; see the table in the README. */
export type DatasetFormat = 'plain' | 'kumar' | 'tnbc' | 'bbbc039' | 'cvppp' | 'cpm17' | 'dsb2018' | 'coco' | 'geojson';

/** The path of an image and the path of its labels. */
export interface FilePair {
  /** Unique in the data set; usually the file name of the image without extension. */
  readonly name: string;
  /** The image file. */
  readonly image: string;
  /** Where its objects come from, for messages: a label map, a folder of masks, an entry of a larger file. */
  readonly labels: string;
}

/** An image on disk whose objects can be read. */
export interface LabelledImage extends FilePair {
  /** The size in the labels' header; absent where the format has none (polygons, run lengths). */
  readonly labelSize?: () => Promise<Size>;
  /**
   * @param size - of the image; labels without a size of their own become a map of this size.
   * @returns the label map, with the notes of its reader.
   * @throws DataError if the labels cannot be read or do not lie on such an image.
   */
  readonly readLabels: (size: Size) => Promise<AnnotatedLabels>;
}

/** How one kind of data-set folder is arranged on disk. */
export interface Layout {
  readonly format: DatasetFormat;
  /** What the folder must hold, for messages. */
  readonly shape: string;
  /** @returns whether a folder with these entries is of this kind; it may look into them, but reads no pixels. */
  recognises(folder: string, entries: readonly string[]): boolean | Promise<boolean>;
  /**
   * Lists what the folder holds, without reading pixels.
   * @returns images in any order; names need not be unique, `openDataset` refuses those that are not.
   * @throws DataError if an image lacks its labels or the other way round.
   */
  images(folder: string, entries: readonly string[]): Promise<LabelledImage[]>;
  /** @returns the division that came with the download, a source for `readSplit`; undefined where there is none. */
  split?(folder: string, entries: readonly string[]): Promise<string | undefined>;
}

/** An image whose objects are in a label map of the same size. */
export function withLabelFile(pair: FilePair, read: (path: string) => Promise<LabelMap & Noted>): LabelledImage {
  return {
    ...pair,
    labelSize: () => readLabelSize(pair.labels),
    readLabels: async () => ({ labels: await read(pair.labels) }),
  };
}

/**
 * Pairs images and the files of their labels by name.
 * @throws DataError naming the images without labels, or the labels without image.
 */
export function pairByName(
  images: { folder: string; files: readonly NamedFile[] },
  labels: { folder: string; files: readonly NamedFile[]; what?: string },
): FilePair[] {
  const what = labels.what ?? 'label map';
  const labelsOf = new Map(labels.files.map(({ name, path }) => [name, path]));
  const pairs: FilePair[] = [];
  const unlabelled: string[] = [];
  for (const { name, path } of images.files) {
    const found = labelsOf.get(name);
    if (found === undefined) unlabelled.push(name);
    else pairs.push({ name, image: path, labels: found });
    labelsOf.delete(name);
  }
  if (unlabelled.length > 0) {
    throw new DataError(
      `${images.folder}: no ${what} in ${labels.folder} for ${someNames(unlabelled)}; expected a file of the same name; add it or move the image away`,
    );
  }
  if (labelsOf.size > 0) {
    throw new DataError(
      `${labels.folder}: no image in ${images.folder} for ${someNames([...labelsOf.keys()])}; expected a file of the same name; add it or move the ${what} away`,
    );
  }
  return pairs;
}

/** Height and width, and the orientation tag if the file has one. */
export type Oriented = Size & { readonly orientation?: number };

/**
 * Checks that an image and its labels cover each other.
 * @throws DataError if they differ in size.
 */
export function checkSizes(pair: FilePair, image: Oriented, labels: Oriented): void {
  if (image.height === labels.height && image.width === labels.width) return;
  const turned = [orientationOf(pair.image, image), orientationOf(pair.labels, labels)].filter((text) => text !== '');
  const mend = turned.length === 0 ? 'export one of them again' : `${turned.join('; ')}, which is not applied; turn the pixels themselves`; // prettier-ignore
  throw new DataError(
    `${pair.labels} has ${labels.height} rows and ${labels.width} columns, its image ${pair.image} ${image.height} and ${image.width}; expected the same size; ${mend}`,
  );
}

function orientationOf(file: string, { orientation = 1 }: Oriented): string {
  return orientation === 1 ? '' : `${file} has orientation ${orientation}`;
}
