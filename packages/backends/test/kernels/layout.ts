import { at, compute, filled, floats, integers, type KernelCase, noise, type Values } from './kernel-case.ts';

const EXACT = 0;
type Row = readonly [name: string, inputs: KernelCase['inputs'], attributes: object, expected: readonly Values[]];

const some = noise([3, 4, 5]);
const none = floats([], [0, 4]);
const odd = floats([NaN, Infinity, 1, -0], [2, 2]);

/** Numbers beside each other along an axis. */
function concatenated(parts: readonly Values[], axis: number): Values {
  const shape = [...parts[0].shape];
  shape[axis] = parts.reduce((total, part) => total + part.shape[axis], 0);
  return compute(shape, (index) => {
    let place = index[axis];
    for (const part of parts) {
      if (place < part.shape[axis]) return at(part, index.with(axis, place));
      place -= part.shape[axis];
    }
    return NaN;
  });
}

/** What lies from `begin` on. */
const cut = (x: Values, begin: readonly number[], size: readonly number[]): Values =>
  compute(size, (index) =>
    at(
      x,
      index.map((place, axis) => begin[axis] + place),
    ),
  );

const concat = (name: string, parts: readonly Values[], axis: number): Row => [
  ...([name, parts, { axis }, [concatenated(parts, axis)]] as const),
];
const slice = (name: string, x: Values, begin: number[], size: number[]): Row => [
  ...([name, { x }, { begin, size }, [cut(x, begin, size)]] as const),
];
const tile = (name: string, x: Values, reps: number[]): Row => {
  const shape = x.shape.map((size, axis) => size * reps[axis]);
  return [
    name,
    { x },
    { reps },
    [
      compute(shape, (index) =>
        at(
          x,
          index.map((place, axis) => place % x.shape[axis]),
        ),
      ),
    ],
  ];
};
const transpose = (name: string, x: Values, perm: number[]): Row => {
  const shape = perm.map((axis) => x.shape[axis]);
  const expected = compute(shape, (index) =>
    at(
      x,
      x.shape.map((_, axis) => index[perm.indexOf(axis)]),
    ),
  );
  return [name, { x }, { perm }, [expected]];
};
const pad = (name: string, x: Values, paddings: [number, number][], constantValue: number): Row => {
  const shape = x.shape.map((size, axis) => paddings[axis][0] + size + paddings[axis][1]);
  const expected = compute(shape, (index) => {
    const from = index.map((place, axis) => place - paddings[axis][0]);
    return from.every((place, axis) => place >= 0 && place < x.shape[axis]) ? at(x, from) : constantValue;
  });
  return [name, { x }, { paddings, constantValue }, [expected]];
};
const gather = (name: string, x: Values, indices: Values, axis: number): Row => {
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  const expected = compute(shape, (index) => {
    const chosen = at(indices, index.slice(axis, axis + indices.shape.length));
    return at(x, [...index.slice(0, axis), chosen, ...index.slice(axis + indices.shape.length)]);
  });
  return [name, { x, indices }, { axis, batchDims: 0 }, [expected]];
};
const reshape = (name: string, x: Values, shape: number[]): Row => [name, { x }, { shape }, [floats(x.values, shape)]];
const fill = (shape: number[], value: number): Row => [
  ...([`[${shape.join(', ')}] of ${value}`, {}, { shape, value, dtype: 'float32' }, [filled(shape, value)]] as const),
];

