import { writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { DataError } from '@pffnet/structures';
import fc from 'fast-check';
import { damaged, fuzzRuns } from '../../../test/damage.ts';
import { temporaryFolder } from '../../../test/temporary-folder.ts';
import { tiffFiles } from '../../../test/tiff-combinations.ts';
import { decodePixels, readHeader } from '../decode-pixels.ts';
import { readImage } from '../read-image.ts';
import { readLabelMap } from '../read-label-map.ts';

const { path } = temporaryFolder();
const files = tiffFiles();

/** Of every packing, arrangement and kind one. */
const kinds = [
  'uint8.grey.none.1.little.strips.tif',
  'uint16.rgb-separate.zip.2.big.strips.tif',
  'uint32.channels.lzw.2.little.tiles.tif',
  'int64.grey.zstd.1.big.tiles.tif',
  'float16.grey.zip.3.little.strips.tif',
  'float64.min-is-white.packbits.1.little.strips.tif',
  'palette.tif',
  'bigtiff.tif',
  'bits-1-g4-msb2lsb.tif',
  'bits-12-big.tif',
  'channels-ome.tif',
  'channels-imagej.tif',
  'channels-tifffile.tif',
  'levels-subifds.tif',
  'levels-pages.tif',
  'rgb-jpeg.tif',
];
/** As many in all as of any other format, each read in four ways. */
const numRuns = Math.ceil(fuzzRuns / kinds.length);
/** Bytes that reading a damaged file of a few kilobytes may take. */
const room = 2 ** 30;

describe('damaged TIFF', () => {
  test.each(kinds)('%s is read or refused in one line, within bounds', async (kind) => {
    const file = path(kind);
    const before = process.memoryUsage().rss;
    let most = before;
    const survives = async (bytes: Uint8Array): Promise<void> => {
      writeFileSync(file, bytes);
      for (const read of [readImage, readLabelMap, readHeader, (it: string) => decodePixels(it, 2)]) {
        try {
          await read(file);
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
          expect((error as Error).message).toContain(file);
          expect((error as Error).message).not.toContain('\n');
        }
      }
      most = Math.max(most, process.memoryUsage().rss);
    };
    await fc.assert(fc.asyncProperty(damaged(files.get(kind) ?? Buffer.alloc(0)), survives), { numRuns });
    expect(most - before).toBeLessThan(room);
  }, 3_600_000); // prettier-ignore
});
