import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anySample, isTied, tiedSample } from '../../test/any-sample.ts';
import type { Sample } from '../sample.ts';
import { flipHorizontal, flipVertical } from './flip.ts';
import { rot90 } from './rot90.ts';

// 1 2 3
// 4 5 6
const grid = tiedSample(2, 3, [1, 2, 3, 4, 5, 6]);

const rowsOf = ({ labels: { height, width, data } }: Sample): number[][] =>
  Array.from({ length: height }, (_, y) => [...data.subarray(y * width, (y + 1) * width)]);

const turnsOf = [1, 2, 3].map((turns) => [`${turns} quarter turns`, (sample: Sample) => rot90(sample, turns)] as const);

const transforms = [['flipHorizontal', flipHorizontal], ['flipVertical', flipVertical], ...turnsOf] as const;

describe('flipHorizontal', () => {
  test('mirrors left and right', () => {
    expect(rowsOf(flipHorizontal(grid))).toEqual([
      [3, 2, 1],
      [6, 5, 4],
    ]);
  });
});

describe('flipVertical', () => {
  test('mirrors top and bottom', () => {
    expect(rowsOf(flipVertical(grid))).toEqual([
      [4, 5, 6],
      [1, 2, 3],
    ]);
  });
});

describe('rot90', () => {
  test.each([
    [
      0,
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ],
    [
      1,
      [
        [3, 6],
        [2, 5],
        [1, 4],
      ],
    ],
    [
      2,
      [
        [6, 5, 4],
        [3, 2, 1],
      ],
    ],
    [
      3,
      [
        [4, 1],
        [5, 2],
        [6, 3],
      ],
    ],
    [
      -1,
      [
        [4, 1],
        [5, 2],
        [6, 3],
      ],
    ],
    [
      5,
      [
        [3, 6],
        [2, 5],
        [1, 4],
      ],
    ],
  ])('turns %i times counter-clockwise', (turns, rows) => {
    expect(rowsOf(rot90(grid, turns))).toEqual(rows);
  });

  test('comes back after four turns', () => {
    fc.assert(
      fc.property(anySample(), (sample) => {
        let turned = sample;
        for (let turn = 0; turn < 4; turn++) turned = rot90(turned, 1);
        expect(turned).toEqual(sample);
      }),
    );
  });

  test('adds up: two turns and one are three', () => {
    fc.assert(
      fc.property(anySample(), fc.integer({ min: -5, max: 5 }), fc.integer({ min: -5, max: 5 }), (sample, a, b) => {
        expect(rot90(rot90(sample, a), b)).toEqual(rot90(sample, a + b));
      }),
    );
  });

  test('by two is both flips', () => {
    fc.assert(
      fc.property(anySample(), (sample) => {
        expect(rot90(sample, 2)).toEqual(flipVertical(flipHorizontal(sample)));
      }),
    );
  });
});

describe.each(transforms)('%s', (name, transform) => {
  test('moves image and labels together', () => {
    fc.assert(fc.property(anySample(), (sample) => isTied(transform(sample))));
  });

  test('loses no pixel', () => {
    fc.assert(
      fc.property(anySample(), (sample) => {
        expect([...transform(sample).labels.data].sort()).toEqual([...sample.labels.data].sort());
      }),
    );
  });

  test('leaves what it was given as it is', () => {
    transform(grid);
    expect(rowsOf(grid)).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  if (name.startsWith('flip')) {
    test('undoes itself', () => {
      fc.assert(fc.property(anySample(), (sample) => expect(transform(transform(sample))).toEqual(sample)));
    });
  }
});
