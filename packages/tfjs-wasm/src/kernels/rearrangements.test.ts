import { describe, expect, test } from '@jest/globals';
import { newTensors, noise } from '@pffnet/tensor-ops/testing';
import {
  gather,
  maximum,
  minimum,
  setBackend,
  slice,
  type Tensor,
  tensor,
  tensor1d,
  tile,
  transpose,
} from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expectSameOnWasm, loadWasmFirst } from '../../test/on-wasm.ts';

loadWasmFirst();

const EXACT = { atol: 0, rtol: 0 };
const shapes = (longest: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: 1, max: longest }), { minLength: 1, maxLength: 4 });

const agrees = async <T>(arbitrary: fc.Arbitrary<T>, check: (value: T) => Promise<void>): Promise<void> => {
  await fc.assert(fc.asyncProperty(arbitrary, check), { numRuns: 60, seed: 5 });
};

describe('on wasm, like on the CPU engine,', () => {
  test('tile repeats along any axes', async () => {
    const shapeAndRepetitions = shapes(5).chain((shape) =>
      fc.tuple(fc.constant(shape), fc.tuple(...shape.map(() => fc.integer({ min: 1, max: 4 })))),
    );
    await agrees(shapeAndRepetitions, ([shape, repetitions]) =>
      expectSameOnWasm([noise(shape, 'x')], (x) => tile(x, repetitions), EXACT),
    );
  });

  test('transpose permutes any axes', async () => {
    const shapeAndOrder = shapes(20).chain((shape) =>
      fc.tuple(
        fc.constant(shape),
        fc.shuffledSubarray(
          shape.map((_, axis) => axis),
          { minLength: shape.length },
        ),
      ),
    );
    await agrees(shapeAndOrder, async ([shape, order]) => {
      if (shape.reduce((a, b) => a * b, 1) > 20_000) return;
      await expectSameOnWasm([noise(shape, 'x')], (x) => transpose(x, order), EXACT);
    });
  });

  test.each([
    { shape: [3, 40, 33], order: [0, 2, 1] },
    { shape: [2, 9, 10, 17], order: [0, 3, 1, 2] },
    { shape: [2, 17, 9, 10], order: [0, 2, 3, 1] },
    { shape: [60, 50], order: [1, 0] },
  ])('transpose turns $shape into the order $order', async ({ shape, order }) => {
    await expectSameOnWasm([noise(shape, 'x')], (x) => transpose(x, order), EXACT);
  });

  test('slice takes any box', async () => {
    const shapeAndBox = shapes(12).chain((shape) =>
      fc.tuple(
        fc.constant(shape),
        fc.tuple(
          ...shape.map((size) =>
            fc.tuple(fc.nat(size - 1), fc.nat(size)).map(([a, b]) => [Math.min(a, b), Math.abs(a - b)]),
          ),
        ),
      ),
    );
    await agrees(shapeAndBox, ([shape, box]) =>
      expectSameOnWasm(
        [noise(shape, 'x')],
        (x) =>
          slice(
            x,
            box.map(([begin]) => begin),
            box.map(([, size]) => size),
          ),
        EXACT,
      ),
    );
  });

  test('gather picks rows along any axis', async () => {
    for (const axis of [0, 1, 2]) {
      const pick = (x: Tensor): Tensor => gather(x, tensor1d([1, 0, 1, 2], 'int32'), axis);
      await expectSameOnWasm([noise([3, 4, 20], 'x')], pick, EXACT);
    }
  });

  test('maximum and minimum choose from tensors of one shape, a scalar, and other broadcasts', async () => {
    for (const shape of [[6, 7], [1], [], [7]]) {
      const both = (a: Tensor, b: Tensor): Tensor[] => [maximum(a, b), minimum(a, b)];
      await expectSameOnWasm([noise([6, 7], 'a'), noise(shape, 'b')], both, EXACT);
    }
  });
});

describe('on wasm', () => {
  test('gather refuses an index that does not exist', async () => {
    await setBackend('wasm');
    expect(() => gather(tensor(noise([3, 20], 'x').values, [3, 20]), [0, 3])).toThrow(
      'gather: expected indices from 0 to 2, got 3',
    );
  });

  test.each<[string, (x: Tensor) => Tensor]>([
    ['tile', (x) => tile(x, [2, 2])],
    ['transpose', (x) => transpose(x)],
    ['slice', (x) => slice(x, [1, 0], [2, 20])],
    ['gather', (x) => gather(x, [0, 1])],
    ['maximum', (x) => maximum(x, 0)],
  ])('%s leaves its result and nothing else', (_name, run) => {
    const x = tensor(noise([10, 20], 'x').values, [10, 20]);
    expect(newTensors(() => run(x))).toBe(1);
    x.dispose();
  });
});
