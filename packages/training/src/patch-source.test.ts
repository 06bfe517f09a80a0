import { describe, expect, test } from '@jest/globals';
import type { Dataset, Sample } from '@pffnet/datasets';
import { type ConfigPatch, variants, vary } from '@pffnet/pffnet';
import { DataError, labelMap } from '@pffnet/structures';
import { noAugmentation, tiny } from '../test/tiny.ts';
import { PatchSource } from './patch-source.ts';

/** Images of 8 x 8 pixels: image i is i everywhere, with one object of 4 x 4 pixels at its lower right, or none. */
function imagesOf(objects: readonly boolean[]): Dataset {
  const names = objects.map((_, index) => `image${index}`);
  return {
    names,
    load: async (name) => {
      const index = names.indexOf(name);
      const labels = labelMap(8, 8);
      for (let y = 4; y < 8; y++) if (objects[index]) labels.data.fill(1, y * 8 + 4, y * 8 + 8);
      return { name, image: { height: 8, width: 8, data: new Float32Array(8 * 8 * 3).fill(index) }, labels };
    },
  };
}

const plain = vary(tiny, { training: { patch: { size: 6, perImage: 1 }, augmentation: noAugmentation } });
const all = (count: number): boolean[] => Array<boolean>(count).fill(true);

function sourceOf(dataset: Dataset, patch: ConfigPatch = {}): PatchSource {
  return new PatchSource(dataset, dataset.names, vary(plain, patch));
}

async function patchesOf(source: PatchSource, iterations: readonly number[]): Promise<Sample[]> {
  const patches = [];
  for (const iteration of iterations) patches.push(await source.draw(iteration));
  return patches;
}

/** Which image a patch was cut from. */
const imageIndex = ({ image }: Sample): number => image.data[0];

describe('PatchSource', () => {
  test('visits each image once per epoch, in an order of its own', async () => {
    const patches = await patchesOf(sourceOf(imagesOf(all(5))), [...Array(15).keys()]);
    const epochs = [0, 5, 10].map((start) => patches.slice(start, start + 5).map(imageIndex));
    for (const epoch of epochs) expect([...epoch].sort()).toEqual([0, 1, 2, 3, 4]);
    expect(new Set(epochs.map(String)).size).toBe(3);
  });

  test('cuts as many patches from an image as the config says before it goes on', async () => {
    const source = sourceOf(imagesOf(all(3)), { training: { patch: { perImage: 4 } } });
    const images = (await patchesOf(source, [...Array(12).keys()])).map(imageIndex);
    for (const start of [0, 4, 8]) expect(new Set(images.slice(start, start + 4)).size).toBe(1);
    expect(new Set(images).size).toBe(3);
  });

  test('reads the image of the next iteration before it is asked for', async () => {
    const dataset = imagesOf(all(4));
    const read: string[] = [];
    const counting: Dataset = {
      ...dataset,
      load: (name) => {
        read.push(name);
        return dataset.load(name);
      },
    };
    const source = sourceOf(counting);
    await source.draw(0);
    await new Promise(setImmediate);
    expect(read).toHaveLength(2);
    await source.draw(1);
    expect(read[1]).toBe(`image${imageIndex(await source.draw(1))}`);
  });

  test('gives the patch of an iteration, whatever was asked before', async () => {
    const dataset = imagesOf(all(4));
    const augmentation = tiny.training.augmentation;
    const iterations = [...Array(9).keys()];
    const inOrder = await patchesOf(sourceOf(dataset, { training: { augmentation } }), iterations);
    const backwards = await patchesOf(sourceOf(dataset, { training: { augmentation } }), [...iterations].reverse());
    expect(inOrder).toEqual(backwards.reverse());
  });

  test('gives other patches for another seed', async () => {
    const [a, b] = await Promise.all(
      [1, 2].map((seed) => patchesOf(sourceOf(imagesOf(all(6)), { seed }), [...Array(6).keys()])),
    );
    expect(a.map(imageIndex)).not.toEqual(b.map(imageIndex));
  });

  test.each<[string, ConfigPatch]>([
    ...Object.entries<ConfigPatch>(variants),
    ['a deeper backbone', { backbone: { depth: 34 } }],
  ])('gives the same images, places, augmentation and anchors to %s', async (_, variant) => {
    const { augmentation } = tiny.training;
    const dataset = imagesOf(all(3));
    const iterations = [...Array(6).keys()];
    const [own, other] = await Promise.all(
      [{}, variant].map((patch) => patchesOf(sourceOf(dataset, { training: { augmentation }, ...patch }), iterations)),
    );
    expect(other).toEqual(own);
  });

  test('brings every image to a square first when the config says so', async () => {
    const wide: Dataset = {
      names: ['wide'],
      load: async (name) => ({
        name,
        image: { height: 2, width: 4, data: Float32Array.from({ length: 24 }, (_, at) => Math.floor(at / 3) % 4) },
        labels: labelMap(2, 4, [0, 0, 5, 5, 0, 0, 5, 5]),
      }),
    };
    const source = sourceOf(wide, { training: { resize: { kind: 'square', side: 4 }, patch: { size: 4 } } });
    const { image, labels } = await source.draw(0);
    expect([...labels.data]).toEqual([0, 0, 5, 5, 0, 0, 5, 5, 0, 0, 5, 5, 0, 0, 5, 5]);
    expect([...image.data].filter((_, at) => at % 3 === 0).slice(0, 4)).toEqual([0, 1, 2, 3]);
  });

  test('passes over images without objects', async () => {
    const patches = await patchesOf(sourceOf(imagesOf([false, true, false, true])), [...Array(12).keys()]);
    expect(new Set(patches.map(imageIndex))).toEqual(new Set([1, 3]));
  });

  test('draws again when a patch misses the objects of its image', async () => {
    // A patch of 4 x 4 pixels meets the object from 16 of 25 places.
    const source = sourceOf(imagesOf(all(1)), { training: { patch: { size: 4 } } });
    const patches = await patchesOf(source, [...Array(20).keys()]);
    expect(patches.every(({ labels }) => labels.data.some((id) => id > 0))).toBe(true);
  });

  test('says that no image has an object', async () => {
    await expect(sourceOf(imagesOf([false, false])).draw(0)).rejects.toThrow(
      new DataError(
        'no object was found in 10 patches of 6 pixels from each of 2 training images; expected label maps with ids above 0',
      ),
    );
  });

  test('says that there are no images', () => {
    expect(() => sourceOf(imagesOf([]))).toThrow(new DataError('there are no training images; expected at least one'));
  });

  test('passes on what is wrong with an image', async () => {
    const broken: Dataset = { names: ['a'], load: () => Promise.reject(new DataError('a.png: cut short')) };
    await expect(sourceOf(broken).draw(0)).rejects.toThrow(new DataError('a.png: cut short'));
  });
});
