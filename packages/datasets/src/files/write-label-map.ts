import { extname } from 'node:path';
import { DataError, type LabelMap, ShapeError } from '@pffnet/structures';
import { encodePngStrips } from './encode-png-strips.ts';
import { encodeTiff } from './encode-tiff.ts';
import { writeAtomically } from './write-atomically.ts';

/** The greatest id that a 16-bit PNG holds. */
const greatestPngId = 65535;

/**
 * Writes a label map, whole or not at all: 16-bit grey PNG, or 32-bit TIFF when an id passes 65,535 or the path says so.
 * @param path - ends in `.png`, `.tif` or `.tiff`; `.png` becomes `.tif` when ids need 32 bits.
 * @returns the path written.
 * @throws DataError if the path has another ending or its folder cannot be written, WriteError if the disk is full.
 */
export async function writeLabelMap(path: string, labels: LabelMap): Promise<string> {
  const { height, width, data } = labels;
  if (data.length === 0 || data.length !== height * width) {
    throw new ShapeError(
      `writeLabelMap: expected ${height} x ${width} ids and at least one pixel, got ${data.length} ids`,
    );
  }
  const extension = extname(path).toLowerCase();
  if (extension !== '.png' && extension !== '.tif' && extension !== '.tiff') {
    throw new DataError(`cannot write ${path}: label maps are .png or .tif files; change the ending`);
  }
  if (extension === '.png' && fitsPng(data)) {
    const shape = { height, width, kind: 'grey16' } as const;
    await writeAtomically(
      path,
      encodePngStrips(shape, (begin, end) => greaterByteFirst(data.subarray(begin * width, end * width))),
    );
    return path;
  }
  const tiffPath = extension === '.png' ? `${path.slice(0, -extension.length)}.tif` : path;
  await writeAtomically(tiffPath, encodeTiff(labels));
  return tiffPath;
}

function greaterByteFirst(ids: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(2 * ids.length);
  for (let at = 0; at < ids.length; at++) {
    bytes[2 * at] = ids[at] >> 8;
    bytes[2 * at + 1] = ids[at];
  }
  return bytes;
}

function fitsPng(ids: Uint32Array): boolean {
  for (let at = 0; at < ids.length; at++) if (ids[at] > greatestPngId) return false;
  return true;
}
