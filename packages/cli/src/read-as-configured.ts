import { type Dataset, openDataset, readImage, type ReadImageOptions } from '@pffnet/datasets';
import type { PffnetConfig } from '@pffnet/pffnet';
import type { RgbImage } from '@pffnet/structures';

/** Opens a data set whose numbers become 0..255 as the config says. */
export function openDatasetFor(config: PffnetConfig, folder: string): Promise<Dataset> {
  return openDataset(folder, readingOf(config));
}

/** Reads an image whose numbers become 0..255 as the config says. */
export function readImageFor(config: PffnetConfig, path: string): Promise<RgbImage> {
  return readImage(path, readingOf(config));
}

/** How the config reads images. */
export function readingOf({ input: { scaling } }: PffnetConfig): ReadImageOptions {
  return scaling.kind === 'auto' ? {} : { scaling };
}
