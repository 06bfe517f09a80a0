import { describe, expect, test } from '@jest/globals';
import { grads, sum, type Tensor, tensor4d, type Tensor4D, tidy, zeros } from '@tensorflow/tfjs-core';
import { ParamScope } from '@pffnet/tensor-ops';
import { gradientError, newTensors, randomTensor } from '@pffnet/tensor-ops/testing';
import { SpatialRanking, spatialRankingSchema } from './spatial-ranking.ts';

const create = (scope: ParamScope, options: Record<string, unknown> = {}): SpatialRanking =>
  new SpatialRanking(scope, spatialRankingSchema.parse({ kind: 'spatial-ranking', ...options }), {
    geometry: 'continuous',
  });

const size = { height: 4, width: 8 };
/** Two boxes of 4 x 4 cells of P2 side by side, as masks of 2 x 2 cells. */
const boxes = Float32Array.of(0, 0, 16, 16, 0, 16, 16, 32);
const masks = tensor4d([1, 1, 1, 1, 1, 0, 0, 0], [2, 2, 2, 1]);

/** Kernels that give the painted map as the foreground logit, times `gain`. */
function readMap(scope: ParamScope, gain: number): void {
  const at = (name: string, shape: number[], values: number[]): void =>
    scope.assign(new Map([[name, { shape, data: Float32Array.from(values) }]]));
  at('across/kernel', [1, 3, 1, 1], [0, 1, 0]);
  at('down/kernel', [3, 1, 1, 2], [0, 0, 0, gain, 0, 0]);
}

describe('SpatialRanking', () => {
  test('ranks a mask by the mean probability under it', () => {
    using scope = ParamScope.root(1);
    const ranking = create(scope, { kernel: 3, channels: 1 });
    readMap(scope, Math.log(3));
    // The first mask fills its box with 1, where the probability is 3/4.
    const [first, second] = ranking.rank({ masks, boxes, size }).arraySync();
    expect(first).toBeCloseTo(0.75, 2);
    // The second has one cell of four, whose edge fades to 1/2.
    expect(second).toBeGreaterThan(0.5);
    expect(second).toBeLessThan(first!);
  });

  test('paints the union of masks, or their sum', () => {
    const twice = Float32Array.of(0, 0, 16, 16, 0, 0, 16, 16);
    const both = tensor4d([1, 1, 1, 1, 1, 1, 1, 1], [2, 2, 2, 1]);
    const logitOf = (paint: string): number => {
      using scope = ParamScope.root(1);
      const ranking = create(scope, { kernel: 3, channels: 1, paint });
      readMap(scope, 1);
      return ranking.predict({ masks: both, boxes: twice, size }).arraySync()[0]![1]![1]![1]!;
    };
    expect([logitOf('union'), logitOf('count')]).toEqual([1, 2]);
  });

  test('counts 1 x 7 and 7 x 1 with their biases', () => {
    using scope = ParamScope.root(1);
    create(scope);
    const shapes = [...scope.variables()].map(([path, { shape }]) => [path, shape]);
    expect(shapes).toEqual([
      ['across/kernel', [1, 7, 1, 16]],
      ['across/bias', [16]],
      ['down/kernel', [7, 1, 16, 2]],
      ['down/bias', [2]],
    ]);
  });

  test.each([
    [true, 0],
    [false, 1],
  ])('detachMask %s: the gradient of masks', (detachMask, expected) => {
    using scope = ParamScope.root(2);
    const ranking = create(scope, { detachMask });
    const inputs = randomTensor([2, 2, 2, 1], 'masks');
    const run = (x: Tensor): Tensor => ranking.predict({ masks: x as Tensor4D, boxes, size });
    const [gradient] = tidy(() => grads((x: Tensor) => sum(run(x)))([inputs]));
    expect(Math.sign((gradient!.dataSync() as Float32Array).reduce((total, g) => total + Math.abs(g), 0))).toBe(
      expected,
    );
    if (!detachMask) expect(gradientError(run, [inputs], { step: 1e-3 })).toBeLessThan(1e-2);
  });

  test('without instances there is nothing to rank, and the map is that of an empty image', () => {
    using scope = ParamScope.root(2);
    const ranking = create(scope);
    const none = { masks: zeros([0, 2, 2, 1]) as Tensor4D, boxes: new Float32Array(0), size };
    expect(ranking.rank(none).shape).toEqual([0]);
    expect(ranking.predict(none)).toBeAllClose(new Float32Array(64), { atol: 0, rtol: 0 });
    const empty = ranking.rank({ masks: zeros([2, 2, 2, 1]), boxes, size });
    expect(empty).toBeAllClose([0, 0], { atol: 0, rtol: 0 });
  });

  test('leaves one new tensor per call', () => {
    using scope = ParamScope.root(2);
    const ranking = create(scope);
    expect(newTensors(() => ranking.predict({ masks, boxes, size }))).toBe(1);
    expect(newTensors(() => ranking.rank({ masks, boxes, size }))).toBe(1);
  });

  test('names masks that have no box', () => {
    using scope = ParamScope.root(2);
    expect(() => create(scope).rank({ masks, boxes: new Float32Array(4), size })).toThrow(
      'rank: expected boxes [8] for 2 masks, got [4]',
    );
  });
});
