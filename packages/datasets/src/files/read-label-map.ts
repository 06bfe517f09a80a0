import { extname } from 'node:path';
import { DataError, type LabelMap, type Size } from '@pffnet/structures';
import { labelComponents } from '../regions/label-components.ts';
import { readNpyHeader, readNpyLabels } from '../formats/npy.ts';
import { labelSizeOf } from '../formats/numeric-array.ts';
import { decodePixels, type Pixels, readSize } from './decode-pixels.ts';
import { refuseNonIds } from './refuse-non-ids.ts';

const expectation = 'expected a label map: one grey channel whose values are object ids (16-bit or 8-bit PNG, or TIFF)';

/**
 * Reads a label map: grey PNG of 1 to 16 bits, TIFF of up to 32 bits, integer or floating point without fractions, or
 * NPY of any number type (by its ending). Ids stay as they are, gaps included. Colour files are accepted when all three channels are equal.
 * @throws DataError if the file is missing or damaged, has colours or a palette, was compressed with loss, holds values
 * that are no ids, is a black-and-white mask of several objects, or has lost ids above 255 to 8 bits. (Ids that went
 * round to 0 at 256 leave no trace and cannot be noticed.)
 */
export async function readLabelMap(path: string): Promise<LabelMap> {
  return isNpy(path) ? await readNpyLabels(path) : labelMapOf(await decodePixels(path), path);
}

/**
 * Height and width of a label map, from its file's header.
 * @throws DataError if the file is missing or its header cannot be read.
 */
export async function readLabelSize(path: string): Promise<Size> {
  return isNpy(path) ? labelSizeOf((await readNpyHeader(path)).shape, path) : await readSize(path);
}

function isNpy(path: string): boolean {
  return extname(path).toLowerCase() === '.npy';
}

/**
 * Takes the numbers of a file for object ids.
 * @throws DataError as {@link readLabelMap} does.
 */
export function labelMapOf(pixels: Pixels, path: string): LabelMap {
  const { height, width, channels, storedBits } = pixels;
  if (pixels.lossy) {
    throw new DataError(`${path} was compressed with loss, which changes ids; ${expectation}; export it again`);
  }
  if (pixels.palette) {
    throw new DataError(`${path} has a colour table; ${expectation}; save the ids as grey values`);
  }
  if (channels === 3 && !isGreyInColour(pixels)) {
    throw new DataError(`${path} is a colour picture; ${expectation}; turn each colour into an id first`);
  }
  // A grey file of 1, 2 or 4 bits is widened to 8 bits by a factor: undo it.
  const divisor = storedBits < 8 ? 255 / (2 ** storedBits - 1) : 1;
  // Signed and floating-point files may hold values that are no ids.
  if (pixels.fullRange === null) refuseNonIds(pixels.data, pixels, path, expectation);
  const data = new Uint32Array(height * width);
  for (let pixel = 0; pixel < data.length; pixel++) data[pixel] = pixels.data[pixel * channels] / divisor;
  const labels = { height, width, data };
  if (storedBits === 8) refuseLostIds(labels, path);
  return labels;
}

/** In 8 bits the value 255 is suspect: it is the white of masks, and what greater ids are cut to. */
function refuseLostIds(labels: LabelMap, path: string): void {
  const present = new Uint8Array(256);
  for (const id of labels.data) present[id] = 1;
  const ids = present.subarray(1).reduce((sum, one) => sum + one, 0);
  if (present[255] === 0 || (ids !== 1 && ids !== 255)) return;
  const { height, width, data } = labels;
  const { data: regions } = labelComponents({ height, width, data: data.map((id) => (id === 255 ? 1 : 0)) }, 8);
  const regionCount = regions.reduce((most, region) => Math.max(most, region), 0);
  if (regionCount === 1) return;
  throw new DataError(
    ids === 1
      ? `${path} holds 0 and 255 alone, in ${regionCount} regions: a black-and-white mask; ${expectation}; number the objects first`
      : `${path} has every id up to 255 and 255 in ${regionCount} regions: greater ids were cut to 8 bits; ${expectation}; export it again with 16 bits`,
  );
}

function isGreyInColour({ data }: Pixels): boolean {
  for (let at = 0; at < data.length; at += 3) {
    if (data[at] !== data[at + 1] || data[at] !== data[at + 2]) return false;
  }
  return true;
}
