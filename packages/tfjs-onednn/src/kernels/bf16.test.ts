import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  backend,
  engine,
  fused,
  matMul,
  memory,
  setBackend,
  type Tensor,
  tensor,
  tensor1d,
  tensor2d,
  tensor4d,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core';
import { describeNative, missing, noise } from '../../test/both-backends.ts';
import type { OnednnBackend } from '../onednn-backend.ts';

const has = missing === undefined && (await import('../index.ts')).about().bf16;
/** As `describe`; skipped, with the reason in its name, where the processor multiplies no bf16. */
const describeBf16 = (name: string, body: () => void): void =>
  describeNative(name, has ? body : () => test.skip('this processor has no instructions for bf16', () => undefined));

/** Largest error of a result, relative to its root mean square: each factor is off by at most 2^-9 of itself. */
const RELATIVE_RMS = 3e-3;

interface Shape {
  readonly batch: number;
  readonly side: number;
  readonly channels: number;
  readonly out: number;
  readonly kernel: number;
  readonly stride: number;
}

/** Sums over every pixel, tap and pair of channels, in float64. */
function reference(
  { batch, side, channels, out, kernel, stride }: Shape,
  x: Float32Array,
  w: Float32Array,
  dy: Float32Array,
) {
  const [before, to] = [(kernel - 1) >> 1, Math.ceil(side / stride)];
  const [y, dx, dw] = [new Float64Array(dy.length), new Float64Array(x.length), new Float64Array(w.length)];
  const eachTap = (visit: (pixel: number, input: number, tap: number) => void): void => {
    for (let place = 0; place < batch * to * to; place++) {
      const [image, top, left] = [Math.floor(place / to / to), Math.floor(place / to) % to, place % to];
      for (let tap = 0; tap < kernel * kernel; tap++) {
        const row = top * stride + Math.floor(tap / kernel) - before;
        const column = left * stride + (tap % kernel) - before;
        if (row < 0 || column < 0 || row >= side || column >= side) continue;
        visit(place * out, ((image * side + row) * side + column) * channels, tap * channels * out);
      }
    }
  };
  eachTap((pixel, input, tap) => {
    for (let c = 0; c < channels; c++) {
      for (let o = 0; o < out; o++) {
        const weight = tap + c * out + o;
        y[pixel + o]! += x[input + c]! * w[weight]!;
        dx[input + c]! += dy[pixel + o]! * w[weight]!;
        dw[weight]! += x[input + c]! * dy[pixel + o]!;
      }
    }
  });
  return [y, dx, dw] as const;
}

/** Root mean square of the differences, relative to that of what was wanted. */
function relativeError(got: Float32Array, wanted: Float64Array): number {
  let [error, size] = [0, 0];
  got.forEach((value, at) => {
    error += (value - wanted[at]!) ** 2;
    size += wanted[at]! ** 2;
  });
  return Math.sqrt(error / size);
}

/** Values and both gradients of a convolution, by the kernels themselves. */
function convolve({ batch, side, channels, out, kernel, stride }: Shape) {
  const to = Math.ceil(side / stride);
  const before = (kernel - 1) >> 1;
  const pads = [before, Math.max(0, (to - 1) * stride + kernel - side - before)];
  const [images, kernels, results] = [
    [batch, side, side, channels],
    [kernel, kernel, channels, out],
    [batch, to, to, out],
  ] as [Four, Four, Four];
  const [x, w, dy] = [images, kernels, results].map((shape, seed) =>
    noise(
      shape.reduce((a, b) => a * b),
      seed + 1,
    ),
  ) as Three;
  const attrs = { strides: stride, pad: [[0, 0], pads, pads, [0, 0]], dataFormat: 'NHWC', dimRoundingMode: 'floor' };
  const given = { x: tensor4d(x, images), filter: tensor4d(w, kernels), dy: tensor4d(dy, results) };
  const run = (name: string, inputs: Record<string, Tensor>, more: object): Float32Array =>
    engine()
      .runKernel<Tensor>(name, inputs, { ...attrs, ...more })
      .dataSync<'float32'>();
  const got = [
    run('Conv2D', { x: given.x, filter: given.filter }, {}),
    run('Conv2DBackpropInput', { dy: given.dy, filter: given.filter }, { inputShape: images }),
    run('Conv2DBackpropFilter', { x: given.x, dy: given.dy }, { filterShape: kernels }),
  ] as Three;
  return { got, x, w, dy };
}
type Three = [Float32Array, Float32Array, Float32Array];
type Four = [number, number, number, number];

