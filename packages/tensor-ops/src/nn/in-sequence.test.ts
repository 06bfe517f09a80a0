import { describe, expect, test } from '@jest/globals';
import { add, memory, mul, relu, square, sum, tensor, type Tensor, valueAndGrads } from '@tensorflow/tfjs-core';
import { newTensors } from '../testing/index.ts';
import { inSequence } from './in-sequence.ts';

const timesThree = (x: Tensor): Tensor => mul(x, 3);
const minusOne = (x: Tensor): Tensor => add(x, -1);

describe('inSequence', () => {
  test('runs layers in their order', () => {
    const run = inSequence(timesThree, minusOne, relu);
    expect([...run(tensor([-1, 0, 2])).dataSync()]).toEqual([0, 0, 5]);
  });

  test('has the gradient of its layers, though what lies between is gone', () => {
    const weight = tensor([2, 5]);
    const run = inSequence(square, (x: Tensor) => mul(x, weight), square); // w² x⁴
    const { grads } = valueAndGrads((...[x]: Tensor[]) => sum(run(x)))([tensor([1, 2])]);
    expect([...grads[0].dataSync()]).toEqual([4 * 4 * 1, 4 * 25 * 8]);
  });

  test('a later layer finds only its own input, the argument and what outlives the call', () => {
    const alive: number[] = [];
    const counted = (x: Tensor): Tensor => {
      alive.push(memory().numTensors);
      return add(x, x);
    };
    const x = tensor([1]);
    inSequence(counted, counted, counted, counted)(x);
    expect(alive).toEqual([alive[0], alive[0] + 1, alive[0] + 1, alive[0] + 1]);
  });

  test('keeps its argument, and a value that a layer passes on as it is', () => {
    const x = tensor([1, 2]);
    const same = (value: Tensor): Tensor => value;
    const run = inSequence(same, timesThree, same, minusOne);
    expect([...run(x).dataSync()]).toEqual([2, 5]);
    expect(x.isDisposed).toBe(false);
  });

  test('without layers gives its argument', () => {
    const x = tensor([1]);
    expect(inSequence()(x)).toBe(x);
    expect(x.isDisposed).toBe(false);
  });

  test('leaves one new tensor per call', () => {
    const x = tensor([1, 2]);
    expect(newTensors(() => inSequence(timesThree, minusOne, relu)(x))).toBe(1);
  });
});
