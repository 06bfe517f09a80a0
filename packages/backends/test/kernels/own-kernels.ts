import { at, compute, filled, floats, type KernelCase, noise, sizeOf, type Values } from './kernel-case.ts';

/*
 * Kernels that tfjs does not have and an engine may: tensor-ops and training put them together from others where they are
 * missing. None is run on an empty tensor.
 */

const EPSILON = 1e-5;
/** Means over whole images, in float32 or better, times 1 / deviation, which may be 300. */
const NORMALISED = { rtol: 1e-4, atol: 1e-4 } as const;

type Activation = 'linear' | 'relu';

function groupNormCases(name: string, x: Values, groups: number, activation: Activation): KernelCase[] {
  const [images, channels] = [x.shape[0], x.shape[x.shape.length - 1]];
  const width = channels / groups;
  const [scale, shift] = [noise([channels], 'scale'), noise([channels], 'shift')];
  const groupOf = (index: readonly number[]): number => index[0] * groups + Math.floor(index[index.length - 1] / width);
  /** The mean of each image's groups. */
  const means = (value: (index: readonly number[]) => number): number[] => {
    const sums = new Array<number>(images * groups).fill(0);
    compute(x.shape, (index) => (sums[groupOf(index)] += value(index)));
    return sums.map((sum) => (sum * images * groups) / sizeOf(x.shape));
  };
  const mean = means((index) => at(x, index));
  const variance = means((index) => (at(x, index) - mean[groupOf(index)]) ** 2);
  const rstd = variance.map((value) => 1 / Math.sqrt(value + EPSILON));
  const normal = (index: readonly number[]): number => (at(x, index) - mean[groupOf(index)]) * rstd[groupOf(index)];
  const ofChannel = (values: Values, index: readonly number[]): number => values.values[index[index.length - 1]];
  const before = (index: readonly number[]): number =>
    normal(index) * ofChannel(scale, index) + ofChannel(shift, index);
  const passes = (index: readonly number[]): boolean => activation === 'linear' || !(before(index) < 0);
  const statistics = [mean, rstd].map((values) => floats(values, [images, groups]));

  const dy = noise(x.shape, 'dy');
  const slope = (index: readonly number[]): number => (passes(index) ? at(dy, index) : 0);
  const m1 = means((index) => slope(index) * ofChannel(scale, index));
  const m2 = means((index) => slope(index) * ofChannel(scale, index) * normal(index));
  const dx = compute(x.shape, (index) => {
    const group = groupOf(index);
    return rstd[group] * (slope(index) * ofChannel(scale, index) - m1[group] - normal(index) * m2[group]);
  });
  const perChannel = (value: (index: readonly number[]) => number): Values => {
    const sums = new Array<number>(channels).fill(0);
    compute(x.shape, (index) => (sums[index[index.length - 1]] += value(index)));
    return floats(sums);
  };
  const prefix = activation === 'linear' ? '' : 'Fused';
  const attributes = { groups, epsilon: EPSILON, ...(prefix && { activation }) };
  const y = compute(x.shape, (index) => (passes(index) ? before(index) : 0));
  const gradients = [dx, perChannel((index) => slope(index) * normal(index)), perChannel(slope)];
  return [
    {
      ...{ kernel: `${prefix}GroupNormalize`, name, inputs: { x, scale, shift }, attributes },
      ...{ expected: [y, ...statistics], ...NORMALISED },
    },
    {
      ...{ kernel: `${prefix}GroupNormalizeGrad`, name, attributes },
      inputs: { dy, x, scale, shift, mean: statistics[0], rstd: statistics[1] },
      ...{ expected: gradients, rtol: 1e-4, atol: 2e-4 * Math.max(1, ...rstd.filter(Number.isFinite)) },
    },
  ];
}

const groupNorms = (['linear', 'relu'] as const).flatMap((activation) => [
  ...groupNormCases('a map', noise([2, 5, 6, 8]), 4, activation),
  ...groupNormCases('rows of features', noise([12, 48]), 6, activation),
  ...groupNormCases('one pixel, one channel a group', noise([1, 1, 1, 4]), 4, activation),
  ...groupNormCases('ties', filled([1, 4, 4, 4], 0.25), 2, activation),
  ...groupNormCases('a NaN in one group', withNan(noise([1, 3, 3, 4])), 2, activation).slice(0, 1),
  ...groupNormCases('large sums', shifted(noise([1, 150, 150, 4]), 10), 2, activation).slice(0, 1),
]);

