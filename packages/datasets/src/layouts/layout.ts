import { DataError, type LabelMap } from '@pffnet/tensor-ops/structures';
import type { ImageFile } from '../files/list-images.ts';
import { someNames } from '../nearest-name.ts';

/** An image file and the file that holds its objects. */
export interface FilePair {
  readonly name: string;
  readonly image: string;
  readonly labels: string;
}

/** How one kind of data-set folder is arranged on disk. */
export interface Layout {
  /** What the folder must hold, for messages. */
  readonly shape: string;
  /** @returns whether a folder with these entries is of this kind. */
  recognises(entries: readonly string[]): boolean;
  /** @throws DataError if an image lacks its labels or the other way round. */
  pairs(folder: string, entries: readonly string[]): Promise<FilePair[]>;
  readLabels(path: string): Promise<LabelMap>;
}

/**
 * Pairs images and label maps by name.
 * @throws DataError naming the images without label map, or the label maps without image.
 */
export function pairByName(
  images: { folder: string; files: readonly ImageFile[] },
  labels: { folder: string; files: readonly ImageFile[] },
): FilePair[] {
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
      `${images.folder}: no label map in ${labels.folder} for ${someNames(unlabelled)}; expected a file of the same name; add it or move the image away`,
    );
  }
  if (labelsOf.size > 0) {
    throw new DataError(
      `${labels.folder}: no image in ${images.folder} for ${someNames([...labelsOf.keys()])}; expected a file of the same name; add it or move the label map away`,
    );
  }
  return pairs;
}
