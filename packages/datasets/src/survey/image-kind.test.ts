import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { randomStream, type RgbImage } from '@pffnet/structures';
import { readImage } from '../files/read-image.ts';
import { listImages } from '../files/list-files.ts';
import { type ImageKind, imageKind } from './image-kind.ts';

type Colour = readonly [red: number, green: number, blue: number];

/** Discs on a ground that varies a little, in so many per cent of the pixels. */
function picture(ground: Colour, object: Colour, covered: number): RgbImage {
  const side = 64;
  const stream = randomStream(1, 'picture');
  const data = new Float32Array(side * side * 3);
  for (let pixel = 0; pixel < side * side; pixel++) {
    const colour = pixel % 100 < covered ? object : ground;
    const noise = 10 * stream.uniform() - 5;
    data.set(
      colour.map((value) => Math.max(0, Math.min(255, value + noise))),
      pixel * 3,
    );
  }
  return { height: side, width: side, data };
}

describe('imageKind', () => {
  test.each<[string, ImageKind, RgbImage]>([
    ['pink tissue with violet nuclei', 'brightfield', picture([225, 170, 200], [110, 70, 140], 30)],
    ['dense violet nuclei', 'brightfield', picture([200, 150, 190], [120, 60, 150], 80)],
    ['violet on white', 'brightfield', picture([240, 240, 245], [90, 40, 120], 15)],
    ['dark on white, in grey', 'brightfield', picture([250, 250, 250], [40, 40, 40], 20)],
    ['tissue in a dark exposure', 'brightfield', picture([90, 68, 80], [44, 28, 56], 30)],
    ['grey nuclei on black', 'fluorescence', picture([6, 6, 6], [150, 150, 150], 15)],
    ['nuclei that fill most of it', 'fluorescence', picture([8, 8, 8], [180, 180, 180], 70)],
    ['blue nuclei on black', 'fluorescence', picture([3, 3, 5], [20, 30, 220], 20)],
    ['weak nuclei in a haze', 'fluorescence', picture([36, 36, 36], [70, 70, 70], 10)],
    ['one bit of light in 255', 'fluorescence', picture([0, 0, 0], [12, 12, 12], 10)],
    ['nothing but black', 'fluorescence', { height: 2, width: 2, data: new Float32Array(12) }],
    ['nothing but white', 'brightfield', { height: 2, width: 2, data: new Float32Array(12).fill(255) }],
    ['one white pixel', 'brightfield', { height: 1, width: 1, data: Float32Array.of(255, 255, 255) }],
  ])('tells %s: %s', (_, kind, image) => {
    expect(imageKind(image)).toBe(kind);
  });
});

const data = process.env['PFFNET_DATA'];
const real = data !== undefined && existsSync(join(data, 'dsb2018')) ? describe : describe.skip;

real('imageKind on real images (in PFFNET_DATA, skipped without it)', () => {
  const told = async (folder: string): Promise<[string, ImageKind][]> => {
    const files = (await listImages(join(data!, folder, 'images'))).filter((_, index) => index % 4 === 0);
    return Promise.all(
      files.map(async ({ name, path }): Promise<[string, ImageKind]> => [name, imageKind(await readImage(path))]),
    );
  };

  test('tells every fourth image of DSB2018 as its manifest does', async () => {
    const lines = readFileSync(join(data!, 'dsb2018', 'manifest.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1);
    const kinds = lines.map((line): [string, string] => {
      const [name, , , , kind] = line.split(',');
      return [name!, kind === 'fluo' ? 'fluorescence' : 'brightfield'];
    });
    const ours = await told('dsb2018');
    expect(ours.length).toBeGreaterThan(50);
    expect(new Map([...kinds, ...ours])).toEqual(new Map(kinds));
  }, 120_000);

  test('takes every fourth image of TNBC and Kumar for stained tissue', async () => {
    const others = [...(await told('tnbc')), ...(await told('kumar'))].filter(([, kind]) => kind !== 'brightfield');
    expect(others).toEqual([]);
  }, 120_000);
});
