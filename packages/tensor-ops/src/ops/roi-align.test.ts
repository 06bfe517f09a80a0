import { describe, expect, test } from '@jest/globals';
import { grads, mul, type Rank, sum, type Tensor, type Tensor4D, tensor, tidy } from '@tensorflow/tfjs-core';
import { boxesFromXyxy, golden, gradientError, newTensors, nhwc, randomTensor } from '../testing/index.ts';
import { type Geometry, randomStream, ShapeError } from '@pffnet/structures';
import { roiAlign } from './roi-align.ts';
import { roiAlignDirect } from './roi-align-direct.ts';

/** Boxes in, across and beyond an image of 64 x 80, some empty. */
const randomBoxes = (count: number, name: string): Float32Array => {
  const stream = randomStream(6, name);
  const boxes = new Float32Array(count * 4);
  for (let at = 0; at < boxes.length; at += 4) {
    const y = -30 + 120 * stream.uniform();
    const x = -30 + 140 * stream.uniform();
    boxes.set([y, x, y + 60 * stream.uniform() ** 2, x + 60 * stream.uniform() ** 2], at);
  }
  boxes.set([10, 10, 10, 30], 0); // empty
  boxes.set([-90, -90, -60, -60], 4); // outside
  boxes.set([-20, -20, 100, 120], 8); // larger than the image
  return boxes;
};

const geometries: Geometry[] = ['continuous', 'legacy'];
const forms = [
  ['roiAlign', roiAlign],
  ['roiAlignDirect', roiAlignDirect],
] as const;

