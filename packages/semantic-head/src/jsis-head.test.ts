import { describe, expect, test } from '@jest/globals';
import { ones, range, reshape, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { ParamScope } from '@pffnet/tensor-ops';
import { gradientError, newTensors, randomTensor } from '@pffnet/tensor-ops/testing';
import { createSemanticHead } from './create-semantic-head.ts';
import type { SemanticHeadConfig } from './semantic-heads.ts';
import { averageOverGrid, pyramidPooling } from './pyramid-pooling.ts';
import type { SemanticFeatures, SemanticHeadSpec } from './semantic-head.ts';

const spec: SemanticHeadSpec = { bottomUpChannels: [1, 1, 1, 8], pyramidChannels: 1 };
const config: SemanticHeadConfig = { kind: 'jsis', channels: 8, groups: 2 };

const c5 = randomTensor([1, 2, 3, 8], 'c5') as Tensor4D;

/** The maps that a backbone would give; nothing but C5 is read. */
function featuresOf(map: Tensor4D): SemanticFeatures {
  const unread: Tensor4D = ones([1, 1, 1, 1]);
  return { c: [unread, unread, unread, map], p: [unread, unread, unread, unread, unread] };
}

describe('averageOverGrid', () => {
  //  0  1  2  3
  //  4  5  6  7
  //  8  9 10 11
  const map = reshape(range(0, 12), [1, 3, 4, 1]) as Tensor4D;

  test.each([
    [1, [5.5]],
    // Three rows in two cells: both hold the middle one.
    [2, [2.5, 4.5, 6.5, 8.5]],
    // Four columns in three cells: 0-1, 1-2, 2-3.
    [3, [0.5, 1.5, 2.5, 4.5, 5.5, 6.5, 8.5, 9.5, 10.5]],
  ])('of %i cells a side', (cells, expected) => {
    expect(averageOverGrid(map, cells)).toBeAllClose(expected, { atol: 1e-5, rtol: 0 });
  });

  test('repeats cells where the grid is finer than the map', () => {
    const row = reshape(range(0, 2), [1, 1, 2, 1]) as Tensor4D;
    expect(averageOverGrid(row, 4)).toBeAllClose([0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1], {
      atol: 0,
      rtol: 0,
    });
  });

  test('agrees with finite differences', () => {
    expect(
      gradientError((x: Tensor) => averageOverGrid(x as Tensor4D, 2), [randomTensor([1, 3, 4, 2], 'x')]),
    ).toBeLessThan(1e-3);
  });
});

describe('pyramidPooling', () => {
  test('lays four quarters beside the map, which stays as it is', () => {
    using scope = ParamScope.root(1);
    const pooled = pyramidPooling(scope, { channels: 8, groups: 2 })(c5);
    expect(pooled.shape).toEqual([1, 2, 3, 16]);
    const [own, all] = [c5.arraySync(), pooled.arraySync()];
    own[0].forEach((row, y) => row.forEach((cell, x) => expect(all[0][y][x].slice(0, 8)).toEqual(cell)));
    // The first quarter is the mean of the whole map, everywhere the same.
    for (const row of all[0])
      for (const cell of row) {
        cell.slice(8, 10).forEach((value, at) => expect(value).toBeCloseTo(all[0][0][0][8 + at], 5));
      }
  });
});

describe('JsisHead', () => {
  test('gives logits at the size of the image, 32 times that of C5', () => {
    using scope = ParamScope.root(1);
    const logits = createSemanticHead(scope, spec, config).predict(featuresOf(c5));
    expect(logits.shape).toEqual([1, 64, 96, 2]);
    expect(logits.dataSync().every(Number.isFinite)).toBe(true);
    // 4 x 8 x 2 narrow, four norms of 2; 16 x 8 x 9 merge, its norm of 8; 8 -> 4 and 4 -> 2 by four cells; 2 x 2 classes.
    const count = 4 * (8 * 2 + 2 * 2) + (16 * 8 * 9 + 2 * 8) + (8 * 16 + 4) + (4 * 8 + 2) + (2 * 2 + 2);
    expect([...scope.variables().values()].reduce((total, { size }) => total + size, 0)).toBe(count);
  });

  test('agrees with finite differences in C5', () => {
    using scope = ParamScope.root(2);
    const head = createSemanticHead(scope, spec, config);
    const run = (map: Tensor): Tensor => head.predict(featuresOf(map as Tensor4D));
    expect(gradientError(run, [c5], { entries: 8, step: 1e-3 })).toBeLessThan(2e-2);
  });

  test('leaves one new tensor per call', () => {
    using scope = ParamScope.root(1);
    const head = createSemanticHead(scope, spec, config);
    const features = featuresOf(c5);
    expect(newTensors(() => head.predict(features))).toBe(1);
  });

  test.each([
    [{ groups: 3 }, 'semanticHead.groups: expected a divisor of 8 channels, got 3'],
    [{ groups: 4 }, 'semanticHead.groups: expected a divisor of 2, a quarter of the channels of C5, got 4'],
    [{ channels: 6 }, 'semanticHead.channels: expected a multiple of 4, to be halved twice, got 6'],
  ])('refuses %j', (change, message) => {
    using scope = ParamScope.root(1);
    expect(() => createSemanticHead(scope, spec, { ...config, ...change })).toThrow(message);
    expect(scope.variables().size).toBe(0);
  });

  test('names the map that does not fit', () => {
    using scope = ParamScope.root(1);
    const head = createSemanticHead(scope, spec, config);
    expect(() => head.predict(featuresOf(ones([1, 2, 3, 4])))).toThrow(
      'predict: expected C5 [1, h, w, 8], got [1, 2, 3, 4]',
    );
  });
});