const of = (batch: number, side: number, channels: number, out: number, kernel: number, stride = 1): Shape => ({
  batch,
  side,
  channels,
  out,
  kernel,
  stride,
});

describeBf16('bf16', () => {
  beforeEach(async () => {
    await setBackend('onednn');
    (backend() as OnednnBackend).precision = 'bf16';
  });
  afterEach(() => {
    (backend() as OnednnBackend).precision = 'f32';
  });

  test('a hand case: 1 + 2^-8 is rounded to 1, 1 + 2^-7 is not; sums are float32', () => {
    const product = (a: number, b: number): number =>
      tidy(() => {
        const [left, right] = [
          tensor2d(new Float32Array(64 * 64).fill(a), [64, 64]),
          tensor2d(new Float32Array(64 * 64).fill(b), [64, 64]),
        ];
        return matMul(left, right).dataSync()[0]!;
      });
    expect(product(1 + 2 ** -8, 1)).toBe(64);
    expect(product(1 + 2 ** -7, 1)).toBe(64 * (1 + 2 ** -7));
    expect(product(1 + 2 ** -7, 1 + 2 ** -7)).toBe(64 * (1 + 2 ** -7) ** 2);
  });

  test.each([
    ['3x3', of(1, 20, 32, 32, 3)],
    ['3x3 of channels that fill no block', of(2, 11, 20, 33, 3)],
    ['1x1', of(1, 16, 64, 48, 1)],
    ['3x3 under a stride', of(1, 21, 16, 32, 3, 2)],
    ['1x1 under a stride', of(1, 16, 32, 64, 1, 2)],
    ['the stem: 7x7 of three channels', of(1, 32, 3, 32, 7, 2)],
    ['two outputs', of(2, 14, 32, 2, 1)],
    ['a few pixels of many channels: a product of patches', of(1, 3, 64, 128, 3)],
    ['a pixel', of(1, 1, 48, 80, 1)],
    ['RoIs', of(6, 7, 16, 16, 3)],
  ])('%s: values and both gradients against float64', (_, shape) => {
    tidy(() => {
      const { got, x, w, dy } = convolve(shape);
      reference(shape, x, w, dy).forEach((wanted, which) => {
        expect(relativeError(got[which]!, wanted)).toBeLessThan(RELATIVE_RMS);
      });
    });
  });

  test.each([
    [16, 3136, 512],
    [512, 300, 64],
    [64, 64, 2],
  ])('products of %i rows, either factor turned, against float64', (m, k, n) => {
    const [a, b] = [noise(m * k, 1), noise(k * n, 2)];
    const wanted = new Float64Array(m * n);
    for (let row = 0; row < m; row++) {
      for (let i = 0; i < k; i++) {
        for (let column = 0; column < n; column++) wanted[row * n + column]! += a[row * k + i]! * b[i * n + column]!;
      }
    }
    tidy(() => {
      const [left, right] = [tensor2d(a, [m, k]), tensor2d(b, [k, n])];
      const turned = { left: transpose(left), right: transpose(right) };
      const products = [
        matMul(left, right),
        matMul(turned.left, right, true),
        matMul(left, turned.right, false, true),
        fused.matMul({ a: left, b: right, bias: tensor1d(new Float32Array(n)), activation: 'linear' }),
      ];
      for (const product of products) {
        expect(relativeError(product.dataSync<'float32'>(), wanted)).toBeLessThan(RELATIVE_RMS);
      }
    });
  });

  test('the same bits again; float32 is what it was before', () => {
    const values = (): string =>
      tidy(() =>
        convolve(of(1, 20, 32, 32, 3))
          .got.map((each) => each.join())
          .join(),
      );
    const once = values();
    expect(values()).toBe(once);
    (backend() as OnednnBackend).precision = 'f32';
    const plain = values();
    expect(plain).not.toBe(once);
    (backend() as OnednnBackend).precision = 'bf16';
    expect(values()).toBe(once);
    (backend() as OnednnBackend).precision = 'f32';
    expect(values()).toBe(plain);
  });

  test('no images, no rows, nothing to sum over; no tensor is left', () => {
    const before = memory().numTensors;
    tidy(() => {
      expect(matMul(tensor([], [0, 8]), tensor(noise(24, 1), [8, 3])).shape).toEqual([0, 3]);
      expect([...matMul(tensor([], [2, 0]), tensor([], [0, 2])).dataSync()]).toEqual([0, 0, 0, 0]);
      expect(convolve(of(0, 4, 16, 16, 3)).got[0]).toHaveLength(0);
    });
    expect(memory().numTensors).toBe(before);
  });

  test('an unknown precision, and a rounded kernel of another size', () => {
    const onednn = backend() as OnednnBackend;
    expect(() => {
      onednn.precision = 'fp8' as 'bf16';
    }).toThrow('precision: expected f32 or bf16 on this processor, got fp8');
    expect(() => onednn.addon.roundToBf16(new Float32Array(3), new Uint16Array(2))).toThrow(
      'roundToBf16: sizes differ',
    );
    const [x, y] = [new Float32Array(4), new Float32Array(4)];
    expect(() =>
      onednn.addon.multiply(x, new Uint16Array(3), null, y, Int32Array.of(1, 1, 2, 2, 2, 0, 0), 0, 0),
    ).toThrow('b: expected 4 elements, got 3');
  });

  test('rounds to the nearest, halfway to the even, and keeps what is no number', () => {
    const { addon } = backend() as OnednnBackend;
    const given = [1, 1 + 2 ** -8, 1 + 3 * 2 ** -8, -1 - 2 ** -9, Infinity, -Infinity, NaN, 0, -0, 1e-40, 3.4e38];
    const bits = new Uint16Array(given.length);
    addon.roundToBf16(Float32Array.from(given), bits);
    const values = [...bits].map((upper) => new Float32Array(Uint32Array.of(upper << 16).buffer)[0]!);
    expect(values.slice(0, 9)).toEqual([1, 1, 1 + 2 ** -6, -1, Infinity, -Infinity, NaN, 0, -0]);
    expect(values[9]).toBe(2 ** -133); // the least of them
    expect(values[10]).toBe(Infinity);
  });

  test('a rounded kernel lives as long as its tensor', () => {
    const onednn = backend() as OnednnBackend;
    const before = onednn.pool.inUse;
    const kernel = tensor2d(noise(64 * 64, 1), [64, 64]);
    matMul(kernel, kernel).dispose();
    expect(onednn.pool.inUse).toBe(before + 2 * 64 * 64);
    expect(onednn.factor(kernel)).toBe(onednn.factor(kernel));
    kernel.dispose();
    expect(onednn.pool.inUse).toBe(before);
  });
});

describeNative('a processor without bf16', () => {
  test('has f32 alone, and says so when asked for more', async () => {
    const script = `
      import { backend, setBackend } from '@tensorflow/tfjs-core';
      import { about } from '@pffnet/tfjs-onednn';
      await setBackend('onednn');
      let said = '';
      try { backend().precision = 'bf16'; } catch ({ message }) { said = message; }
      console.log(JSON.stringify([about().bf16, backend().precisions, backend().precision, said]));`;
    const options = { cwd: import.meta.dirname, env: { ...process.env, ONEDNN_MAX_CPU_ISA: 'AVX2', NODE_OPTIONS: '' } };
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], options);
    expect(JSON.parse(stdout)).toEqual([false, ['f32'], 'f32', 'precision: expected f32 on this processor, got bf16']);
  });
});
