import { describe, expect, test } from '@jest/globals';
import { constant, ParamScope } from '@pffnet/tensor-ops';
import { newTensors } from '@pffnet/tensor-ops/testing';
import { memory, tensor, tidy, type Variable } from '@tensorflow/tfjs-core';
import { WeightAverage } from './weight-average.ts';

function setUp(decay: number): { scope: ParamScope; kernel: Variable; average: WeightAverage } {
  const scope = ParamScope.root(0);
  const kernel = scope.param('kernel', [2], constant(1));
  return { scope, kernel, average: new WeightAverage(scope.variables(), decay) };
}

const set = (variable: Variable, values: number[]): void => {
  tidy(() => {
    variable.assign(tensor(values));
  });
};

describe('WeightAverage', () => {
  test('follows the weights as calculated by hand', async () => {
    const { scope, kernel, average } = setUp(0.15);
    set(kernel, [2, -4]);
    average.update(0);
    // d = 1/10: 0.1 * 1 + 0.9 * 2, 0.1 * 1 - 0.9 * 4.
    expect([...(await average.state()).get('kernel')!.data]).toEqual([expect.closeTo(1.9, 6), expect.closeTo(-3.5, 6)]);
    set(kernel, [0, 0]);
    average.update(1);
    // d = min(0.15, 2/11) = 0.15.
    expect((await average.state()).get('kernel')!.data[0]).toBeCloseTo(0.285, 6);
    average.dispose();
    scope.dispose();
  });

  test('lends its values, and gives the weights back, also after an error', async () => {
    const { scope, kernel, average } = setUp(0.9);
    set(kernel, [3, 3]);
    const seen = await average.within(async () => [...(await kernel.data())]);
    expect(seen).toEqual([1, 1]);
    await expect(average.within(() => Promise.reject(new Error('stopped')))).rejects.toThrow('stopped');
    expect(kernel).toBeAllClose([3, 3], { atol: 0, rtol: 0 });
    average.update(100);
    expect((await average.state()).get('kernel')!.data[0]).toBeCloseTo(0.9 + 0.3, 6);
    average.dispose();
    scope.dispose();
  });

  test('goes on from what was saved', async () => {
    const [one, other] = [setUp(0.9), setUp(0.9)];
    set(one.kernel, [5, 6]);
    one.average.update(3);
    other.average.restore(await one.average.state());
    expect(await other.average.state()).toEqual(await one.average.state());
    expect(() => other.average.restore(new Map())).toThrow('there is no saved average for kernel');
    for (const { scope, average } of [one, other]) {
      average.dispose();
      scope.dispose();
    }
  });

  test('leaves no tensor behind', async () => {
    const before = memory().numTensors;
    const { scope, average } = setUp(0.9);
    expect(newTensors(() => average.update(1))).toBe(0);
    await average.within(() => Promise.resolve());
    average.dispose();
    scope.dispose();
    expect(memory().numTensors).toBe(before);
  });
});