describe.each(forms)('%s', (_, align) => {
  // Four cells of 4 x 4 pixels, with their centres at 2 and 6:   0  1
  //                                                              2  3
  const square = tensor([0, 1, 2, 3], [1, 2, 2, 1]) as Tensor4D;

  test('averages four samples per cell in continuous pixels', () => {
    // The box between the centres, (2, 2, 6, 6): samples at 3 and 5, which are 1/4 and 3/4 on the way.
    const spec = { side: 1, strides: [4], geometry: 'continuous' } as const;
    const middle = align([square], Float32Array.of(2, 2, 6, 6), Int32Array.of(0), spec);
    expect(middle).toBeAllClose([1.5], { atol: 1e-6, rtol: 0 });
    // Its upper left quarter (2, 2, 4, 4): samples at 1/8 and 3/8, mean 1/4 along each axis: 1/4 + 2/4.
    const quarter = align([square], Float32Array.of(2, 2, 4, 4), Int32Array.of(0), spec);
    expect(quarter).toBeAllClose([0.75], { atol: 1e-6, rtol: 0 });
  });

  test('reads half a cell further in legacy geometry, and at least one cell', () => {
    const spec = { side: 1, strides: [4], geometry: 'legacy' } as const;
    // (0, 0, 4, 4) is cells 0 to 1: samples at 1/4 and 3/4.
    const corner = align([square], Float32Array.of(0, 0, 4, 4), Int32Array.of(0), spec);
    expect(corner).toBeAllClose([1.5], { atol: 1e-6, rtol: 0 });
    const tiny = align([square], Float32Array.of(0, 0, 1, 1), Int32Array.of(0), spec);
    expect(tiny).toBeAllClose([1.5], { atol: 1e-6, rtol: 0 });
  });

  test('holds the border cell for one cell and reads zeros beyond', () => {
    const ones = tensor([1, 1, 1, 1], [1, 2, 2, 1]) as Tensor4D;
    const spec = { side: 2, strides: [1], geometry: 'legacy' } as const;
    // Rows: samples at -1.75, -1.25 | -0.75, -0.25. Columns inside.
    const above = align([ones], Float32Array.of(-2, 0, 0, 1), Int32Array.of(0), spec);
    expect(above).toBeAllClose([0, 0, 1, 1], { atol: 1e-6, rtol: 0 });
    // Samples at 1.25, 1.75 | 2.25 (beyond the size), 2.75.
    const below = align([ones], Float32Array.of(1, 0, 3, 1), Int32Array.of(0), spec);
    expect(below).toBeAllClose([1, 1, 0, 0], { atol: 1e-6, rtol: 0 });
  });

  test('gives a constant map back for boxes inside it', () => {
    const constant = tensor(new Float32Array(16 * 20).fill(3), [1, 16, 20, 1]) as Tensor4D;
    const boxes = Float32Array.of(0, 0, 64, 80, 3, 5, 4, 6, 10.5, 20.25, 40, 70);
    const pooled = align([constant], boxes, new Int32Array(3), { side: 3, strides: [4], geometry: 'continuous' });
    expect(pooled).toBeAllClose(new Float32Array(27).fill(3), { atol: 0, rtol: 1e-5 });
  });

  test('gives zeros for an empty box in continuous pixels', () => {
    const boxes = Float32Array.of(4, 2, 4, 6, 6, 6, 2, 2);
    const pooled = align([square], boxes, new Int32Array(2), { side: 2, strides: [4], geometry: 'continuous' });
    expect(pooled).toBeAllClose(new Float32Array(8), { atol: 0, rtol: 0 });
  });

  test.each([
    [7, 4],
    [7, 8],
    [14, 4],
    [14, 8],
  ])('matches the reference at side %i, stride %i', (side, stride) => {
    const { plain } = golden('roi_align');
    const boxes = boxesFromXyxy(plain('boxes'));
    const expected = plain(`out_${side}_s${stride}`);
    const pooled = align([nhwc(plain('feature')) as Tensor4D], boxes, new Int32Array(16), {
      side,
      strides: [stride],
      geometry: 'legacy',
    });
    expect(pooled).toBeAllClose(nhwc(expected), expected);
  });

  test('matches the reference on four levels', () => {
    const { plain } = golden('pooler_levels');
    const levels = ['P2', 'P3', 'P4', 'P5'].map((name) => nhwc(plain(name)) as Tensor4D);
    const expected = plain('pooled');
    const levelOfBox = plain('pool_levels').data as Int32Array;
    const pooled = align(levels, boxesFromXyxy(plain('pool_boxes')), levelOfBox, {
      side: 7,
      strides: [4, 8, 16, 32],
      geometry: 'legacy',
    });
    expect(pooled).toBeAllClose(nhwc(expected), expected);
  });

  test('passes no boxes through', () => {
    const pooled = align([square], new Float32Array(0), new Int32Array(0), {
      side: 7,
      strides: [4],
      geometry: 'continuous',
    });
    expect(pooled.shape).toEqual([0, 7, 7, 1]);
  });

  test('leaves one new tensor per call', () => {
    const levels = [randomTensor<Rank.R4>([1, 8, 8, 2], 'a'), randomTensor<Rank.R4>([1, 4, 4, 2], 'b')];
    const boxes = Float32Array.of(0, 0, 20, 20, 2, 3, 30, 31, 5, 5, 9, 9);
    const spec = { side: 3, strides: [4, 8], geometry: 'continuous' } as const;
    expect(newTensors(() => align(levels, boxes, Int32Array.of(1, 0, 1), spec))).toBe(1);
    expect(newTensors(() => align(levels, new Float32Array(0), new Int32Array(0), spec))).toBe(1);
  });

  test('names what does not fit together', () => {
    const spec = { side: 3, strides: [4], geometry: 'continuous' } as const;
    const name = align.name;
    const cases: [() => unknown, string][] = [
      [() => align([square], new Float32Array(5), new Int32Array(1), spec), `${name}: expected boxes [n * 4], got [5]`],
      [
        () => align([square], new Float32Array(8), new Int32Array(1), spec),
        `${name}: expected levelOfBox [2], got [1]`,
      ],
      [
        () => align([square], new Float32Array(4), Int32Array.of(1), spec),
        `${name}: expected levels 0..0 in levelOfBox, got 1`,
      ],
      [
        () => align([square, square], new Float32Array(0), new Int32Array(0), spec),
        `${name}: expected 2 strides, one per level, got 1`,
      ],
      [
        () =>
          align([square, randomTensor<Rank.R4>([1, 2, 2, 3], 'c')], new Float32Array(0), new Int32Array(0), {
            ...spec,
            strides: [4, 8],
          }),
        `${name}: expected level [1, h, w, 1], got [1, 2, 2, 3]`,
      ],
    ];
    for (const [run, message] of cases) {
      expect(run).toThrow(ShapeError);
      expect(run).toThrow(message);
    }
  });
});

