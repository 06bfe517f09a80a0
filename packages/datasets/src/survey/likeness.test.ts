import { describe, expect, test } from '@jest/globals';
import type { RgbImage } from '@pffnet/structures';
import sharp, { type Sharp } from 'sharp';
import { flipHorizontal, flipVertical } from '../augmentation/flip.ts';
import { rot90 } from '../augmentation/rot90.ts';
import type { Sample } from '../sample.ts';
import { syntheticCells } from '../synthetic/synthetic-cells.ts';
import { likenessOf, resemblance } from './likeness.ts';

const cells = (seed: number): Sample => syntheticCells({ size: 96, count: [20, 30], seed });
const image = cells(1).image;
const alike = (a: RgbImage, b: RgbImage): number => resemblance(likenessOf(a), likenessOf(b));

async function through(change: (picture: Sharp) => Sharp): Promise<RgbImage> {
  const raw = { width: image.width, height: image.height, channels: 3 } as const;
  const { data, info } = await change(sharp(Uint8ClampedArray.from(image.data), { raw }))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { height: info.height, width: info.width, data: Float32Array.from(data) };
}

describe('likenessOf', () => {
  test('has one hash per picture', () => {
    expect(likenessOf(image).hash).toBe(likenessOf(cells(1).image).hash);
    const brighter = { ...image, data: image.data.map((value, at) => (at === 0 ? value + 1 : value)) };
    expect(likenessOf(brighter).hash).not.toBe(likenessOf(image).hash);
    // The same numbers in another shape are another picture.
    expect(likenessOf({ ...image, height: 48, width: 192 }).hash).not.toBe(likenessOf(image).hash);
  });
});

describe('resemblance', () => {
  test('of other images of the same kind is far from 1', () => {
    const others = [2, 3, 4, 5, 6, 7, 8, 9].map((seed) => cells(seed).image);
    for (const other of others) expect(alike(image, other)).toBeLessThan(0.7);
  });

  test.each([0, 1, 2, 3])('is 1 after %i quarter turns, mirrored or not', (turns) => {
    const turned = rot90(cells(1), turns);
    // 1e-6: sums of 144 products of float32.
    for (const variant of [turned, flipHorizontal(turned), flipVertical(turned)]) {
      expect(Math.abs(alike(image, variant.image) - 1)).toBeLessThan(1e-6);
    }
  });

  test('is near 1 for a copy that was scaled, compressed with loss, or brightened', async () => {
    const jpeg = await sharp(await sharp(Uint8ClampedArray.from(image.data), { raw: { width: 96, height: 96, channels: 3 } }).jpeg({ quality: 70 }).toBuffer()).raw().toBuffer(); // prettier-ignore
    expect(alike(image, { ...image, data: Float32Array.from(jpeg) })).toBeGreaterThan(0.97);
    expect(alike(image, await through((picture) => picture.resize(70, 70)))).toBeGreaterThan(0.97);
    expect(alike(image, { ...image, data: image.data.map((value) => value * 0.5 + 20) })).toBeGreaterThan(0.97);
  });

  test('of images without structure is 0, tiny ones are fine', () => {
    const plain = (side: number): RgbImage => ({
      height: side,
      width: side,
      data: new Float32Array(side * side * 3).fill(90),
    });
    expect(alike(plain(40), plain(40))).toBe(0);
    expect(alike(plain(1), image)).toBe(0);
  });
});
