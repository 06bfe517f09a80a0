import { beforeAll, describe, expect, test } from '@jest/globals';
import { groupNormalize } from '@pffnet/tensor-ops';
import { expectSameOn, gradientError, newTensors, noise } from '@pffnet/tensor-ops/testing';
import { getKernel, grads, type Tensor, tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { loadBackend } from '../src/load-backend.ts';

beforeAll(async () => {
  await loadBackend('wasm');
});

const normalize =
  (groups: number) =>
  (x: Tensor, scale: Tensor, shift: Tensor): Tensor =>
    groupNormalize(x as Tensor4D, scale, shift, groups);

const forwardAndBackward =
  (groups: number) =>
  (x: Tensor, scale: Tensor, shift: Tensor): Tensor[] => {
    const { values } = noise(x.shape, 'upstream');
    return [
      normalize(groups)(x, scale, shift),
      ...grads(normalize(groups))([x, scale, shift], tensor(values, x.shape)),
    ];
  };

describe('group normalisation on wasm', () => {
  test('is a kernel of its own', () => {
    expect(getKernel('GroupNormalize', 'wasm')).toBeDefined();
  });

  test('agrees with the composed form on the CPU engine, gradients too, for any shape', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          b: fc.integer({ min: 0, max: 3 }),
          h: fc.integer({ min: 1, max: 6 }),
          w: fc.integer({ min: 1, max: 6 }),
        }),
        fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 6 })),
        async ({ b, h, w }, [groups, width]) => {
          // A group of one number has variance 0 and an ill-conditioned gradient.
          fc.pre(h * w * width > 3);
          const channels = groups * width;
          const inputs = [noise([b, h, w, channels], 'x'), noise([channels], 'scale'), noise([channels], 'shift')];
          await expectSameOn('wasm', inputs, forwardAndBackward(groups), { atol: 1e-3, rtol: 1e-3 });
        },
      ),
      { numRuns: 60, seed: 5 },
    );
  });

  test.each([
    { name: 'a map of more than one block', x: [1, 40, 44, 64], groups: 32 },
    { name: 'rows without pixels', x: [12, 48], groups: 6 },
  ])('agrees with the composed form for $name', async ({ x, groups }) => {
    const channels = x[x.length - 1];
    const inputs = [noise(x, 'x'), noise([channels], 'scale'), noise([channels], 'shift')];
    await expectSameOn('wasm', inputs, forwardAndBackward(groups), { atol: 1e-3, rtol: 1e-3 });
  });

  test('has gradients that agree with finite differences', () => {
    const inputs = [noise([2, 3, 2, 4], 'x'), noise([4], 'scale'), noise([4], 'shift')];
    const error = gradientError(
      normalize(2) as (...inputs: Tensor[]) => Tensor,
      inputs.map(({ values, shape }) => tensor(values, [...shape])),
    );
    expect(error).toBeLessThan(2e-3);
  });

  test('leaves its result and nothing else, forward and backward', () => {
    const inputs = [noise([1, 4, 4, 8], 'x'), noise([8], 'scale'), noise([8], 'shift')].map(({ values, shape }) =>
      tensor(values, [...shape]),
    );
    expect(newTensors(() => normalize(4)(inputs[0], inputs[1], inputs[2]))).toBe(1);
    expect(newTensors(() => grads(normalize(4) as (...inputs: Tensor[]) => Tensor)(inputs))).toBe(3);
  });
});
