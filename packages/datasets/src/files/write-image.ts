import { type RgbImage, ShapeError } from '@pffnet/tensor-ops/structures';
import sharp from 'sharp';
import { writeAtomically } from './write-atomically.ts';

/**
 * Writes an image as an 8-bit PNG, whole or not at all; values are rounded and cut to 0..255.
 * @throws DataError if the folder cannot be written, WriteError if the disk is full.
 */
export async function writeImage(path: string, { height, width, data }: RgbImage): Promise<void> {
  if (data.length === 0 || data.length !== height * width * 3) {
    throw new ShapeError(
      `writeImage: expected ${height} x ${width} x 3 values and at least one pixel, got ${data.length} values`,
    );
  }
  const bytes = Uint8ClampedArray.from(data);
  await writeAtomically(
    path,
    await sharp(bytes, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer(),
  );
}
