import { beforeAll, describe, expect, test } from '@jest/globals';
import { conv2d, grads, setBackend, type Tensor, type Tensor4D, tensor } from '@tensorflow/tfjs-core';
import { gradientError, newTensors } from '@pffnet/tensor-ops/testing';
import { randomStream } from '@pffnet/tensor-ops/structures';
import fc from 'fast-check';
import { loadBackend } from '../load-backend.ts';

beforeAll(async () => {
  await loadBackend('wasm');
});

const noise = (shape: number[], name: string): { values: Float32Array; shape: number[] } => {
  const stream = randomStream(3, name);
  const size = shape.reduce((a, b) => a * b, 1);
  return { values: Float32Array.from({ length: size }, () => 2 * stream.uniform() - 1), shape };
};

type Pads = [[number, number], [number, number], [number, number], [number, number]];

const gradientsOn = async (
  engine: string,
  x: ReturnType<typeof noise>,
  kernel: ReturnType<typeof noise>,
  strides: [number, number],
  pad: Pads,
): Promise<Float32Array[]> => {
  await setBackend(engine);
  const run = (a: Tensor, b: Tensor): Tensor => conv2d(a as Tensor4D, b as Tensor4D, strides, pad, 'NHWC', 1, 'floor');
  const inputs = [tensor(x.values, x.shape), tensor(kernel.values, kernel.shape)];
  const y = run(inputs[0], inputs[1]);
  const { values } = noise(y.shape, 'upstream');
  const upstream = tensor(values, y.shape);
  const gradients = grads(run)(inputs, upstream);
  const numbers = gradients.map((gradient) => gradient.dataSync() as Float32Array);
  [...inputs, y, upstream, ...gradients].forEach((t) => t.dispose());
  return numbers;
};

describe('convolution gradients on wasm', () => {
  test('agree with the CPU engine for any shape, stride and padding', async () => {
    const side = fc.integer({ min: 1, max: 9 });
    const channels = fc.integer({ min: 1, max: 9 });
    const margin = fc.integer({ min: 0, max: 3 });
    const stride = fc.integer({ min: 1, max: 3 });
    const tap = fc.integer({ min: 1, max: 5 });
    await fc.assert(
      fc.asyncProperty(
        fc.record({ b: fc.integer({ min: 1, max: 3 }), h: side, w: side, ci: channels, co: channels }),
        fc.tuple(tap, tap),
        fc.tuple(stride, stride),
        fc.tuple(margin, margin, margin, margin),
        async ({ b, h, w, ci, co }, [kh, kw], strides, [top, bottom, left, right]) => {
          fc.pre(h + top + bottom >= kh && w + left + right >= kw);
          const pad: Pads = [
            [0, 0],
            [top, bottom],
            [left, right],
            [0, 0],
          ];
          const x = noise([b, h, w, ci], 'x');
          const kernel = noise([kh, kw, ci, co], 'kernel');
          const expected = await gradientsOn('cpu', x, kernel, strides, pad);
          const actual = await gradientsOn('wasm', x, kernel, strides, pad);
          actual.forEach((numbers, index) => {
            expect(numbers).toBeAllClose(expected[index], { atol: 1e-4, rtol: 1e-4 });
          });
        },
      ),
      { numRuns: 100, seed: 5 },
    );
  });

  test('agree with finite differences', async () => {
    await setBackend('wasm');
    const x = noise([2, 5, 6, 3], 'x');
    const kernel = noise([3, 3, 3, 4], 'kernel');
    const error = gradientError(
      (a, b) => conv2d(a as Tensor4D, b as Tensor4D, 2, 1, 'NHWC', 1, 'floor'),
      [tensor(x.values, x.shape), tensor(kernel.values, kernel.shape)],
      { step: 1e-2 },
    );
    expect(error).toBeLessThan(1e-3);
  });

  test('leave one new tensor per gradient', async () => {
    await setBackend('wasm');
    const inputs = [
      tensor(noise([1, 5, 5, 2], 'x').values, [1, 5, 5, 2]),
      tensor(noise([3, 3, 2, 2], 'k').values, [3, 3, 2, 2]),
    ];
    const run = grads((a: Tensor, b: Tensor) => conv2d(a as Tensor4D, b as Tensor4D, 1, 'same'));
    expect(newTensors(() => run(inputs))).toBe(2);
  });
});
