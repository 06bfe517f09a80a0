import { describe, expect, test } from '@jest/globals';
import { labelMap, type RgbImage, type RgbPixels } from '@pffnet/structures';
import type { ReadingRule } from './network-config.ts';
import { decidePrediction, readImageParts } from './predict.ts';
import type { ImagePart, ImageSize, Predictor, Strip } from './predictor.ts';

const image = (height: number, width: number): RgbImage => ({
  height,
  width,
  data: Float32Array.from({ length: height * width * 3 }, (_, at) => Math.floor(at / 3)),
});
const rule: ReadingRule = { shortSide: null, tiles: { abovePixels: 64, size: 8, overlap: 2 }, precision: 'f32' };

/** Says of each part where it lies; decides nothing. */
function recording(): { predictor: Predictor; parts: ImagePart[] } {
  const parts: ImagePart[] = [];
  const predictor = {
    read: (part: ImagePart) => {
      parts.push(part);
      return Promise.resolve(part.tile);
    },
  } as unknown as Predictor;
  return { predictor, parts };
}

async function partsOf(of: RgbPixels, by: ReadingRule): Promise<ImagePart[]> {
  const { predictor, parts } = recording();
  for await (const _ of readImageParts(predictor, of, by)) continue;
  return parts;
}

describe('readImageParts', () => {
  test('reads a small image whole', async () => {
    const [part, ...others] = await partsOf(image(8, 8), rule);
    expect(others).toEqual([]);
    expect(part).toMatchObject({ tile: { y: 0, x: 0, height: 8, width: 8 }, whole: { height: 8, width: 8 } });
  });

  test('cuts a large one into tiles whose cores share it out', async () => {
    const parts = await partsOf(image(8, 20), rule);
    const owned = new Uint8Array(20);
    for (const { tile, image: part } of parts) {
      expect(part.data[0]).toBe(tile.y * 20 + tile.x); // the tile's first pixel
      for (let x = tile.core.x1; x < tile.core.x2; x++) owned[x]!++;
    }
    expect([...owned]).toEqual(Array(20).fill(1));
  });

  test('gives the network the same pixels of an image in bytes', async () => {
    const floats = image(8, 10);
    const bytes = { ...floats, data: Uint8Array.from(floats.data) };
    for (const by of [rule, { ...rule, shortSide: 5 }, { ...rule, tiles: { ...rule.tiles, abovePixels: 1000 } }]) {
      const parts = await partsOf(bytes, by);
      expect(parts.every((part) => part.image.data instanceof Float32Array)).toBe(true);
      expect(parts).toEqual(await partsOf(floats, by));
    }
  });

  test('brings it to a shorter side first', async () => {
    const [part] = await partsOf(image(8, 16), { ...rule, shortSide: 4 });
    expect(part!.whole).toEqual({ height: 4, width: 8 });
  });
});

describe('decidePrediction', () => {
  const object = (id: number) => ({
    id,
    box: [0, 0, 1, 1] as const,
    area: 1,
    classScore: 1,
    quality: null,
    confidence: 1,
  });
  const deciding = (strips: readonly Strip[]): Predictor =>
    ({
      async *decide(_: unknown, __: ImageSize) {
        yield* strips;
      },
    }) as unknown as Predictor;

  test('puts strips together, objects by id', async () => {
    const strips = [
      { y: 0, labels: labelMap(1, 2, [2, 2]), instances: [object(2)] },
      { y: 1, labels: labelMap(2, 2, [0, 1, 0, 1]), instances: [object(1)] },
    ];
    const { labels, instances } = await decidePrediction(deciding(strips), [], { height: 3, width: 2 }, rule);
    expect([...labels.data]).toEqual([2, 2, 0, 1, 0, 1]);
    expect(instances.map(({ id }) => id)).toEqual([1, 2]);
  });

  test('of no strips is an empty map', async () => {
    const { labels, instances } = await decidePrediction(deciding([]), [], { height: 1, width: 2 }, rule);
    expect([[...labels.data], instances]).toEqual([[0, 0], []]);
  });
});
