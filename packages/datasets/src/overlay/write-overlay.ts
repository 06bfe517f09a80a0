import type { LabelMap, RgbPixels } from '@pffnet/structures';
import { encodePngStrips } from '../files/encode-png-strips.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { type OverlayOptions, overlayRows } from './overlay.ts';

/**
 * Writes an image with the outline of every object as an 8-bit PNG, whole or not at all, in strips: memory for a few rows
 * besides the image and its label map.
 * @throws ShapeError if image and label maps differ in size, DataError if the folder cannot be written, WriteError if the
 * disk is full.
 */
export async function writeOverlay(
  path: string,
  image: RgbPixels,
  labels: LabelMap,
  options: OverlayOptions = {},
): Promise<void> {
  const { height, width } = image;
  const rowsOf = overlayRows(image, labels, options);
  const inBytes = (begin: number, end: number): Uint8Array | Uint8ClampedArray => {
    const rows = rowsOf(begin, end);
    return rows instanceof Float32Array ? Uint8ClampedArray.from(rows) : rows;
  };
  await writeAtomically(path, encodePngStrips({ height, width, kind: 'rgb8' }, inBytes));
}
