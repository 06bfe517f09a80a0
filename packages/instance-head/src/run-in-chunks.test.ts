import { describe, expect, test } from '@jest/globals';
import { mul, reshape, slice, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { newTensors } from '@pffnet/tensor-ops/testing';
import { chunksOfBoxes, evenChunk, runInChunks } from './run-in-chunks.ts';

const boxes = Float32Array.from({ length: 20 }, (_, at) => at);
const source = tensor([1, 2], [1, 2]);

describe('chunksOfBoxes', () => {
  test.each([
    [2, [8, 8, 4]],
    [5, [20]],
    [9, [20]],
  ])('cuts five boxes into runs of %i', (chunk, lengths) => {
    const chunks = [...chunksOfBoxes(boxes, chunk)];
    expect(chunks.map((part) => part.length)).toEqual(lengths);
    expect(chunks.flatMap((part) => [...part])).toEqual([...boxes]);
  });

  test('gives nothing for no boxes', () => {
    expect([...chunksOfBoxes(new Float32Array(0), 3)]).toEqual([]);
  });
});

describe('runInChunks', () => {
  /** First edge of each box, and twice the box; notes how many boxes came at once. */
  const describeInto =
    (sizes: number[]) =>
    (part: Float32Array): Tensor[] => {
      sizes.push(part.length / 4);
      const rows = tensor(part, [part.length / 4, 4]);
      return [reshape(slice(rows, [0, 0], [-1, 1]), [-1]), mul(rows, 2)];
    };

  test.each([1, 2, 3, 5, 7])('joins the rows of runs of %i, all of that size', (chunk) => {
    const sizes: number[] = [];
    const [first, twice] = runInChunks(boxes, { chunk, rowShapes: [[], [4]], source }, describeInto(sizes));
    expect([...first.dataSync()]).toEqual([0, 4, 8, 12, 16]);
    expect([...twice.dataSync()]).toEqual([...boxes].map((edge) => 2 * edge));
    expect(new Set(sizes)).toEqual(new Set([chunk]));
  });

  test('runs nothing without boxes', () => {
    const sizes: number[] = [];
    const spec = { chunk: 3, rowShapes: [[], [4]], source };
    const results = runInChunks(new Float32Array(0), spec, describeInto(sizes));
    expect(results.map(({ shape }) => shape)).toEqual([[0], [0, 4]]);
    expect(sizes).toEqual([]);
  });

  test.each([2, 5, 7])('leaves its results in runs of %i', (chunk) => {
    expect(newTensors(() => runInChunks(boxes, { chunk, rowShapes: [[], [4]], source }, describeInto([])))).toBe(2);
  });
});

describe('evenChunk', () => {
  test.each([
    [0, 32, 8],
    [1, 32, 8],
    [13, 32, 16],
    [32, 32, 32],
    [33, 32, 24], // 24 + 9 filled up to 24: 48 rows instead of 64
    [115, 32, 32],
    [3000, 256, 256],
    [5, 2, 2],
    [2, 3, 2],
  ])('shares %i boxes out among the fewest runs of at most %i: %i each', (count, most, chunk) => {
    expect(evenChunk(count, most)).toBe(chunk);
  });

  test('never needs more runs than full ones would, nor more rows', () => {
    for (let count = 1; count < 300; count++) {
      for (const most of [1, 2, 3, 7, 32, 64]) {
        const chunk = evenChunk(count, most);
        const runs = Math.ceil(count / chunk);
        expect(chunk).toBeLessThanOrEqual(most);
        expect(runs).toBe(Math.ceil(count / most));
        expect(runs * chunk).toBeGreaterThanOrEqual(count);
        expect(runs * chunk).toBeLessThanOrEqual(Math.ceil(count / most) * most);
      }
    }
  });
});
