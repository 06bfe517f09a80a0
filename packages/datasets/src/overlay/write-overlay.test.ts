import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { labelMap, type RgbPixels } from '@pffnet/structures';
import sharp from 'sharp';
import { overlay, overlayRows } from './overlay.ts';
import { writeOverlay } from './write-overlay.ts';

const [height, width] = [700, 500]; // two strips
const labels = labelMap(
  height,
  width,
  Array.from({ length: height * width }, (_, at) => {
    const [y, x] = [Math.floor(at / width), at % width];
    return y % 10 < 7 && x % 10 < 8 ? 1 + 50 * Math.floor(y / 10) + Math.floor(x / 10) : 0;
  }),
);
const inBytes: RgbPixels = {
  height,
  width,
  data: Uint8ClampedArray.from({ length: height * width * 3 }, (_, at) => (at * 31) % 256),
};
const inFloats: RgbPixels = { ...inBytes, data: Float32Array.from(inBytes.data, (value) => value * 1.2 - 10.3) };

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'pffnet-overlay-'))));
afterAll(() => rm(folder, { recursive: true }));

describe('overlayRows', () => {
  test('gives the rows of the whole overlay, wherever they are cut', () => {
    const truth = labelMap(height, width, labels.data.slice().reverse());
    const options = { thickness: 2, truth };
    const whole = overlay(inBytes, labels, options).data;
    const rowsOf = overlayRows(inBytes, labels, options);
    for (const [begin, end] of [
      [0, 1],
      [1, 6],
      [333, 334],
      [650, 700],
    ] as const) {
      expect(rowsOf(begin, end)).toEqual(whole.slice(begin * width * 3, end * width * 3));
    }
  });
});

describe('writeOverlay', () => {
  test.each([
    { name: 'bytes', image: inBytes },
    { name: 'floats, which are rounded and cut to 0..255', image: inFloats },
  ])('writes the pixels of the overlay: $name', async ({ image }) => {
    const path = join(folder, 'overlay.png');
    await writeOverlay(path, image, labels);
    const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
    expect([info.height, info.width, info.channels]).toEqual([height, width, 3]);
    expect(Buffer.from(Uint8ClampedArray.from(overlay(image, labels).data)).equals(data)).toBe(true);
  });

  test('refuses a label map of another size, and writes nothing', async () => {
    const path = join(folder, 'none', 'overlay.png');
    const other = labelMap(2, 3);
    await expect(writeOverlay(path, inBytes, other)).rejects.toThrow(
      'overlay: expected label maps of 700 x 500, got 2 x 3',
    );
    expect(await readdir(folder)).not.toContain('none');
  });

  test('names the folder that is missing', async () => {
    await expect(writeOverlay(join(folder, 'none', 'overlay.png'), inBytes, labels)).rejects.toThrow(
      `there is no folder ${join(folder, 'none')}; create it first`,
    );
  });
});