const rows: Readonly<Record<string, readonly Row[]>> = {
  Concat: [
    concat('along the last axis', [noise([3, 4], 'a'), noise([3, 2], 'b')], 1),
    concat('along the first axis', [noise([3, 4], 'a'), noise([1, 4], 'b')], 0),
    concat('with nothing', [none, noise([1, 4])], 0),
    concat('nothing with nothing', [none, none], 0),
    concat('NaN and infinity', [odd, odd], 1),
    concat(
      'nine tensors',
      Array.from({ length: 9 }, (_, index) => noise([2, 3], `${index}`)),
      1,
    ),
  ],
  ExpandDims: [
    ['in front', { input: some }, { dim: 0 }, [floats(some.values, [1, 3, 4, 5])]],
    ['nothing', { input: none }, { dim: 2 }, [floats([], [0, 4, 1])]],
  ],
  Fill: [fill([2, 3], 0.5), fill([], -1), fill([0, 3], 1), fill([4], NaN), fill([4], Infinity)],
  GatherV2: [
    gather('rows', noise([5, 20]), integers([1, 0, 4, 4]), 0),
    gather('short rows', noise([5, 3]), integers([1, 0, 4, 4]), 0),
    gather('along a middle axis', some, integers([3, 0]), 1),
    gather('nothing', noise([5, 20]), integers([]), 0),
    gather('nothing of an empty table', none, integers([]), 0),
    gather('rows without columns', floats([], [3, 0]), integers([2, 1]), 0),
    gather('a NaN', odd, integers([0, 0]), 0),
  ],
  OneHot: [
    [
      ...(['ids, one of them outside', { indices: integers([0, 2, -1, 3]) }] as const),
      { depth: 3, onValue: 1, offValue: 0, dtype: 'float32' },
      [floats([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0], [4, 3])],
    ],
    [
      ...(['nothing', { indices: integers([]) }] as const),
      { depth: 3, onValue: 1, offValue: 0, dtype: 'float32' },
      [floats([], [0, 3])],
    ],
  ],
  Pack: [
    [
      ...(['in front', [noise([3], 'a'), noise([3], 'b')], { axis: 0 }] as const),
      [floats([...noise([3], 'a').values, ...noise([3], 'b').values], [2, 3])],
    ],
    ['one', [floats([7], [])], { axis: 0 }, [floats([7])]],
    ['nothing', [none, none], { axis: 0 }, [floats([], [2, 0, 4])]],
  ],
  PadV2: [
    pad('around', noise([3, 4]), [[1, 2], [0, 3]], 0), // prettier-ignore
    pad('with NaN', noise([3]), [[1, 1]], NaN),
    pad('with 5, after a NaN', noise([3]), [[1, 1]], 5),
    pad('nothing', none, [[1, 1], [0, 0]], 2), // prettier-ignore
    pad('by nothing', odd, [[0, 0], [0, 0]], 0), // prettier-ignore
  ],
  Range: [
    ['upwards', {}, { start: 0, stop: 5, step: 1, dtype: 'float32' }, [floats([0, 1, 2, 3, 4])]],
    ['nothing', {}, { start: 3, stop: 3, step: 1, dtype: 'float32' }, [floats([])]],
  ],
  Reshape: [
    reshape('to a matrix', some, [12, 5]),
    reshape('to a scalar', floats([2]), []),
    reshape('nothing', none, [4, 0]),
  ],
  Slice: [
    slice('a box', some, [1, 0, 2], [2, 3, 2]),
    slice('whole rows', noise([9, 30]), [2, 0], [5, 30]),
    slice('one element', some, [2, 3, 4], [1, 1, 1]),
    slice('nothing', some, [1, 0, 0], [0, 4, 5]),
    slice('of nothing', none, [0, 1], [0, 2]),
    slice('NaN and infinity', odd, [0, 0], [1, 2]),
  ],
  SplitV: [
    [
      ...(['two parts', { x: some }, { numOrSizeSplits: [1, 3], axis: 1 }] as const),
      [cut(some, [0, 0, 0], [3, 1, 5]), cut(some, [0, 1, 0], [3, 3, 5])],
    ],
    [...(['an empty part', { x: some }, { numOrSizeSplits: [0, 3], axis: 0 }] as const), [floats([], [0, 4, 5]), some]],
  ],
  Tile: [
    tile('along two axes', noise([2, 3]), [3, 2]),
    tile('once', some, [1, 1, 1]),
    tile('no times', some, [1, 0, 1]),
    tile('nothing', none, [2, 2]),
    tile('NaN and infinity', odd, [1, 2]),
  ],
  Transpose: [
    transpose('a matrix', noise([17, 23]), [1, 0]),
    transpose('three axes', some, [2, 0, 1]),
    transpose('one element', floats([1], [1, 1]), [1, 0]),
    transpose('nothing', none, [1, 0]),
    transpose('NaN and infinity', odd, [1, 0]),
  ],
};

/** Kernels that move numbers and change none. */
export const layoutCases = Object.entries(rows).flatMap(([kernel, of]) =>
  of.map(([name, inputs, attributes, expected]): KernelCase => ({
    ...{ kernel, name, inputs, attributes, expected, rtol: EXACT },
  })),
);
