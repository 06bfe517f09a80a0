import { expect, test } from '@jest/globals';
import { tensor, type Variable, variable } from '@tensorflow/tfjs-core';
import { newTensors } from '../testing/index.ts';
import { readVariables, restoreVariables } from './plain-variables.ts';

const kernel = (...values: number[]): Map<string, Variable> =>
  new Map([['kernel', variable(tensor(values, [1, values.length]))]]);

test('values that were read come back, and leave no tensor', async () => {
  const [from, to] = [kernel(1, -2.5), kernel(0, 0)];
  const values = await readVariables(from);
  expect([...values]).toEqual([['kernel', { shape: [1, 2], data: Float32Array.of(1, -2.5) }]]);
  const restore = (): [] => {
    restoreVariables(to, values, 'velocity');
    return [];
  };
  expect(newTensors(restore)).toBe(0);
  expect(await readVariables(to)).toEqual(values);
});

test('a variable without a value is named', () => {
  expect(() => {
    restoreVariables(kernel(1), new Map(), 'velocity');
  }).toThrow('there is no saved velocity for kernel');
});
