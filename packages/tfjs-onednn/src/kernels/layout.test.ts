import { expect, test } from '@jest/globals';
import {
  concat,
  fill,
  gather,
  onesLike,
  pad,
  reverse,
  slice,
  split,
  stack,
  type Tensor,
  tensor,
  tensor1d,
  tile,
  transpose,
  unsortedSegmentSum,
  unstack,
  zerosLike,
} from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describeNative, expectSame, forAll, noise, on } from '../../test/both-backends.ts';

const shapes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 });
const sizeOf = (shape: number[]): number => shape.reduce((size, axis) => size * axis, 1);
const of = (shape: number[], seed = 1): Tensor => tensor(noise(sizeOf(shape), seed), shape);

describeNative('layout kernels', () => {
  test('a hand case', async () => {
    const [result] = await on('onednn', () => transpose(tensor([1, 2, 3, 4, 5, 6], [2, 3])));
    expect(result).toEqual({ shape: [3, 2], dtype: 'float32', values: [1, 4, 2, 5, 3, 6] });
  });

  test('transpositions', async () => {
    const cases = shapes.chain((shape) =>
      fc.record({
        shape: fc.constant(shape),
        perm: fc.shuffledSubarray([...shape.keys()], { minLength: shape.length, maxLength: shape.length }),
      }),
    );
    await forAll(cases, ({ shape, perm }) => expectSame(() => transpose(of(shape), perm)), 80);
    await expectSame(() => transpose(of([3, 100, 70]), [0, 2, 1]));
    await expectSame(() => transpose(of([1000, 300]), [1, 0]));
    await expectSame(() => transpose(of([2, 33, 40, 3]), [3, 0, 2, 1]));
  });

  test('slices', async () => {
    const cases = shapes.chain((shape) =>
      fc.record({
        shape: fc.constant(shape),
        ends: fc.tuple(...shape.map((size) => fc.tuple(fc.nat(size), fc.nat(size)))),
      }),
    );
    await forAll(cases, ({ shape, ends }) => {
      const begin = ends.map(([a, b]) => Math.min(a, b));
      const size = ends.map(([a, b]) => Math.abs(a - b));
      return expectSame(() => slice(of(shape), begin, size));
    });
  });

  test('padding, tiling, reversing', async () => {
    const cases = shapes.chain((shape) =>
      fc.record({
        shape: fc.constant(shape.slice(0, 4)),
        amounts: fc.array(fc.tuple(fc.nat(2), fc.nat(2)), { minLength: 4, maxLength: 4 }),
        reps: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 4, maxLength: 4 }),
      }),
    );
    await forAll(cases, ({ shape, amounts, reps }) =>
      expectSame(() => [
        pad(of(shape), amounts.slice(0, shape.length), 0.5),
        tile(of(shape), reps.slice(0, shape.length)),
        reverse(of(shape), [0]),
        reverse(of(shape)),
      ]),
    );
  });

  test('joining and taking apart', async () => {
    const cases = shapes.chain((shape) =>
      fc.record({ shape: fc.constant(shape), axis: fc.nat(shape.length - 1), extra: fc.nat(3) }),
    );
    await forAll(cases, ({ shape, axis, extra }) => {
      const other = shape.with(axis, extra);
      return expectSame(() => [
        concat([of(shape), of(other, 2), of(shape, 3)], axis),
        stack([of(shape), of(shape, 2)], axis),
        ...unstack(of(shape), axis),
        ...split(of(shape.with(axis, shape[axis]! * 2)), 2, axis),
        ...split(of(shape), [1, shape[axis]! - 1], axis),
      ]);
    });
  });

  test('integers and truth values', async () => {
    await expectSame(() => [
      transpose(tensor([1, 2, 3, 4, 5, 6], [2, 3], 'int32')),
      concat([tensor1d([true, false], 'bool'), tensor1d([true], 'bool')]),
      pad(tensor1d([true, true], 'bool'), [[1, 1]]),
      slice(tensor1d([1, 2, 3], 'int32'), 1, 2),
      onesLike(tensor1d([1, 2, 3], 'int32')),
      zerosLike(tensor1d([true], 'bool')),
      fill([2, 3], 1.5),
      fill([2], 3, 'int32'),
    ]);
  });

  test('gathering and adding by segment', async () => {
    const cases = fc.record({
      shape: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
      picks: fc.array(fc.nat(99), { maxLength: 7 }),
      axis: fc.nat(3),
    });
    await forAll(cases, ({ shape, picks, axis: anyAxis }) => {
      const axis = anyAxis % shape.length;
      const indices = picks.map((pick) => pick % shape[axis]!);
      return expectSame(() => [
        gather(of(shape), tensor1d(indices, 'int32'), axis),
        unsortedSegmentSum(
          of(shape),
          tensor1d(
            Array.from({ length: shape[0]! }, (_, i) => i % 2),
            'int32',
          ),
          3,
        ),
      ]);
    });
  });

  test('an index outside is an error', async () => {
    await expect(on('onednn', () => gather(tensor1d([1, 2]), tensor1d([2], 'int32')))).rejects.toThrow(
      'the index value 2 is not in [0, 1]',
    );
  });
});
