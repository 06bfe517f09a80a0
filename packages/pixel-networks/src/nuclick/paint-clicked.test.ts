import { describe, expect, test } from '@jest/globals';
import { paintClicked } from './paint-clicked.ts';

const rule = { minProbability: 0.5, minArea: 0 };
/** A mask in a square of 8 pixels, all in the row of its click. */
const mask = (click: number, x: number, row: number[]) => {
  const probabilities = new Float32Array(64);
  probabilities.set(row, 4 * 8);
  return { click, at: { y: 0, x }, place: { y: -4, x: x - 4, side: 8 }, probabilities };
};
const painted = (masks: Parameters<typeof paintClicked>[0], change = {}) => [
  ...paintClicked(masks, { height: 1, width: 8 }, { ...rule, ...change }).data,
];

describe('paintClicked', () => {
  test('paints what is connected to the click, and nothing at a click below the threshold', () => {
    expect(painted([mask(0, 4, [0.9, 0, 0.9, 0.9, 0.9, 0.4, 0.9, 0])])).toEqual([0, 0, 1, 1, 1, 0, 0, 0]);
    expect(painted([mask(0, 4, [0.9, 0, 0.9, 0.9, 0.5, 0.9, 0.9, 0])])).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(painted([mask(0, 4, [0, 0, 0.9, 0.9, 0.9])], { minArea: 4 })).toEqual(new Array(8).fill(0));
    expect(painted([])).toEqual(new Array(8).fill(0));
  });

  test('lets the larger probability decide where masks of two objects overlap; ids follow the clicks', () => {
    // The second holds the click of the first, but not the first that of the second.
    const first = mask(0, 2, [0, 0, 0, 0.6, 0.9, 0.6, 0, 0]);
    const second = mask(1, 5, [0, 0, 0.8, 0.9, 0.9, 0.9, 0, 0]);
    expect(painted([second, first])).toEqual([0, 1, 1, 2, 2, 2, 2, 0]);
  });

  test('takes two clicks, each in the mask of the other, for one object', () => {
    const first = mask(0, 2, [0, 0, 0, 0.6, 0.9, 0.9, 0.9, 0]);
    const second = mask(1, 4, [0, 0, 0.9, 0.9, 0.9, 0, 0, 0]);
    expect(painted([first, second])).toEqual([0, 1, 1, 1, 1, 0, 0, 0]);
  });

  test('fills small holes', () => {
    const ring = { ...mask(0, 4, []), at: { y: 4, x: 3 }, place: { y: 0, x: -1, side: 8 } };
    for (let pixel = 0; pixel < 64; pixel++) ring.probabilities[pixel] = pixel === 27 || pixel % 8 === 0 ? 0.1 : 0.9;
    const { data } = paintClicked([ring], { height: 8, width: 7 }, rule);
    expect(data.every((id) => id === 1)).toBe(true);
  });
});
