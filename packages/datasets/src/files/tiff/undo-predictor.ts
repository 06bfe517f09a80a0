import { UnreadKind } from '../unread-kind.ts';

/** How rows of values were predicted from their neighbours. */
export interface Prediction {
  readonly predictor: number;
  readonly bits: number;
  /** Values per pixel in a row. */
  readonly samples: number;
  readonly bytesPerRow: number;
}

/**
 * Turns differences back into values, row by row, in place.
 * @param bytes - whole rows; values of 2, 4 and 8 bytes in this machine's byte order under predictor 2.
 * @throws Error if the predictor is another, or does not go with values of so many bits.
 * @remarks Source: TIFF revision 6.0, section 14; Adobe TIFF Technical Note 3 (floating point): bytes of equal weight lie
 * together, the greatest first, whatever the byte order of the file.
 */
export function undoPredictor(bytes: Uint8Array, prediction: Prediction): void {
  const { predictor, bits, bytesPerRow } = prediction;
  if (predictor === 1) return;
  const known = predictor === 2 ? [8, 16, 32, 64] : predictor === 3 ? [16, 32, 64] : [];
  if (!known.includes(bits)) {
    throw new UnreadKind(
      `is packed with predictor ${predictor} of ${bits}-bit values, which is not read`,
      'save it without',
    );
  }
  for (let at = 0; at + bytesPerRow <= bytes.length; at += bytesPerRow) {
    const row = bytes.subarray(at, at + bytesPerRow);
    if (predictor === 2) addUp(valuesOf(row, bits), prediction.samples);
    else joinBytes(row, bits / 8, prediction.samples);
  }
}

type Whole = Uint8Array | Uint16Array | Uint32Array | BigUint64Array;

function valuesOf({ buffer, byteOffset, byteLength }: Uint8Array, bits: number): Whole {
  switch (bits) {
    case 8:
      return new Uint8Array(buffer, byteOffset, byteLength);
    case 16:
      return new Uint16Array(buffer, byteOffset, byteLength / 2);
    case 32:
      return new Uint32Array(buffer, byteOffset, byteLength / 4);
    default:
      return new BigUint64Array(buffer, byteOffset, byteLength / 8);
  }
}

/** Sums go round at the greatest value, as typed arrays do. */
function addUp(row: Whole, samples: number): void {
  if (row instanceof BigUint64Array) for (let at = samples; at < row.length; at++) row[at] += row[at - samples];
  else for (let at = samples; at < row.length; at++) row[at] += row[at - samples];
}

const hostIsLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function joinBytes(row: Uint8Array, width: number, samples: number): void {
  addUp(row, samples);
  const apart = Uint8Array.from(row);
  const count = row.length / width;
  for (let value = 0; value < count; value++) {
    for (let byte = 0; byte < width; byte++) {
      row[value * width + (hostIsLittleEndian ? width - 1 - byte : byte)] = apart[byte * count + value];
    }
  }
}
