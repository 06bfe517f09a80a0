import { DataError, type LabelMap } from '@pffnet/tensor-ops/structures';
import { decodePixels, type Pixels } from './decode-pixels.ts';
import { refuseNonIds } from './refuse-non-ids.ts';

const expectation = 'expected a label map: one grey channel whose values are object ids (16-bit or 8-bit PNG, or TIFF)';

/**
 * Reads a label map: grey PNG of 1 to 16 bits, or TIFF of up to 32 bits, integer or floating point without fractions.
 * Ids stay as they are, gaps included. Colour files are accepted when all three channels are equal.
 * @throws DataError if the file is missing or damaged, has colours or a palette, was compressed with loss, or holds
 * values that are no ids.
 */
export async function readLabelMap(path: string): Promise<LabelMap> {
  const pixels = await decodePixels(path);
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
  return { height, width, data };
}

function isGreyInColour({ data }: Pixels): boolean {
  for (let at = 0; at < data.length; at += 3) {
    if (data[at] !== data[at + 1] || data[at] !== data[at + 2]) return false;
  }
  return true;
}
