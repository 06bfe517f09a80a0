import { describe, expect, test } from '@jest/globals';
import { newTensors, noise } from '@pffnet/tensor-ops/testing';
import { conv2d, grads, type Tensor, type Tensor4D, tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expectSameOnWasm, loadWasmFirst } from '../../test/on-wasm.ts';

type Pads = [[number, number], [number, number], [number, number], [number, number]];
type Convolve = (x: Tensor, kernel: Tensor) => Tensor;

const convolve =
  (strides: [number, number], pad: Pads): Convolve =>
  (x, kernel) =>
    conv2d(x as Tensor4D, kernel as Tensor4D, strides, pad, 'NHWC', 1, 'floor');

/** The output and both gradients. */
const forwardAndBackward =
  (run: Convolve) =>
  (x: Tensor, kernel: Tensor): Tensor[] => {
    const y = run(x, kernel);
    const { values } = noise(y.shape, 'upstream');
    return [y, ...grads(run)([x, kernel], tensor(values, y.shape))];
  };

const around = (top: number, bottom: number, left: number, right: number): Pads => [
  [0, 0],
  [top, bottom],
  [left, right],
  [0, 0],
];

loadWasmFirst();

describe('convolution on wasm', () => {
  test('sums a 2x2 neighbourhood', async () => {
    const { conv2d: run } = await import('@tensorflow/tfjs-core');
    const x = tensor([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]) as Tensor4D;
    const y = run(x, tensor([1, 1, 1, 1], [2, 2, 1, 1]) as Tensor4D, 1, 'valid');
    expect(Array.from(y.dataSync())).toEqual([12, 16, 24, 28]);
  });

  test('agrees with the CPU engine, gradients too, for any shape, stride and padding', async () => {
    const side = fc.integer({ min: 1, max: 9 });
    const channels = fc.integer({ min: 1, max: 10 });
    const margin = fc.integer({ min: 0, max: 3 });
    const stride = fc.integer({ min: 1, max: 3 });
    const tap = fc.integer({ min: 1, max: 5 });
    await fc.assert(
      fc.asyncProperty(
        fc.record({ b: fc.integer({ min: 0, max: 3 }), h: side, w: side, ci: channels, co: channels }),
        fc.tuple(tap, tap),
        fc.tuple(stride, stride),
        fc.tuple(margin, margin, margin, margin),
        async ({ b, h, w, ci, co }, [kh, kw], strides, [top, bottom, left, right]) => {
          fc.pre(h + top + bottom >= kh && w + left + right >= kw);
          const run = convolve(strides, around(top, bottom, left, right));
          const inputs = [noise([b, h, w, ci], 'x'), noise([kh, kw, ci, co], 'kernel')];
          await expectSameOnWasm(inputs, forwardAndBackward(run));
        },
      ),
      { numRuns: 150, seed: 5 },
    );
  });

  test.each([
    { name: 'many channels, more than one block of summands', x: [1, 7, 7, 100], kernel: [3, 3, 100, 52], stride: 1 },
    { name: 'a batch of regions', x: [12, 7, 7, 6], kernel: [3, 3, 6, 20], stride: 1 },
    { name: 'stride 2 on a map of odd size', x: [1, 33, 31, 5], kernel: [3, 3, 5, 12], stride: 2 },
    { name: 'a stem', x: [1, 22, 26, 3], kernel: [7, 7, 3, 16], stride: 2 },
    { name: 'rows longer than a block of pixels', x: [1, 2, 600, 5], kernel: [1, 1, 5, 9], stride: 1 },
    { name: 'a separable kernel', x: [1, 12, 12, 12], kernel: [5, 1, 12, 12], stride: 1 },
  ])('agrees with the CPU engine for $name', async ({ x, kernel, stride }) => {
    const [vertical, horizontal] = [(kernel[0] - 1) / 2, (kernel[1] - 1) / 2];
    const run = convolve([stride, stride], around(vertical, vertical, horizontal, horizontal));
    const tolerance = { atol: 1e-3, rtol: 1e-3 };
    await expectSameOnWasm([noise(x, 'x'), noise(kernel, 'kernel')], forwardAndBackward(run), tolerance);
  });

  test('leaves its result and nothing else', () => {
    const inputs = [noise([1, 5, 5, 2], 'x'), noise([3, 3, 2, 2], 'kernel')].map(({ values, shape }) =>
      tensor(values, [...shape]),
    );
    const run = convolve([1, 1], around(1, 1, 1, 1));
    expect(newTensors(() => grads(run as (...inputs: Tensor[]) => Tensor)(inputs))).toBe(2);
  });
});
