import { describe, expect, test } from '@jest/globals';
import { cutCore, joinCores } from './core-values.ts';

const whole = { height: 2, width: 5 };
const tile = (x: number, width: number, x1: number, x2: number) => ({
  whole,
  tile: { y: 0, x, height: 2, width, core: { y1: 0, x1, y2: 2, x2 } },
});

describe('cutCore and joinCores', () => {
  test('give back an image that was read in overlapping parts, whatever stands beyond the cores', () => {
    // Parts of columns 0-3 and 1-4, which answer for 0-1 and 2-4; -1 is overlap, -2 padding.
    const left = cutCore(tile(0, 4, 0, 2), Float32Array.of(0, 1, -1, -1, 5, 6, -1, -1), 4);
    const right = cutCore(tile(1, 4, 2, 5), Float32Array.of(-1, 2, 3, 4, -2, -1, 7, 8, 9, -2), 5);
    expect([...left.values]).toEqual([0, 1, 5, 6]);
    const joined = joinCores([left, right], (length) => new Float32Array(length), { height: 9, width: 9 });
    expect(joined).toEqual({ height: 2, width: 5, data: Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9) });
  });

  test('keep the numbers of a pixel together', () => {
    const part = cutCore(
      tile(0, 5, 0, 5),
      Uint8Array.from({ length: 20 }, (_, index) => index),
      5,
      2,
    );
    const { data } = joinCores([part], (length) => new Uint8Array(length), whole, 2);
    expect([...data]).toEqual(Array.from({ length: 20 }, (_, index) => index));
  });

  test('give zeros where there are no parts', () => {
    const joined = joinCores([], (length) => new Uint8Array(length), { height: 1, width: 3 });
    expect(joined).toEqual({ height: 1, width: 3, data: new Uint8Array(3) });
  });
});
