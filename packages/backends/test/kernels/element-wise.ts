import {
  at,
  compute,
  filled,
  floats,
  indicesOf,
  integers,
  type KernelCase,
  noise,
  truths,
  type Values,
} from './kernel-case.ts';

/** One rounding to float32, and what the engines' approximations of transcendental functions add. */
const ROUNDED = 1.2e-7;
const APPROXIMATED = 2e-6;
/** Engines may take numbers below float32's normal range for 0. */
const SUBNORMAL = 1.2e-38;

const HARD = [
  0,
  1e-8,
  -1e-8,
  1e-5,
  -1e-5,
  0.1,
  -0.1,
  1,
  -1,
  15.5,
  -15.5,
  88,
  -100,
  1e30,
  -1e30,
  NaN,
  Infinity,
  -Infinity,
];

/** Tensors that every kernel of single numbers must take. */
const ordinaryAndDegenerate: readonly (readonly [string, Values])[] = [
  ['random numbers', noise([3, 5, 7])],
  ['one element', floats([0.25])],
  ['a scalar', floats([-0.75], [])],
  ['nothing', floats([], [0, 3])],
  ['extremes', floats(HARD)],
];

/** float32 has no larger numbers: results beyond are infinite. */
const unary: readonly (readonly [string, (x: number) => number, number, object?])[] = [
  ['Abs', Math.abs, 0],
  ['Exp', Math.exp, APPROXIMATED],
  ['Floor', Math.floor, 0],
  ['Log', Math.log, APPROXIMATED],
  ['Log1p', Math.log1p, APPROXIMATED],
  ['Neg', (x) => -x, 0],
  ['Relu', (x) => (x < 0 ? 0 : x), 0],
  ['Rsqrt', (x) => 1 / Math.sqrt(x), 4e-7],
  ['Sigmoid', (x) => 1 / (1 + Math.exp(-x)), APPROXIMATED],
  ['Sqrt', Math.sqrt, ROUNDED],
  ['Square', (x) => x * x, ROUNDED],
  ['Step', (x) => (x > 0 ? 1 : Number.isNaN(x) ? NaN : 0), 0, { alpha: 0 }],
  ['ClipByValue', (x) => (x < -0.5 ? -0.5 : x > 0.25 ? 0.25 : x), 0, { clipValueMin: -0.5, clipValueMax: 0.25 }],
  ['Identity', (x) => x, 0],
  ['OnesLike', () => 1, 0],
  ['ZerosLike', () => 0, 0],
];

const unaryCases = unary.flatMap(([kernel, value, rtol, attributes]) =>
  ordinaryAndDegenerate.map(([name, x]): KernelCase => ({
    ...{ kernel, name, inputs: { x }, expected: [floats(x.values.map(value), x.shape)] },
    ...{ rtol, atol: SUBNORMAL },
    ...(attributes && { attributes }),
  })),
);

const pairs = HARD.flatMap((a) => HARD.map((b) => [a, b] as const));
const tensorPairs: readonly (readonly [string, Values, Values])[] = [
  ['two of one shape', noise([3, 5, 7], 'a'), noise([3, 5, 7], 'b')],
  ['a scalar on the right', noise([5, 9], 'a'), floats([0.5], [])],
  ['a scalar on the left', floats([0.5], []), noise([5, 9], 'b')],
  ['a row for every row', noise([4, 6, 5], 'a'), noise([5], 'b')],
  ['a column for every column', noise([4, 6, 5], 'a'), noise([6, 1], 'b')],
  ['ties', filled([9], 0.5), filled([9], 0.5)],
  ['one element', floats([2]), floats([3])],
  ['nothing', floats([], [0, 3]), noise([3], 'b')],
  ['every pair of extremes', floats(pairs.map(([a]) => a)), floats(pairs.map(([, b]) => b))],
  ['a row with a NaN', noise([2, 3], 'a'), floats([NaN, 0, 1])],
];

