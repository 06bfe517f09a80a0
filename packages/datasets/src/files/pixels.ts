import type { Samples } from './tiff/samples.ts';

/** The numbers of an image file, unscaled, as a viewer shows them. */
export interface Pixels {
  readonly height: number;
  readonly width: number;
  /** 1 grey or 3 colours; an alpha channel is left out. */
  readonly channels: 1 | 3;
  /** [height * width * channels]. */
  readonly data: Samples;
  /** The greatest value that the file's number type can hold; null for floating point and signed numbers. */
  readonly fullRange: number | null;
  /** Bits per value in the file. */
  readonly storedBits: number;
  /** The file has an alpha channel. */
  readonly alpha: boolean;
  /** Colours stand in a table of the file. */
  readonly palette: boolean;
  /** Compression that may change values. */
  readonly lossy: boolean;
  /** The orientation tag of the file, 1 to 8 as in EXIF and TIFF; 1 is upright. It is never applied. */
  readonly orientation: number;
}

/** The numbers of a file as they are stored, for label maps: no colour table is looked up, and nothing is inverted. */
export interface StoredNumbers {
  readonly height: number;
  readonly width: number;
  /** Alpha is left out. */
  readonly channels: number;
  /** Of every channel, where the file names it. */
  readonly names: readonly (string | undefined)[];
  /** [height * width * channels]. */
  readonly data: Samples;
  /** The greatest value that the file's number type can hold; null for floating point and signed numbers. */
  readonly fullRange: number | null;
  readonly storedBits: number;
  /** The colours behind the numbers, red, green, blue, 0..255, where they are the indices of a table. */
  readonly palette: readonly number[] | undefined;
  /** The name of the compression, if it may have changed values. */
  readonly lossy: string | undefined;
  readonly orientation: number;
}

/** Height, width and orientation tag of a file's image. */
export interface HeaderFacts {
  readonly height: number;
  readonly width: number;
  readonly orientation: number;
  readonly storedBits: number;
}

/** The greatest value of unsigned numbers of so many bits; null for others. */
export function fullRangeOf(format: 'unsigned' | 'signed' | 'floating-point', bits: number): number | null {
  return format === 'unsigned' ? 2 ** bits - 1 : null;
}
