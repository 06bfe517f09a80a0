import { beforeAll, expect, test } from '@jest/globals';
import {
  avgPool,
  grad,
  image,
  maxPool,
  mul,
  sub,
  sum,
  type Tensor,
  tensor4d,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describeNative, expectSame, forAll, noise, on } from '../../test/both-backends.ts';

type Shape = [number, number, number, number];
const of = (shape: Shape, seed: number): Tensor4D =>
  tensor4d(
    noise(
      shape.reduce((a, b) => a * b),
      seed,
    ),
    shape,
  );

const images = {
  batch: fc.integer({ min: 1, max: 3 }),
  height: fc.integer({ min: 1, max: 9 }),
  width: fc.integer({ min: 1, max: 9 }),
  channels: fc.constantFrom(1, 3, 16, 37),
  seed: fc.nat(1000),
};

describeNative('pooling and resizing', () => {
  beforeAll(async () => {
    await import('@tensorflow/tfjs-layers'); // brings the gradients
  });

  test('a hand case', async () => {
    const [result] = await on('onednn', () => maxPool(tensor4d([1, 2, 3, 4], [1, 2, 2, 1]), 2, 2, 'valid'));
    expect(result?.values).toEqual([4]);
  });

  test('pooling and its gradients equal the CPU backend', async () => {
    const cases = fc.record({
      ...images,
      window: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
      strides: fc.integer({ min: 1, max: 3 }),
      pad: fc.constantFrom('same' as const, 'valid' as const),
    });
    await forAll(cases, async ({ batch, height, width, channels, seed, window, strides, pad }) => {
      fc.pre(pad === 'same' || (height >= window[0] && width >= window[1]));
      await expectSame(() => {
        const x = of([batch, height, width, channels], seed);
        return [maxPool, avgPool].flatMap((pool) => {
          const y = pool(x, window, strides, pad);
          const slope = of(y.shape as Shape, seed + 1);
          const slopes = grad((input: Tensor) => sum(mul(pool(input as Tensor4D, window, strides, pad), slope)))(x);
          return [y, slopes];
        });
      });
    });
  });

  test('resizing equals the CPU backend, with gradients where that has them right', async () => {
    const cases = fc.record({
      ...images,
      to: fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 })),
      mode: fc.constantFrom('plain', 'corners', 'centres'),
    });
    await forAll(cases, ({ batch, height, width, channels, seed, to, mode }) => {
      const [corners, centres] = [mode === 'corners', mode === 'centres'];
      return expectSame(() => {
        const x = of([batch, height, height, channels], seed);
        const wide = of([batch, height, width, channels], seed);
        const bilinear = (input: Tensor): Tensor => image.resizeBilinear(input as Tensor4D, to, corners, centres);
        const nearest = (input: Tensor): Tensor => image.resizeNearestNeighbor(input as Tensor4D, to, corners, centres);
        const slope = of([batch, ...to, channels], seed + 1);
        const values = [bilinear(wide), nearest(wide)];
        if (centres) return values;
        // Slips of tfjs's CPU kernels: one swaps height and width in the gradient's shape; the other mixes up images,
        // and never ends where a side of 1 is aligned by its corners.
        const trusted = batch === 1 && !(corners && Math.min(height, width) === 1);
        return [
          ...values,
          grad((input: Tensor) => sum(mul(bilinear(input), slope)))(x),
          ...(trusted ? [grad((input: Tensor) => sum(mul(nearest(input), slope)))(wide)] : []),
        ];
      });
    });
  });

  test('the gradient of a bilinear resize with half-pixel centres is exact', async () => {
    const [values] = await on('onednn', () => {
      const [x, slope] = [of([1, 5, 4, 2], 1), of([1, 9, 7, 2], 2)];
      const loss = (input: Tensor): Tensor =>
        sum(mul(image.resizeBilinear(input as Tensor4D, [9, 7], false, true), slope));
      // The loss is linear: its value at x is the product of x and its gradient.
      return sub(sum(mul(x, grad(loss)(x))), loss(x));
    });
    expect(Math.abs(values!.values[0]!)).toBeLessThan(1e-4);
  });
});
