import { describe, expect, test } from '@jest/globals';
import type { Sample } from '@pffnet/datasets';
import { DataError, labelMap } from '@pffnet/structures';
import fc from 'fast-check';
import { SampleCache } from './sample-cache.ts';

/** A sample of one row of pixels. */
const sampleOf = (name: string, width = 1): Sample => ({
  name,
  image: { height: 1, width, data: new Float32Array(width * 3) },
  labels: labelMap(1, width),
});

const onePixel = sampleOf('').image.data.byteLength + sampleOf('').labels.data.byteLength;

/** A cache for so many pixels, and the names that it read. */
function cacheFor(pixels: number, widths: Readonly<Record<string, number>> = {}) {
  const read: string[] = [];
  const cache = new SampleCache(async (name) => {
    read.push(name);
    return sampleOf(name, widths[name]);
  }, pixels * onePixel);
  const ask = async (names: Iterable<string>): Promise<void> => {
    for (const name of names) expect((await cache.get(name)).name).toBe(name);
  };
  return { ask, read };
}

describe('SampleCache', () => {
  test('drops the sample unused for longest, not all of them', async () => {
    const { ask, read } = cacheFor(3);
    await ask('abcadabc');
    // d drops b, whereas a was used again; b then drops c, and c drops d.
    expect(read.join('')).toBe('abcdbc');
  });

  test('reads 210 images of 512 x 512 pixels once, not nearly every time', async () => {
    const names = Array.from({ length: 210 }, (_, index) => `image${index}`);
    const { ask, read } = cacheFor(256);
    await ask([...names, ...names.toReversed(), ...names]);
    expect(read).toEqual(names);
  });

  test('counts bytes, not images', async () => {
    const { ask, read } = cacheFor(4, { w: 3 });
    await ask('abcwcw');
    expect(read.join('')).toBe('abcw');
    await ask('ab');
    expect(read.join('')).toBe('abcwab');
  });

  test('holds the sample asked for last, though it is larger than the memory', async () => {
    const { ask, read } = cacheFor(2, { w: 9 });
    await ask('awwa');
    expect(read.join('')).toBe('awa');
  });

  test('holds what was used last, whatever is asked for', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...'abcdef')), fc.integer({ min: 1, max: 6 }), async (names, size) => {
        const { ask, read } = cacheFor(size);
        await ask(names);
        const expected: string[] = [];
        let recent: string[] = [];
        for (const name of names) {
          if (!recent.includes(name)) expected.push(name);
          recent = [name, ...recent.filter((other) => other !== name)].slice(0, size);
        }
        expect(read).toEqual(expected);
      }),
    );
  });

  test('passes on what is wrong, and reads again when asked again', async () => {
    let reads = 0;
    const cache = new SampleCache(() => Promise.reject(new DataError(`a.png: cut short ${++reads}`)), 1);
    await expect(cache.get('a')).rejects.toThrow(new DataError('a.png: cut short 1'));
    await expect(cache.get('a')).rejects.toThrow(new DataError('a.png: cut short 2'));
  });
});
