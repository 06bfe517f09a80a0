import type { RgbPixels } from '@pffnet/structures';
import { encodePng } from './encode-image.ts';
import { writeAtomically } from './write-atomically.ts';

/**
 * Writes an image as an 8-bit PNG, whole or not at all; values are rounded and cut to 0..255.
 * @throws DataError if the folder cannot be written, WriteError if the disk is full.
 */
export async function writeImage(path: string, image: RgbPixels): Promise<void> {
  await writeAtomically(path, await encodePng(image));
}