function withNan({ values, shape }: Values): Values {
  return floats([NaN, ...values.slice(1)], shape);
}

function shifted({ values, shape }: Values, by: number): Values {
  return floats(
    values.map((value) => value + by),
    shape,
  );
}

const updates = (
  [
    ['a kernel', [3, 5]],
    ['one element', [1]],
    ['a scalar', []],
  ] as const
).map(([name, shape]): KernelCase => {
  const [parameter, velocity, gradient] = ['p', 'v', 'g'].map((of) => noise(shape, of));
  const attributes = { momentum: 0.9, weightDecay: 1e-4, rate: 0.02, gradientScale: 0.5 };
  const { momentum, weightDecay, rate, gradientScale } = attributes;
  const newVelocity = velocity.values.map(
    (v, i) => momentum * v + gradientScale * gradient.values[i] + weightDecay * parameter.values[i],
  );
  const newParameter = parameter.values.map((p, i) => p - rate * newVelocity[i]);
  return {
    ...{ kernel: 'SgdUpdate', name, inputs: { parameter, velocity, gradient }, attributes, rtol: 1e-6, atol: 1e-7 },
    expected: [floats(newParameter, shape), floats(newVelocity, shape)],
  };
});

/** Two boxes on two levels, one of them partly outside, whose samples are averaged four by four. */
function roiAlignCases(): KernelCase[] {
  const [side, samples] = [2, 2];
  const levels = [noise([1, 5, 6, 3], 'fine'), noise([1, 3, 3, 3], 'coarse')];
  const levelOfBox = Int32Array.of(0, 1);
  const rows = Float64Array.of(0.5, 1.25, 2, 3.75, NaN, 0, 1.5, 2);
  const columns = Float64Array.of(0, 0.4, 4.9, 5, 0.1, 1, NaN, NaN);
  const dy = noise([2, side, side, 3], 'dy');
  const slopes = levels.map(({ values }) => new Array<number>(values.length).fill(0));
  const y = compute(dy.shape, ([box, row, column, channel]) => {
    const level = levelOfBox[box];
    const [, height, width, channels] = levels[level].shape;
    let total = 0;
    for (let sample = 0; sample < samples * samples; sample++) {
      const at0 = rows[(box * side + row) * samples + Math.floor(sample / samples)];
      const at1 = columns[(box * side + column) * samples + (sample % samples)];
      if (Number.isNaN(at0 + at1)) continue;
      for (const [r, c] of [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ]) {
        // prettier-ignore
        const [y0, x0] = [Math.floor(at0), Math.floor(at1)];
        const share = (r ? at0 - y0 : 1 - (at0 - y0)) * (c ? at1 - x0 : 1 - (at1 - x0));
        const place = (Math.min(y0 + r, height - 1) * width + Math.min(x0 + c, width - 1)) * channels + channel;
        total += (share / samples ** 2) * levels[level].values[place];
        slopes[level][place] += (share / samples ** 2) * at(dy, [box, row, column, channel]);
      }
    }
    return total;
  });
  const attributes = { rows, columns, levelOfBox, side, samples };
  const shapes = levels.map(({ shape }) => [...shape]);
  const name = 'two boxes on two levels';
  return [
    {
      ...{ kernel: 'RoiAlign', name, inputs: { level0: levels[0], level1: levels[1] }, attributes },
      ...{ expected: [y], rtol: 1e-5, atol: 1e-6 },
    },
    {
      ...{ kernel: 'RoiAlignGrad', name, inputs: { dy }, attributes: { ...attributes, shapes } },
      ...{ expected: slopes.map((values, level) => floats(values, shapes[level])), rtol: 1e-5, atol: 1e-6 },
    },
  ];
}

/** Kernels that only our engines have. */
export const ownKernelCases: readonly KernelCase[] = [...groupNorms, ...updates, ...roiAlignCases()];
