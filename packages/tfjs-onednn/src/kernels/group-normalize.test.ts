import { beforeEach, expect, test } from '@jest/globals';
import { engine, memory, setBackend, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describeNative, forAll, noise } from '../../test/both-backends.ts';
import { loadAddon } from '../addon.ts';

interface Case {
  readonly shape: readonly [number, number, number];
  readonly groups: number;
  readonly relu: boolean;
  readonly values: Float32Array;
  readonly scale: Float32Array;
  readonly shift: Float32Array;
  readonly dy: Float32Array;
}

const EPSILON = 1e-5;

function caseOf(shape: Case['shape'], groups: number, relu: boolean, seed: number): Case {
  const [images, pixels, channels] = shape;
  const size = images * pixels * channels;
  return {
    shape,
    groups,
    relu,
    values: noise(size, seed),
    scale: noise(channels, seed + 1),
    shift: noise(channels, seed + 2),
    dy: noise(size, seed + 3),
  };
}

/** The formulas, number by number in double precision: [y, mean, rstd, dx, dscale, dshift]. */
function reference({ shape, groups, relu, values, scale, shift, dy }: Case): number[][] {
  const [images, pixels, channels] = shape;
  const width = channels / groups;
  const y = new Array<number>(values.length);
  const dx = new Array<number>(values.length);
  const [means, rstds]: [number[], number[]] = [[], []];
  const dscale = new Array<number>(channels).fill(0);
  const dshift = new Array<number>(channels).fill(0);
  for (let image = 0; image < images; image++) {
    for (let group = 0; group < groups; group++) {
      const members: { at: number; channel: number }[] = [];
      for (let pixel = 0; pixel < pixels; pixel++) {
        for (let channel = group * width; channel < (group + 1) * width; channel++) {
          members.push({ at: (image * pixels + pixel) * channels + channel, channel });
        }
      }
      const average = (of: (at: number, channel: number) => number): number =>
        members.reduce((sum, { at, channel }) => sum + of(at, channel), 0) / members.length;
      const mean = average((at) => values[at]!);
      const rstd = 1 / Math.sqrt(average((at) => (values[at]! - mean) ** 2) + EPSILON);
      const normalized = (at: number): number => (values[at]! - mean) * rstd;
      const plain = (at: number, channel: number): number => normalized(at) * scale[channel]! + shift[channel]!;
      const slope = (at: number, channel: number): number => (relu && plain(at, channel) <= 0 ? 0 : dy[at]!);
      const m1 = average((at, channel) => slope(at, channel) * scale[channel]!);
      const m2 = average((at, channel) => slope(at, channel) * scale[channel]! * normalized(at));
      for (const { at, channel } of members) {
        y[at] = relu ? Math.max(0, plain(at, channel)) : plain(at, channel);
        dx[at] = rstd * (slope(at, channel) * scale[channel]! - m1 - normalized(at) * m2);
        dscale[channel]! += slope(at, channel) * normalized(at);
        dshift[channel]! += slope(at, channel);
      }
      means.push(mean);
      rstds.push(rstd);
    }
  }
  return [y, means, rstds, dx, dscale, dshift];
}

/** The same from the kernels. */
function native({ shape, groups, relu, values, scale, shift, dy }: Case): number[][] {
  const run = (kernel: string, inputs: Record<string, Tensor>): Tensor[] => {
    const [name, attrs] = relu ? [`Fused${kernel}`, { activation: 'relu' }] : [kernel, {}];
    return engine().runKernel(name, inputs, { groups, epsilon: EPSILON, ...attrs });
  };
  const results: number[][] = [];
  tidy(() => {
    const x = tensor(values, [...shape]);
    const [gamma, beta] = [tensor(scale), tensor(shift)];
    const [y, mean, rstd] = run('GroupNormalize', { x, scale: gamma, shift: beta }) as [Tensor, Tensor, Tensor];
    const upstream = tensor(dy, [...shape]);
    const slopes = run('GroupNormalizeGrad', { dy: upstream, x, scale: gamma, shift: beta, mean, rstd });
    for (const result of [y, mean, rstd, ...slopes]) results.push([...result.dataSync()]);
  });
  return results;
}

