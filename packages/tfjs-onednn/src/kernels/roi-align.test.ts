import { beforeEach, expect, test } from '@jest/globals';
import { engine, memory, setBackend, type Tensor, tensor, tensor4d, tidy } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describeNative, forAll, noise } from '../../test/both-backends.ts';
import { loadAddon } from '../addon.ts';

interface Case {
  /** [height, width] of each level. */
  readonly levels: readonly (readonly [number, number])[];
  readonly channels: number;
  readonly side: number;
  readonly samples: number;
  readonly levelOfBox: Int32Array;
  readonly rows: Float64Array;
  readonly columns: Float64Array;
}

/** Places on and outside the box's level, about a quarter of them outside. */
function caseOf(
  levels: readonly (readonly [number, number])[],
  [boxes, side, samples, channels]: readonly [number, number, number, number],
  seed: number,
): Case {
  const levelOfBox = Int32Array.from({ length: boxes }, (_, box) => (box * 7 + seed) % levels.length);
  const places = (axis: 0 | 1, seed: number): Float64Array =>
    Float64Array.from(noise(boxes * side * samples, seed), (value, at) => {
      const length = levels[levelOfBox[Math.floor(at / (side * samples))]!]![axis];
      return value < -1 ? NaN : ((value + 1) / 3) * (length - 1);
    });
  return { levels, channels, side, samples, levelOfBox, rows: places(0, seed), columns: places(1, seed + 1) };
}

const mapsOf = ({ levels, channels }: Case): Float32Array[] =>
  levels.map(([height, width], level) => noise(height * width * channels, level + 20));

/** The definition, sample by sample in double precision. */
function reference(given: Case, maps: readonly Float32Array[]): number[] {
  const { levels, channels, side, samples, levelOfBox, rows, columns } = given;
  const read = (level: number, y: number, x: number, channel: number): number => {
    if (Number.isNaN(y) || Number.isNaN(x)) return 0;
    const [height, width] = levels[level]!;
    const at = (i: number, j: number): number =>
      maps[level]![(Math.min(i, height - 1) * width + Math.min(j, width - 1)) * channels + channel]!;
    const [i, j] = [Math.floor(y), Math.floor(x)];
    const line = (row: number): number => at(row, j) * (1 - (x - j)) + at(row, j + 1) * (x - j);
    return line(i) * (1 - (y - i)) + line(i + 1) * (y - i);
  };
  const cells: number[] = [];
  levelOfBox.forEach((level, box) => {
    for (let cell = 0; cell < side * side; cell++) {
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (let sample = 0; sample < samples * samples; sample++) {
          const row = (box * side + Math.floor(cell / side)) * samples + Math.floor(sample / samples);
          const column = (box * side + (cell % side)) * samples + (sample % samples);
          sum += read(level, rows[row]!, columns[column]!, channel);
        }
        cells.push(sum / samples ** 2);
      }
    }
  });
  return cells;
}

function forward(given: Case, maps: readonly Float32Array[]): Float32Array {
  const { levels, channels, ...attrs } = given;
  return read(() => {
    const inputs = Object.fromEntries(
      levels.map(([height, width], level) => [`level${level}`, tensor4d(maps[level]!, [1, height, width, channels])]),
    );
    return [engine().runKernel('RoiAlign', inputs, attrs as never)];
  })[0]!;
}

function backward(given: Case, dy: Float32Array): Float32Array[] {
  const { levels, channels, ...attrs } = given;
  const { side, levelOfBox } = attrs;
  const shapes = levels.map(([height, width]) => [1, height, width, channels]);
  return read(() => {
    const upstream = tensor(dy, [levelOfBox.length, side, side, channels]);
    return engine().runKernel('RoiAlignGrad', { dy: upstream }, { ...attrs, shapes } as never);
  });
}

function read(compute: () => Tensor[]): Float32Array[] {
  const values: Float32Array[] = [];
  tidy(() => {
    for (const result of compute()) values.push(result.dataSync<'float32'>());
  });
  return values;
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, value, at) => sum + value * b[at]!, 0);

