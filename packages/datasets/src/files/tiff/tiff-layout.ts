import { UnreadKind } from '../unread-kind.ts';
import { type TiffCompression, tiffCompression } from './tiff-compressions.ts';
import type { TiffDirectory } from './tiff-directory.ts';

/** What the values of an image stand for, by tag 262. */
export type Photometric = 'min-is-white' | 'grey' | 'rgb' | 'palette' | 'converted' | 'unknown';

/** How one image of a TIFF file lies in it, and what its numbers are. */
export interface TiffLayout {
  readonly height: number;
  readonly width: number;
  /** Values per pixel, alpha included. */
  readonly samples: number;
  readonly bits: number;
  readonly format: 'unsigned' | 'signed' | 'floating-point';
  /** `converted` are colours that a viewer calculates: CMYK, YCbCr, Lab. */
  readonly photometric: Photometric;
  /** The number of tag 262. */
  readonly photometricCode: number;
  readonly compression: TiffCompression;
  readonly compressionCode: number;
  /** 1 none, 2 differences, 3 differences of the bytes of floating-point numbers. */
  readonly predictor: number;
  /** Tag 292: whether CCITT Group 3 is of two dimensions. */
  readonly faxOptions: number;
  /** Bits of a byte lie from the least to the greatest. */
  readonly bitsReversed: boolean;
  /** Each sample lies in a plane of its own. */
  readonly separatePlanes: boolean;
  /** What each sample beyond the colours is: 1 and 2 alpha; absent where the file does not say. */
  readonly extraSamples: readonly number[];
  /** [3 * 2^bits] red, then green, then blue; empty without a colour table. */
  readonly colourTable: readonly number[];
  /** 1 is upright. */
  readonly orientation: number;
  readonly tiled: boolean;
  /** Strips are as wide as the image. */
  readonly blockWidth: number;
  readonly blockHeight: number;
  /** Where the blocks lie, plane by plane, row by row. */
  readonly offsets: readonly number[];
  readonly byteCounts: readonly number[];
}

/** More values per pixel than any camera gives. */
const mostSamples = 4096;

const photometrics: readonly Photometric[] = [
  'min-is-white', 'grey', 'rgb', 'palette', 'grey', 'converted', 'converted', 'unknown', 'converted', 'converted', 'converted',
]; // prettier-ignore

/**
 * Reads how an image lies in its file.
 * @throws Error if something is missing, or its values are of a kind that is not read, in words that name it.
 * @remarks Source: TIFF revision 6.0, sections 3 to 8, 14 (predictor), 15 (tiles), 18 (extra samples), 19 (sample format).
 */
export function readLayout(directory: TiffDirectory): TiffLayout {
  const [width, height] = [required(directory, 256, 'width'), required(directory, 257, 'height')];
  const samples = directory.number(277, 1);
  const tiled = directory.numbers(322).length > 0;
  const compressionCode = directory.number(259, 1);
  const photometricCode = directory.number(262, samples >= 3 ? 2 : 1);
  const rowsPerStrip = directory.number(278, height);
  if (samples < 1 || samples > mostSamples) throw new Error(`it has ${samples} values per pixel`);
  return {
    height,
    width,
    samples,
    bits: sameForAll(directory.numbers(258), 1, (bits) => `samples of ${bits} bits`),
    format: formatOf(sameForAll(directory.numbers(339), 1, (formats) => `samples of the formats ${formats}`)),
    photometric: photometrics[photometricCode] ?? 'unknown',
    photometricCode,
    compression: tiffCompression(compressionCode),
    compressionCode,
    predictor: directory.number(317, 1),
    faxOptions: directory.number(292, 0),
    bitsReversed: directory.number(266, 1) === 2,
    separatePlanes: directory.number(284, 1) === 2 && samples > 1,
    extraSamples: directory.numbers(338),
    colourTable: directory.numbers(320),
    orientation: directory.number(274, 1),
    tiled,
    blockWidth: tiled ? required(directory, 322, 'tile width') : width,
    blockHeight: tiled ? required(directory, 323, 'tile height') : Math.min(Math.max(1, rowsPerStrip), height),
    offsets: directory.numbers(tiled ? 324 : 273),
    byteCounts: directory.numbers(tiled ? 325 : 279),
  };
}

/** Bytes of the image's values, unpacked. */
export function unpackedBytes({ height, width, samples, bits }: TiffLayout): number {
  return (height * width * samples * bits) / 8;
}

function required(directory: TiffDirectory, tag: number, what: string): number {
  const value = directory.number(tag, 0);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`it has no ${what}`);
  return value;
}

function sameForAll(values: readonly number[], absent: number, what: (values: string) => string): number {
  const first = values.at(0) ?? absent;
  if (values.some((value) => value !== first)) {
    throw new UnreadKind(`has ${what(values.slice(0, 8).join(', '))}, which are not read`, 'save all with the same');
  }
  return first;
}

function formatOf(code: number): TiffLayout['format'] {
  switch (code) {
    case 2:
      return 'signed';
    case 3:
      return 'floating-point';
    case 5:
    case 6:
      throw new UnreadKind('holds complex numbers, which are not read', 'save their real part or magnitude');
    default:
      return 'unsigned'; // 4 is undefined, which programs take for unsigned
  }
}
