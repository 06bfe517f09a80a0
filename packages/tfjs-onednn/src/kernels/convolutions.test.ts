import { beforeAll, expect, test } from '@jest/globals';
import {
  add,
  conv2d,
  conv2dTranspose,
  depthwiseConv2d,
  fused,
  grads,
  mul,
  setBackend,
  sum,
  type Tensor,
  tensor1d,
  tensor4d,
  type Tensor4D,
  tidy,
} from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describeNative, expectSame, forAll, noise, on } from '../../test/both-backends.ts';

type Shape = [number, number, number, number];
type Pads = [[0, 0], [number, number], [number, number], [0, 0]];

const cases = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  height: fc.integer({ min: 1, max: 9 }),
  width: fc.integer({ min: 1, max: 9 }),
  channels: fc.constantFrom(1, 2, 3, 16, 20),
  out: fc.constantFrom(1, 2, 5, 16, 33),
  kernel: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
  strides: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  pads: fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3), fc.nat(3)),
  seed: fc.nat(1000),
});

const of = (shape: Shape, seed: number): Tensor4D =>
  tensor4d(
    noise(
      shape.reduce((a, b) => a * b),
      seed,
    ),
    shape,
  );

/** Checks that moving the image or the kernel moves the values as the gradients say: <dx, u> = <slope, u * w>, for both. */
async function expectAdjoint(given: { image: Shape; kernel: Shape; stride: number }): Promise<void> {
  const { image, kernel, stride } = given;
  const run = (a: Tensor, b: Tensor): Tensor => conv2d(a as Tensor4D, b as Tensor4D, stride, 'same');
  await setBackend('onednn');
  tidy(() => {
    const [x, w, u, v] = [of(image, 1), of(kernel, 2), of(image, 3), of(kernel, 4)];
    const slope = of(run(x, w).shape as Shape, 5);
    const [dx, dw] = grads((a: Tensor, b: Tensor) => sum(mul(run(a, b), slope)))([x, w]) as [Tensor, Tensor];
    for (const [gradient, along, moved] of [
      [dx, u, run(u, w)],
      [dw, v, run(x, v)],
    ] as [Tensor, Tensor, Tensor][]) {
      const terms = mul(moved, slope);
      const [got, wanted, size] = [sum(mul(gradient, along)), sum(terms), sum(mul(terms, terms))].map(
        (total) => total.dataSync()[0]!,
      ) as [number, number, number];
      expect(Math.abs(got - wanted)).toBeLessThan(1e-4 * Math.sqrt(size));
    }
  });
}

