import {
  encodePng,
  encodeWebp,
  listImages,
  readImage,
  type ReadImageOptions,
  readLabelMap,
  someNames,
} from '@pffnet/datasets/image-files';
import type { ImageScores } from '@pffnet/metrics';
import { DataError, type RgbImage } from '@pffnet/structures';
import { errorPicture, fatesOf } from './error-picture.ts';
import type { LabelMapPair } from './pair-label-maps.ts';
import { cutImage, cutLabels, type Window, worstWindow } from './worst-window.ts';

/** A picture as part of a page. */
export interface PagePicture {
  readonly mime: string;
  readonly bytes: Uint8Array;
}

/** An image with its errors. */
export interface ShownImage {
  readonly scores: ImageScores;
  /** Objects of the whole image. */
  readonly found: number;
  readonly missed: number;
  readonly false: number;
  /** The part that is shown; null for all of it. */
  readonly window: Window | null;
  readonly errors: PagePicture;
  /** The image itself, where it was given. */
  readonly image: PagePicture | null;
}

/** Larger images are shown in part, in pixels. */
const largestSide = 1024;

/** The images with the lowest AJI, the lowest first; images without an AJI have no errors to show. */
export function worstOf(images: readonly ImageScores[], count: number): ImageScores[] {
  return images
    .filter(({ aji }) => aji !== null)
    .sort((a, b) => (a.aji ?? 0) - (b.aji ?? 0))
    .slice(0, count);
}

/**
 * Finds the image of every name.
 * @returns what reads one of them.
 * @throws DataError if one is missing.
 */
export async function imagesByName(
  folder: string,
  names: readonly string[],
  options: ReadImageOptions = {},
): Promise<(name: string) => Promise<RgbImage>> {
  const files = new Map((await listImages(folder)).map(({ name, path }) => [name, path]));
  const missing = names.filter((name) => !files.has(name));
  if (missing.length === 0) return (name) => readImage(files.get(name) ?? '', options);
  throw new DataError(
    `${folder} lacks ${missing.length} of the ${names.length} images: ${someNames(missing)}; give the folder of the images that were predicted, or leave out --images`,
  );
}

/** Draws one image with its errors. */
export async function showImage(
  scores: ImageScores,
  { name, readTruth, predictions: [file] }: LabelMapPair,
  readShown: (() => Promise<RgbImage>) | null,
): Promise<ShownImage> {
  const [prediction, truth] = [await readLabelMap(file), await readTruth()];
  const image = readShown === null ? null : await readShown();
  if (image !== null && (image.height !== truth.height || image.width !== truth.width)) {
    throw new DataError(
      `${name}: the image has ${image.height} x ${image.width} and its label maps ${truth.height} x ${truth.width} pixels (height x width); give the images that were predicted`,
    );
  }
  const fates = fatesOf(prediction, truth);
  const window = worstWindow(prediction, truth, fates, largestSide);
  const shown = image === null ? null : cutImage(image, window);
  const errors = errorPicture(cutLabels(prediction, window), cutLabels(truth, window), fates, shown);
  return {
    scores,
    found: scores.truthCount - fates.missed.size,
    missed: fates.missed.size,
    false: fates.false.size,
    window: window.height === truth.height && window.width === truth.width ? null : window,
    errors: { mime: 'image/png', bytes: await encodePng(errors) },
    image: shown === null ? null : { mime: 'image/webp', bytes: await encodeWebp(shown) },
  };
}