describeNative('RoIAlign', () => {
  beforeEach(async () => {
    await setBackend('onednn');
  });

  test('a hand case: between four cells, at a corner, and outside', () => {
    const given: Case = {
      levels: [[2, 2]],
      channels: 1,
      side: 1,
      samples: 1,
      levelOfBox: Int32Array.of(0, 0, 0),
      rows: Float64Array.of(0.5, 1, NaN),
      columns: Float64Array.of(0.5, 1, 0),
    };
    expect([...forward(given, [Float32Array.of(0, 1, 2, 3)])]).toEqual([1.5, 3, 0]);
    expect(backward(given, Float32Array.of(4, 10, 100)).map((slopes) => [...slopes])).toEqual([[1, 1, 1, 11]]);
  });

  const cases = fc.record({
    levels: fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })), {
      minLength: 1,
      maxLength: 3,
    }),
    sizes: fc.tuple(
      fc.integer({ min: 0, max: 6 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 3 }),
      fc.constantFrom(1, 3, 16, 37),
    ),
    seed: fc.nat(1000),
  });

  test('equals its definition', async () => {
    await forAll(cases, async ({ levels, sizes, seed }) => {
      const given = caseOf(levels, sizes, seed);
      const maps = mapsOf(given);
      const expected = reference(given, maps);
      const actual = forward(given, maps);
      expect(actual).toHaveLength(expected.length);
      expected.forEach((value, at) => expect(Math.abs(actual[at]! - value)).toBeLessThan(2e-6)); // numbers up to 2
    });
  });

  test('its gradient is its transpose: <dy, align(x)> = <gradient(dy), x>', async () => {
    await forAll(cases, async ({ levels, sizes, seed }) => {
      fc.pre(sizes[0] > 0);
      const given = caseOf(levels, sizes, seed);
      const maps = mapsOf(given);
      const dy = noise(sizes[0] * sizes[1] ** 2 * sizes[3], seed + 5);
      const slopes = backward(given, dy);
      const ofMaps = slopes.reduce((sum, slope, level) => sum + dot(slope, maps[level]!), 0);
      expect(Math.abs(ofMaps - dot(dy, forward(given, maps)))).toBeLessThan(1e-4 * Math.sqrt(dy.length));
    });
  });

  test('many boxes, which threads share: the definition, the transpose, no memory left', () => {
    const given = caseOf(
      [
        [40, 30],
        [20, 15],
      ],
      [60, 7, 2, 40],
      3,
    );
    const maps = mapsOf(given);
    const before = memory();
    const values = forward(given, maps);
    const expected = reference(given, maps);
    expect(expected.reduce((top, value, at) => Math.max(top, Math.abs(value - values[at]!)), 0)).toBeLessThan(2e-6);
    const dy = noise(values.length, 8);
    const ofMaps = backward(given, dy).reduce((sum, slope, level) => sum + dot(slope, maps[level]!), 0);
    expect(Math.abs(ofMaps / dot(dy, values) - 1)).toBeLessThan(1e-4);
    expect(memory()).toMatchObject({ numTensors: before.numTensors, numBytes: before.numBytes });
  });

  test('places beyond a level read nothing, and the addon says what is wrong', () => {
    const addon = loadAddon();
    const [map, cell] = [Float32Array.of(7), Float32Array.of(5)];
    const run = (places: Float64Array, level: number, sizes: number[]): void =>
      addon.roiAlign([map], places, places, Int32Array.of(level), cell, Int32Array.from(sizes));
    for (const far of [1, 1e300, Infinity, -Infinity, NaN]) {
      run(Float64Array.of(far), 0, [1, 1, 1, 1, 1, 1]);
      expect(cell[0]).toBe(0);
    }
    const at = Float64Array.of(0);
    expect(() => run(at, 1, [1, 1, 1, 1, 1, 1])).toThrow('there is no level 1');
    expect(() => run(at, 0, [1, 2, 1, 1, 1, 1])).toThrow('rows: expected a Float64Array of 2 elements');
    expect(() => run(at, 0, [1, 1, 1, 1, 1])).toThrow('wrong length');
    expect(() => run(at, 0, [1, 1, 1, 1, 2, 1])).toThrow('level: expected 2 elements, got 1');
  });
});