describe('roiAlign', () => {
  test.each([7, 14])('has the gradient of the reference at side %i', (side) => {
    const { plain } = golden('roi_align');
    const boxes = boxesFromXyxy(plain('boxes'));
    const upstream = nhwc(plain(`upstream_${side}_s4`));
    const expected = plain(`grad_feature_${side}_s4`);
    const loss = (map: Tensor): Tensor =>
      sum(
        mul(
          roiAlign([map as Tensor4D], boxes, new Int32Array(16), { side, strides: [4], geometry: 'legacy' }),
          upstream,
        ),
      );
    const [gradient] = tidy(() => grads(loss)([nhwc(plain('feature'))]));
    expect(gradient).toBeAllClose(nhwc(expected), expected);
  });

  test.each(geometries)('agrees with finite differences on two levels, %s', (geometry) => {
    const boxes = randomBoxes(8, 'gradient');
    const levelOfBox = Int32Array.from({ length: 8 }, (_, index) => index % 2);
    const run = (...levels: Tensor[]): Tensor =>
      roiAlign(levels as Tensor4D[], boxes, levelOfBox, { side: 3, strides: [8, 16], geometry });
    expect(
      gradientError(run, [randomTensor<Rank.R4>([1, 8, 10, 2], 'fine'), randomTensor<Rank.R4>([1, 4, 5, 2], 'coarse')]),
    ).toBeLessThan(1e-3);
  });

  test('gives zero gradients to levels without boxes, and to all when there are none', () => {
    const levels = [randomTensor<Rank.R4>([1, 2, 2, 1], 'fine'), randomTensor<Rank.R4>([1, 1, 1, 1], 'coarse')];
    const spec = { side: 2, strides: [4, 8], geometry: 'continuous' } as const;
    const gradients = (boxes: Float32Array): Tensor[] =>
      tidy(() =>
        grads((...maps: Tensor[]) => sum(roiAlign(maps as Tensor4D[], boxes, new Int32Array(boxes.length / 4), spec)))(
          levels,
        ),
      );
    const one = gradients(Float32Array.of(0, 0, 8, 8));
    expect(one[0]).toBeAllClose([1, 1, 1, 1], { atol: 1e-6, rtol: 0 });
    expect(one[1]).toBeAllClose([0], { atol: 0, rtol: 0 });
    const none = gradients(new Float32Array(0));
    expect(none[0]).toBeAllClose([0, 0, 0, 0], { atol: 0, rtol: 0 });
    expect(none[1]).toBeAllClose([0], { atol: 0, rtol: 0 });
  });
});

describe('roiAlignDirect', () => {
  test.each(geometries)('equals roiAlign on random boxes, also at and beyond borders, %s', (geometry) => {
    const levels = [
      randomTensor<Rank.R4>([1, 16, 20, 3], 'P2'),
      randomTensor<Rank.R4>([1, 8, 10, 3], 'P3'),
      randomTensor<Rank.R4>([1, 1, 3, 3], 'P4'),
    ];
    const boxes = randomBoxes(60, 'equal');
    const levelOfBox = Int32Array.from({ length: 60 }, (_, index) => (index * 7) % 3);
    const spec = { side: 5, strides: [4, 8, 32], geometry };
    const direct = roiAlignDirect(levels, boxes, levelOfBox, spec);
    expect(direct).toBeAllClose(roiAlign(levels, boxes, levelOfBox, spec), { atol: 1e-5, rtol: 1e-4 });
  });
});
