import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { randomStream } from '@pffnet/structures';
import { drawSubset } from './draw-subset.ts';

describe('drawSubset', () => {
  test('draws as many as asked for, in order, none twice, and leaves the items alone', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.nat(50), fc.nat(), (length, count, seed) => {
        const items = Int32Array.from({ length }, (_, index) => 3 * index);
        const drawn = drawSubset(items, count, randomStream(seed, 'draw'));
        expect(drawn.length).toBe(Math.min(length, count));
        expect(drawn.every((item, place) => item % 3 === 0 && (place === 0 || item > drawn[place - 1]))).toBe(true);
        expect(items.every((item, index) => item === 3 * index)).toBe(true);
      }),
    );
  });

  test('draws every pair of five equally often', () => {
    const stream = randomStream(4, 'pairs');
    const seen = new Map<string, number>();
    for (let draw = 0; draw < 5000; draw++) {
      const pair = drawSubset(Int32Array.of(0, 1, 2, 3, 4), 2, stream).join();
      seen.set(pair, (seen.get(pair) ?? 0) + 1);
    }
    expect(seen.size).toBe(10);
    for (const times of seen.values()) expect(Math.abs(times - 500)).toBeLessThan(100); // 4.7 standard deviations
  });

  test('does not touch the stream when it takes everything', () => {
    const stream = randomStream(4, 'all');
    const before = stream.state();
    expect([...drawSubset(Int32Array.of(7, 8), 2, stream)]).toEqual([7, 8]);
    expect(stream.state()).toEqual(before);
  });
});
