import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FreeRanges } from './free-ranges.ts';

describe('FreeRanges', () => {
  test('cuts off the shortest part that is long enough', () => {
    const free = new FreeRanges(100);
    const [first, second, third, fourth] = [30, 10, 20, 10].map((bytes) => free.cut(bytes));
    expect([first, second, third, fourth]).toEqual([0, 30, 40, 60]);
    free.give(0, 30); // free: 30 at 0, 30 at 70
    free.give(40, 20); // and 20 at 40
    expect(free.shortest(15)).toBe(20);
    expect(free.cut(15)).toBe(40);
    expect(free.cut(25)).toBe(0);
  });

  test('joins what comes back with its free neighbours on both sides', () => {
    const free = new FreeRanges(30);
    for (let i = 0; i < 3; i++) free.cut(10);
    expect(free.shortest(1)).toBe(Infinity);
    free.give(0, 10);
    free.give(20, 10);
    expect(free.shortest(11)).toBe(Infinity);
    expect(free.isWhole).toBe(false);
    free.give(10, 10);
    expect(free.isWhole).toBe(true);
    expect(free.shortest(1)).toBe(30);
  });

  test('never gives the same byte twice, and is whole again once everything is back', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat(9)), { maxLength: 60 }), (steps) => {
        const free = new FreeRanges(40);
        const used: { offset: number; bytes: number }[] = [];
        for (const [bytes, which] of steps) {
          if (free.shortest(bytes) < Infinity) used.push({ offset: free.cut(bytes), bytes });
          else if (used.length > 0) {
            const [back] = used.splice(which % used.length, 1);
            free.give(back!.offset, back!.bytes);
          }
          const taken = used.flatMap(({ offset, bytes }) => Array.from({ length: bytes }, (_, i) => offset + i));
          expect(new Set(taken).size).toBe(taken.length);
          expect(taken.every((byte) => byte >= 0 && byte < 40)).toBe(true);
        }
        for (const { offset, bytes } of used) free.give(offset, bytes);
        expect(free.isWhole).toBe(true);
      }),
    );
  });
});