function expectClose(actual: number[][], expected: number[][], relative: number): void {
  expected.forEach((wanted, which) => {
    const scale = wanted.reduce((top, value) => Math.max(top, Math.abs(value)), 1);
    const worst = wanted.reduce((top, value, at) => Math.max(top, Math.abs(value - actual[which]![at]!)), 0);
    expect(worst / scale).toBeLessThan(relative);
  });
}

describeNative('group normalisation', () => {
  beforeEach(async () => {
    await setBackend('onednn');
  });

  test('a hand case', () => {
    // Two groups of one channel, two pixels: (1, 3) and (10, 30).
    const [y, mean] = native({
      ...caseOf([1, 2, 2], 2, true, 1),
      values: Float32Array.of(1, 10, 3, 30),
      scale: Float32Array.of(1, 1),
      shift: Float32Array.of(0, 0.5),
    });
    expect(mean).toEqual([2, 20]);
    y!.forEach((value, at) => expect(value).toBeCloseTo([0, 0, 1, 1.5][at]!, 4));
  });

  test('equals the formulas, forward and backward, with and without a ReLU', async () => {
    const cases = fc.record({
      images: fc.integer({ min: 1, max: 4 }),
      pixels: fc.integer({ min: 4, max: 40 }),
      groups: fc.integer({ min: 1, max: 5 }),
      width: fc.integer({ min: 1, max: 9 }),
      relu: fc.boolean(),
      seed: fc.nat(1000),
    });
    await forAll(cases, async ({ images, pixels, groups, width, relu, seed }) => {
      const given = caseOf([images, pixels, groups * width], groups, relu, seed);
      expectClose(native(given), reference(given), 2e-5);
    });
  });

  test.each([
    { name: 'one map that threads share by pixels', shape: [1, 4099, 64] as const, groups: 32 },
    { name: 'many maps that threads share whole', shape: [9, 196, 64] as const, groups: 8 },
    { name: 'rows of features', shape: [130, 1, 1024] as const, groups: 32 },
  ])('equals the formulas for $name', ({ shape, groups }) => {
    for (const relu of [false, true]) {
      const given = caseOf(shape, groups, relu, 4);
      expectClose(native(given), reference(given), 2e-5);
    }
  });

  test('statistics stay exact where the mean is 10,000 standard deviations', () => {
    const given = caseOf([1, 5000, 4], 2, false, 9);
    const shifted = { ...given, values: given.values.map((value) => value + 10_000) };
    const [, mean, rstd] = native(shifted);
    const [, exactMean, exactRstd] = reference(shifted);
    mean!.forEach((value, at) => expect(Math.abs(value / exactMean![at]! - 1)).toBeLessThan(1e-7));
    rstd!.forEach((value, at) => expect(Math.abs(value / exactRstd![at]! - 1)).toBeLessThan(1e-6));
  });

  test('the same numbers again, bit by bit, and no memory left', () => {
    const given = caseOf([1, 3000, 64], 32, true, 5);
    const before = memory();
    expect(native(given)).toEqual(native(given));
    expect(memory()).toMatchObject({ numTensors: before.numTensors, numBytes: before.numBytes });
  });

  test('says what is wrong', () => {
    const addon = loadAddon();
    const [three, six] = [new Float32Array(3), new Float32Array(6)];
    const run = (layout: number[]): void =>
      addon.groupNormalize(six, three, three, six, three, three, Int32Array.from(layout), EPSILON);
    expect(() => run([1, 2, 3, 2, 0])).toThrow('groups do not divide');
    expect(() => run([1, 0, 3, 3, 0])).toThrow('sizes must be positive');
    expect(() => run([1, 2, 3, 1, 0])).toThrow('expected 1 elements, got 3');
  });
});
