import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** What `tools/tiff-fixtures.py` wrote down of the files that it made. */
export interface TiffFacts {
  readonly height: number;
  readonly width: number;
  /** Samples per pixel by layout. */
  readonly samples: Readonly<Record<string, number>>;
  /** Stored numbers by number type and samples per pixel, row by row, pixel by pixel. */
  readonly values: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
  readonly combinations: number;
  /** Of files that are no combination; null for those that are refused. */
  readonly others: Readonly<Record<string, readonly number[] | null>>;
}

const beside = (name: string): URL => new URL(name, import.meta.url);

/** The numbers that are stored. */
export const tiffFacts = JSON.parse(readFileSync(beside('tiff-combinations.json'), 'utf8')) as TiffFacts;

/** The files by name, such as `uint16.grey.zip.2.big.tiles.tif`. */
export function tiffFiles(): ReadonlyMap<string, Buffer> {
  const bytes = gunzipSync(readFileSync(beside('tiff-combinations.gz')));
  const end = bytes.indexOf('\n');
  const index = JSON.parse(bytes.toString('utf8', 0, end)) as [name: string, length: number][];
  let at = end + 1;
  return new Map(index.map(([name, length]) => [name, bytes.subarray(at, (at += length))]));
}
