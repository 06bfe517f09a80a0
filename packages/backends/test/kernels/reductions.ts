import {
  at,
  compute,
  filled,
  floats,
  indicesOf,
  integers,
  type KernelCase,
  noise,
  sizeOf,
  type Values,
} from './kernel-case.ts';

/** Of sums of up to a million float32: engines add in blocks, or in double precision. One float32 would be 1 % off. */
const SUMMED = 1e-5;
/** Of the sum of all absolute values: what is left where positive and negative numbers cancel out. */
const LEFT = 1e-7;

/** The numbers of each place that is left, in the order of the axes. */
function groupsOf(x: Values, axes: readonly number[]): number[][] {
  const kept = x.shape.filter((_, axis) => !axes.includes(axis));
  const groups = Array.from({ length: sizeOf(kept) }, (): number[] => []);
  for (const index of indicesOf(x.shape)) {
    const place = index.reduce((flat, i, axis) => (axes.includes(axis) ? flat : flat * x.shape[axis] + i), 0);
    groups[place].push(at(x, index));
  }
  return groups;
}

const add = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const largest = (values: readonly number[]): number =>
  values.length === 0 || values.some(Number.isNaN) ? NaN : values.reduce((a, b) => Math.max(a, b));

/** Of nothing, as tfjs's CPU engine has it: the mean is 0, and there is no largest. */
const reductions: readonly (readonly [string, (values: readonly number[]) => number, string])[] = [
  ['Sum', add, 'axis'],
  ['Mean', (values) => add(values) / (values.length || 1), 'axis'],
  ['Max', largest, 'reductionIndices'],
  ['Prod', (values) => values.reduce((a, b) => a * b, 1), 'axis'],
];

const inputs: readonly (readonly [string, Values, readonly number[]])[] = [
  ...[[0], [1], [2], [0, 1], [1, 2], [0, 2], [0, 1, 2]].map(
    (axes) => [`axes ${axes.join(', ')}`, noise([4, 6, 5]), axes] as const,
  ),
  ['long rows', noise([3, 5000]), [1]],
  ['long columns', noise([5000, 3]), [0]],
  ['one element', floats([3]), [0]],
  ['nothing of each row', floats([], [2, 0]), [1]],
  ['nothing at all', floats([], [0]), [0]],
  ['no rows', floats([], [0, 2]), [1]],
  ['ties', filled([3, 4], 2), [1]],
  ['a NaN', floats([1, NaN, 3, 4], [2, 2]), [1]],
  ['infinities', floats([Infinity, 1, Infinity, -Infinity], [2, 2]), [1]],
];

/** Shapes and axes of many equal numbers: their sum is a product. */
const large: readonly (readonly [string, readonly number[], readonly number[]])[] = [
  ['a million numbers', [1_000_000], [0]],
  ['a million numbers in a row of two', [2, 500_000], [1]],
  ['a hundred thousand rows', [100_000, 3], [0]],
  ['first and last axis', [300, 3, 300], [0, 2]],
];

const largeCases = large.flatMap(([name, shape, axes]) => {
  const x = filled(shape, 0.1); // in float32: not quite 0.1
  const kept = shape.filter((_, axis) => !axes.includes(axis));
  const count = sizeOf(shape) / sizeOf(kept);
  return (['Sum', 'Mean'] as const).map((kernel): KernelCase => {
    const expected = [filled(kept, Math.fround(0.1) * (kernel === 'Sum' ? count : 1))];
    return { kernel, name, inputs: { x }, attributes: { axis: [...axes], keepDims: false }, expected, rtol: SUMMED };
  });
});

const axisCases = reductions.flatMap(([kernel, value, axisName]) =>
  inputs.flatMap(([name, x, axes]) =>
    [false, true].map((keepDims): KernelCase => {
      const shape = keepDims
        ? x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
        : x.shape.filter((_, axis) => !axes.includes(axis));
      const expected = [floats(groupsOf(x, axes).map(value), shape)];
      const attributes = { [axisName]: [...axes], keepDims };
      const atol = LEFT * (1 + add(x.values.filter(Number.isFinite).map(Math.abs)));
      const kept = keepDims ? ', axes kept' : '';
      return { kernel, name: name + kept, inputs: { x }, attributes, expected, rtol: SUMMED, atol };
    }),
  ),
);

const softmaxCases = (
  [
    ['rows', noise([4, 7])],
    ['one column', noise([3, 1])],
    ['one element', floats([5])],
    ['nothing', floats([], [0, 3])],
    ['large logits', floats([1000, 999, -1000], [1, 3])],
    ['minus infinity beside a number', floats([-Infinity, 0], [1, 2])],
    ['a NaN', floats([NaN, 0, 1, 2], [2, 2])],
    ['many ties', filled([2, 1000], 3)],
  ] as const
).map(([name, logits]): KernelCase => {
  const width = logits.shape[logits.shape.length - 1];
  const expected = compute(logits.shape, (index) => {
    const row = Array.from({ length: width }, (_, column) => at(logits, [...index.slice(0, -1), column]));
    const shift = largest(row);
    const total = add(row.map((value) => Math.exp(value - shift)));
    return Math.exp(at(logits, index) - shift) / total;
  });
  const attributes = { dim: logits.shape.length - 1 };
  return { kernel: 'Softmax', name, inputs: { logits }, attributes, expected: [expected], rtol: 1e-5, atol: 1e-7 };
});

const squareSumCases = (
  [
    ['two tensors', { first: noise([3, 5]), second: noise([70]) }],
    ['one element', { only: floats([3]) }],
    ['nothing', { none: floats([], [0, 3]) }],
    ['a NaN', { one: floats([1, NaN]), other: floats([2]) }],
    ['a large sum', { kernel: filled([1_000_000], 1e-3), bias: filled([512], 1e-3) }],
  ] as const
).map(([name, inputs]): KernelCase => {
  const total = add(Object.values(inputs as Record<string, Values>).flatMap(({ values }) => values.map((x) => x * x)));
  return { kernel: 'SumOfSquares', name, inputs, expected: [floats([total], [])], rtol: SUMMED };
});

const segmentCases = (
  [
    ['rows, a segment of none', noise([6, 4]), [2, 0, 2, 2, 4, 0], 5],
    ['single numbers', noise([7]), [1, 1, 0, 1, 0, 0, 1], 2],
    ['one row', noise([1, 3]), [0], 1],
    ['many rows of one segment', noise([5000, 2]), new Array<number>(5000).fill(1), 3],
  ] as const
).map(([name, x, ids, numSegments]): KernelCase => {
  const expected = compute([numSegments, ...x.shape.slice(1)], ([segment, ...rest]) =>
    add(ids.map((id, row) => (id === segment ? at(x, [row, ...rest]) : 0))),
  );
  const inputs = { x, segmentIds: integers(ids) };
  return {
    kernel: 'UnsortedSegmentSum',
    name,
    inputs,
    attributes: { numSegments },
    expected: [expected],
    rtol: SUMMED,
    atol: 1e-4,
  };
});

/** Kernels that reduce axes. */
export const reductionCases = [...axisCases, ...largeCases, ...softmaxCases, ...squareSumCases, ...segmentCases];
