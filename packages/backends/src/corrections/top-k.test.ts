import { describe, expect, test } from '@jest/globals';
import { newTensors } from '@pffnet/tensor-ops/testing';
import { setBackend, tensor, type Tensor, topk } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { loadBackend } from '../load-backend.ts';

const engines = ['cpu', 'wasm'] as const;
for (const engine of engines) await loadBackend(engine);

const largest = (values: number[] | number[][], k: number): { values: number[]; places: number[]; shape: number[] } => {
  const { values: found, indices } = topk(tensor(values) as Tensor, k);
  return { values: [...found.dataSync()], places: [...indices.dataSync()], shape: found.shape };
};

describe.each(engines)('topk on %s', (engine) => {
  test('takes the largest of each row, the first of equal ones first', async () => {
    await setBackend(engine);
    const expected = { values: [3, 3, 5, 4], places: [1, 2, 0, 2], shape: [2, 2] };
    expect(largest([[1, 3, 3], [5, 0, 4]], 2)).toEqual(expected); // prettier-ignore
  });

  test('takes NaN for the largest, and no longer loses a number beside it', async () => {
    await setBackend(engine);
    expect(largest([1, NaN, 3, 2, NaN, 5, 4], 5)).toMatchObject({
      values: [NaN, NaN, 5, 4, 3],
      places: [1, 4, 5, 6, 2],
    });
  });

  test('gives every number of a row, whatever NaN is among them', async () => {
    await setBackend(engine);
    const numbers = fc.array(fc.oneof(fc.integer({ min: -9, max: 9 }), fc.constant(NaN)), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(numbers, (values) => {
        const { places, values: found } = largest(values, values.length);
        expect(places.map((place) => values[place])).toEqual(found);
        expect([...places].sort((a, b) => a - b)).toEqual([...values.keys()]);
      }),
      { seed: 5, numRuns: 100 },
    );
  });

  test('takes none of some, and none of nothing, which divided by zero', async () => {
    await setBackend(engine);
    expect(largest([3, 1, 2], 0)).toEqual({ values: [], places: [], shape: [0] });
    expect(largest([], 0)).toEqual({ values: [], places: [], shape: [0] });
  });

  test('leaves its two results and nothing else', async () => {
    await setBackend(engine);
    const x = tensor([1, NaN, 2]);
    expect(newTensors(() => Object.values(topk(x, 2)))).toBe(2);
  });
});