const either = Number.isNaN;
const binary: readonly (readonly [string, (a: number, b: number) => number, 'float32' | 'bool'])[] = [
  ['Add', (a, b) => a + b, 'float32'],
  ['Sub', (a, b) => a - b, 'float32'],
  ['Multiply', (a, b) => a * b, 'float32'],
  ['RealDiv', (a, b) => a / b, 'float32'],
  ['Maximum', (a, b) => (either(a) || either(b) ? NaN : Math.max(a, b)), 'float32'],
  ['Minimum', (a, b) => (either(a) || either(b) ? NaN : Math.min(a, b)), 'float32'],
  ['Equal', (a, b) => Number(a === b), 'bool'],
  ['GreaterEqual', (a, b) => Number(a >= b), 'bool'],
  ['LessEqual', (a, b) => Number(a <= b), 'bool'],
];

const binaryCases = binary.flatMap(([kernel, value, dtype]) =>
  tensorPairs.map(([name, a, b]): KernelCase => {
    const rank = Math.max(a.shape.length, b.shape.length);
    const [left, right] = [a, b].map(({ shape }) => [...new Array<number>(rank - shape.length).fill(1), ...shape]);
    const shape = left.map((size, axis) => (size === 1 ? right[axis] : size));
    const read = (x: Values, index: readonly number[]): number =>
      at(
        x,
        index.slice(rank - x.shape.length).map((place, axis) => (x.shape[axis] === 1 ? 0 : place)),
      );
    const values = Array.from(indicesOf(shape), (index) => value(read(a, index), read(b, index)));
    const expected = [dtype === 'bool' ? truths(values, shape) : floats(values, shape)];
    return { kernel, name, inputs: { a, b }, expected, rtol: ROUNDED, atol: SUBNORMAL };
  }),
);

const logicalCases = (
  [
    ['every pair', truths([0, 0, 1, 1]), truths([0, 1, 0, 1]), truths([0, 0, 0, 1])],
    ['a row for every row', truths([0, 1, 1, 1], [2, 2]), truths([1, 0]), truths([0, 0, 1, 0], [2, 2])],
    ['nothing', truths([], [0, 2]), truths([], [0, 2]), truths([], [0, 2])],
  ] as const
).map(([name, a, b, both]): KernelCase => {
  return { kernel: 'LogicalAnd', name, inputs: { a, b }, expected: [both], rtol: 0 };
});

const castCases: readonly KernelCase[] = (
  [
    ['float32 to bool', floats([0, 0.9, -0.1, 256, -1, NaN, Infinity, 1e-30]), truths([0, 1, 1, 1, 1, 1, 1, 1])],
    ['int32 to bool', integers([0, 1, -1, 256, 65536]), truths([0, 1, 1, 1, 1])],
    ['float32 to int32', floats([0.9, -0.9, 2.5, -2.5, 16777216]), integers([0, 0, 2, -2, 16777216])],
    ['int32 to float32', integers([0, -7, 16777216]), floats([0, -7, 16777216])],
    ['bool to float32', truths([0, 1, 1]), floats([0, 1, 1])],
    ['nothing', floats([], [0, 2]), truths([], [0, 2])],
  ] as const
).map(([name, x, cast]) => ({
  ...{ kernel: 'Cast', name, inputs: { x }, attributes: { dtype: cast.dtype }, expected: [cast], rtol: 0 },
}));

const addCases = [1, 2, 3, 5, 9].flatMap((count) =>
  [[4, 5], [1], [0, 3]].map((shape): KernelCase => {
    const terms = Array.from({ length: count }, (_, index) => noise(shape, `term ${index}`));
    const sum = compute(shape, (index) => terms.reduce((total, term) => total + at(term, index), 0));
    const name = `${count} tensors [${shape.join(', ')}]`;
    return { kernel: 'AddN', name, inputs: terms, expected: [sum], rtol: 1e-6, atol: 1e-6 };
  }),
);

/** Kernels that work number by number. */
export const elementWiseCases = [...unaryCases, ...binaryCases, ...logicalCases, ...castCases, ...addCases];
