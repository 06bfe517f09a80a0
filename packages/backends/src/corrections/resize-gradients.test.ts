import { describe, expect, test } from '@jest/globals';
import { grad, image, mul, ones, setBackend, sum, type Tensor, tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { noise } from '@pffnet/tensor-ops/testing';
import { loadBackend } from '../load-backend.ts';

const engines = ['cpu', 'wasm'] as const;
for (const engine of engines) await loadBackend(engine);

const resizes = { resizeBilinear: image.resizeBilinear, resizeNearestNeighbor: image.resizeNearestNeighbor };
const cases = (Object.keys(resizes) as (keyof typeof resizes)[]).flatMap((resize) =>
  [
    [false, false],
    [true, false],
    [false, true],
  ].flatMap(([corners, halves]) =>
    [
      { from: [3, 4], to: [7, 5] },
      { from: [7, 5], to: [3, 4] },
      { from: [1, 1], to: [2, 3] },
    ].map((sizes) => ({ resize, corners, halves, ...sizes })),
  ),
);

describe.each(engines)('the gradient of resizing on %s', (engine) => {
  test('follows half pixels: the nearest of 2 x 2 pixels is read 1, 2, 2 and 4 times by 3 x 3', async () => {
    await setBackend(engine);
    const slope = grad((x: Tensor) => image.resizeNearestNeighbor(x as Tensor4D, [3, 3], false, true))(
      ones([1, 2, 2, 1]),
    );
    expect([...slope.dataSync()]).toEqual([1, 2, 2, 4]);
  });

  // Resizing is linear: <u, R x> = <R' u, x>, for any u and x.
  test.each(cases)('is the transpose of $resize from $from to $to, $corners, $halves', async (one) => {
    await setBackend(engine);
    const { resize, corners, halves, from, to } = one;
    const made = (shape: number[], name: string): Tensor4D =>
      tensor(noise(shape, name).values, shape as [number, number, number, number]);
    const [x, upstream] = [made([2, ...from, 3], 'x'), made([2, ...to, 3], 'upstream')];
    const run = (input: Tensor): Tensor =>
      resizes[resize](input as Tensor4D, to as [number, number], corners, halves) as Tensor;
    const slope = grad(run)(x, upstream);
    expect(slope.shape).toEqual(x.shape);
    const [forward, backward] = [mul(run(x), upstream), mul(slope, x)].map((product) => sum(product).dataSync()[0]);
    expect(backward).toBeCloseTo(forward, 4);
  });
});
