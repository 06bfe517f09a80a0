import { describe, expect, test } from '@jest/globals';
import { labelMap } from '@pffnet/structures';
import { fittingScale } from './fitting-scale.ts';
import type { ReadingRule } from './network-config.ts';
import type { Network } from './network.ts';
import type { FoundObject, ImageSize, Predictor, Strip } from './predictor.ts';

const SIDE = 320;
const TRAINED = 20;
/** Windows as large as the image at every scale here. */
const rule: ReadingRule = { shortSide: null, tiles: { abovePixels: 1e9, size: 4096, overlap: 0 }, precision: 'f32' };
const image = { height: SIDE, width: SIDE, data: new Uint8Array(SIDE * SIDE * 3) };

/**
 * A network that finds discs of one size, unless they are read at less than a third of the trained size.
 * @param diameter - of the discs in the image, pixels; null for none.
 */
function finding(diameter: number | null): { network: Network; looks: ImageSize[] } {
  const looks: ImageSize[] = [];
  async function* decide(readings: AsyncIterable<unknown>, { height, width }: ImageSize): AsyncGenerator<Strip> {
    for await (const _ of readings) continue;
    looks.push({ height, width });
    const seen = ((diameter ?? 0) * width) / SIDE;
    const area = (Math.PI * seen ** 2) / 4;
    const object: FoundObject = { id: 1, box: [0, 0, 1, 1], area, classScore: null, quality: null, confidence: 1 };
    const instances = seen < TRAINED / 3 ? [] : [object, object, object];
    yield { y: 0, labels: labelMap(height, width), instances };
  }
  const predictor = { read: () => Promise.resolve(null), decide } as unknown as Predictor;
  return { network: { config: { test: rule }, predictor: () => predictor } as unknown as Network, looks };
}

describe('fittingScale', () => {
  test.each([
    ['as large as trained', 20, 1],
    ['a little smaller', 15, 1],
    ['a little larger', 27.5, 1],
    ['smaller than any that was trained', 13, 1.54],
    ['half as large', 10, 2],
    ['twice as large', 40, 0.5],
    ['five times as large', 100, 0.2],
    ['too small to be found at their own size', 5, 4],
  ])('of objects %s', async (_, diameter, scale) => {
    expect(await fittingScale(finding(diameter).network, image, TRAINED)).toBeCloseTo(scale, 1);
  });

  test('is 1 where nothing is found at any size', async () => {
    const { network, looks } = finding(null);
    expect(await fittingScale(network, image, TRAINED)).toBe(1);
    expect(looks.map(({ width }) => width / SIDE)).toEqual([1, 0.5, 2, 0.25]);
  });

  test('is 1 for one pixel', async () => {
    const pixel = { height: 1, width: 1, data: new Uint8Array(3) };
    expect(await fittingScale(finding(null).network, pixel, TRAINED)).toBe(1);
  });

  test('reads four windows of a large image', async () => {
    const { network, looks } = finding(20);
    const large = { height: 1300, width: 1300, data: new Uint8Array(1300 * 1300 * 3) };
    await fittingScale(network, large, TRAINED, { ...rule, tiles: { ...rule.tiles, size: 512 } });
    expect(looks.slice(0, 4)).toEqual(new Array(4).fill({ height: 512, width: 512 }));
  });
});
