import { expect, test } from '@jest/globals';
import { levelOfBoxes } from '@pffnet/structures';
import { roiAlign, roiAlignDirect } from '@pffnet/tensor-ops';
import { expectSameOn, newTensors, noise } from '@pffnet/tensor-ops/testing';
import { grad, grads, mul, setBackend, sum, type Tensor, tensor, tensor4d, type Tensor4D } from '@tensorflow/tfjs-core';

/** Boxes inside, across and beyond the image, and one smaller than a pixel. */
export const boxes = Float32Array.of(
  ...[10, 12, 40, 30, -20, -20, 100, 120, 5, 5, 5, 9, 50, 60, 70, 90, -90, -90, -60, -60],
  ...[0.5, 0.25, 3, 4],
);
const levels = [noise([1, 16, 20, 5], 'fine'), noise([1, 8, 10, 5], 'middle'), noise([1, 1, 1, 5], 'coarse')];

/** Defines the tests of an engine whose own kernels align RoIs. */
export function defineRoiAlignTests(engine: string): void {
  test.each([
    ['roiAlign', roiAlign, 'continuous'],
    ['roiAlign', roiAlign, 'legacy'],
    ['roiAlignDirect', roiAlignDirect, 'continuous'],
    ['roiAlignDirect', roiAlignDirect, 'legacy'],
  ] as const)('%s agrees with its other form on the CPU engine, %3$s', async (name, align, geometry) => {
    const spec = { side: 7, strides: [4, 8, 64], geometry };
    const levelOfBox = Int32Array.of(0, 1, 2, 2, 0, 0);
    const run = (...maps: Tensor[]): Tensor => align(maps as Tensor4D[], boxes, levelOfBox, spec);
    const upstream = noise([6, 7, 7, 5], 'upstream');
    const both = (...maps: Tensor[]): Tensor[] =>
      name === 'roiAlign'
        ? [run(...maps), ...grads(run)(maps, tensor(upstream.values, [...upstream.shape]))]
        : [run(...maps)];
    await expectSameOn(engine, levels, both, { atol: 1e-5, rtol: 1e-5 });
  });

  test('roiAlign passes no boxes through, forward and backward, and leaves no other tensor', async () => {
    const spec = { side: 2, strides: [4], geometry: 'continuous' } as const;
    const none = new Float32Array(0);
    const run = (map: Tensor): Tensor =>
      roiAlign([map as Tensor4D], none, levelOfBoxes(none, { count: 1 }, 'continuous'), spec);
    const slope = (map: Tensor): Tensor => grad((value: Tensor) => sum(mul(run(value), 2)))(map);
    await expectSameOn(engine, [levels[0]], (map) => [run(map), slope(map)]);
    await setBackend(engine);
    const map = tensor4d(levels[0].values, [1, 16, 20, 5]);
    expect(newTensors(() => roiAlign([map], boxes, new Int32Array(6), spec))).toBe(1);
  });
}