describeNative('convolutions', () => {
  beforeAll(async () => {
    await import('@tensorflow/tfjs-layers'); // brings the gradients
  });

  test('a hand case: the sum of a 2x2 window', async () => {
    const [result] = await on('onednn', () =>
      conv2d(tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]), tensor4d([1, 1, 1, 1], [2, 2, 1, 1]), 1, 'valid'),
    );
    expect(result?.values).toEqual([12, 16, 24, 28]);
  });

  test('forward and both gradients equal the CPU backend: kernels, strides, uneven padding', async () => {
    await forAll(cases, async ({ batch, height, width, channels, out, kernel, strides, pads, seed }) => {
      const [top, bottom, left, right] = pads;
      fc.pre(height + top + bottom >= kernel[0] && width + left + right >= kernel[1]);
      const padding: Pads = [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ];
      await expectSame(() => {
        const x = of([batch, height, width, channels], seed);
        const w = of([...kernel, channels, out], seed + 1);
        const run = (image: Tensor, weights: Tensor): Tensor =>
          conv2d(image as Tensor4D, weights as Tensor4D, strides, padding);
        const y = run(x, w);
        const slope = of(y.shape as Shape, seed + 2);
        return [y, ...grads((a: Tensor, b: Tensor) => sum(mul(run(a, b), slope)))([x, w])];
      }, 2e-5);
    });
  });

  test.each([
    ['patches that leave the caches', [1, 56, 56, 16], [6, 6, 16, 8]],
    ['channels a power of two apart', [2, 1, 2, 1024], [1, 1, 1024, 1027]],
  ] as [string, Shape, Shape][])('%s: values, and gradients as their adjoints', async (_, image, kernel) => {
    await expectSame(() => conv2d(of(image, 1), of(kernel, 2), 1, 'same'), 2e-5);
    await expectAdjoint({ image, kernel, stride: 1 });
  });

  test('large images, whose convolutions take other code: gradients as adjoints of the values', async () => {
    // The CPU backend takes seconds for one of these; that the values are right is tested on small ones.
    const large = fc.record({
      image: fc.tuple(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 30, max: 70 }),
        fc.integer({ min: 30, max: 70 }),
        fc.constantFrom(3, 8, 16, 20),
      ),
      size: fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })),
      out: fc.constantFrom(8, 12, 16, 33),
      stride: fc.integer({ min: 1, max: 2 }),
    });
    await forAll(
      large,
      ({ image, size, out, stride }) => expectAdjoint({ image, kernel: [...size, image[3], out], stride }),
      20,
    );
  });

  test("padding 'same' and 'valid', dilation", async () => {
    await forAll(
      cases,
      async ({ batch, height, width, channels, out, kernel, strides, seed }) => {
        await expectSame(() => {
          const x = of([batch, height, width, channels], seed);
          const w = of([...kernel, channels, out], seed + 1);
          return [conv2d(x, w, strides, 'same'), conv2d(x, w, 1, 'same', 'NHWC', 2)];
        }, 2e-5);
      },
      25,
    );
  });

  test('transposed convolution, its gradients, and depthwise convolution', async () => {
    await expectSame(() => {
      const [x, w] = [of([2, 7, 7, 5], 1), of([2, 2, 3, 5], 2)];
      return [conv2dTranspose(x, w, [2, 14, 14, 3], 2, 'same')];
    });
    await expectSame(() => {
      const [x, w] = [of([2, 7, 6, 4], 1), of([3, 3, 4, 2], 2)];
      const run = (a: Tensor, b: Tensor): Tensor => depthwiseConv2d(a as Tensor4D, b as Tensor4D, 1, 'same');
      return [
        run(x, w),
        depthwiseConv2d(x, w, 2, 'valid'),
        ...grads((a: Tensor, b: Tensor) => sum(mul(run(a, b), 0.5)))([x, w]),
      ];
    });
  });

  test.each(['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'] as const)(
    'fused with bias and %s',
    async (activation) => {
      await expectSame(() => {
        const [x, filter, bias] = [of([2, 5, 5, 3], 1), of([3, 3, 3, 18], 2), tensor1d(noise(18, 3))];
        return fused.conv2d({ x, filter, strides: 1, pad: 'same', bias, activation, leakyreluAlpha: 0.3 });
      });
    },
  );

  test('the gradients are the slopes of the values', async () => {
    await setBackend('onednn');
    tidy(() => {
      const [x, w] = [of([1, 5, 6, 3], 1), of([3, 2, 3, 4], 2)];
      const slope = of([1, 3, 3, 4], 3);
      const loss = (a: Tensor, b: Tensor): Tensor =>
        sum(
          mul(
            conv2d(a as Tensor4D, b as Tensor4D, 2, [
              [0, 0],
              [1, 1],
              [0, 0],
              [0, 0],
            ]),
            slope,
          ),
        );
      const [dx, dw] = grads(loss)([x, w]) as [Tensor, Tensor];
      const [direction, turn] = [of([1, 5, 6, 3], 4), of([3, 2, 3, 4], 5)];
      const step = 1 / 64;
      const along = (sign: number): number =>
        loss(add(x, mul(direction, sign * step)), add(w, mul(turn, sign * step))).dataSync()[0]!;
      const numeric = (along(1) - along(-1)) / (2 * step);
      const [analytic] = add(sum(mul(dx, direction)), sum(mul(dw, turn))).dataSync();
      expect(Math.abs(numeric - analytic!)).toBeLessThan(2e-3 * Math.abs(numeric));
    });
  });

  test('no images, and sizes that do not fit', async () => {
    await setBackend('onednn');
    tidy(() => {
      expect(conv2d(of([0, 4, 4, 2], 1), of([3, 3, 2, 5], 2), 1, 'same').shape).toEqual([0, 4, 4, 5]);
      expect(() => conv2d(of([1, 4, 4, 2], 1), of([3, 3, 3, 5], 2), 1, 'same')).toThrow('depth');
    });
  });
});
