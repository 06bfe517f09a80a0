import { describe, expect, test } from '@jest/globals';
import { constant, ParamScope } from '@pffnet/tensor-ops';
import { golden, newTensors } from '@pffnet/tensor-ops/testing';
import { dispose, memory, scalar, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { learningRateAt } from './learning-rate.ts';
import { Sgd } from './sgd.ts';

const config = { momentum: 0.9, weightDecay: 1e-4, biasRateFactor: 2 };
const schedule = {
  iterations: 12000,
  learningRate: 0.003,
  warmup: { iterations: 500, factor: 1 / 3 },
  decay: { at: [0.75], factor: 0.1 },
};
/** Reference parameter and where it lives here. */
const parameters = [
  ['conv.weight', 'conv/kernel'],
  ['conv.bias', 'conv/bias'],
  ['gn.weight', 'gn/scale'],
  ['gn.bias', 'gn/shift'],
] as const;

describe('Sgd', () => {
  test('keeps half of the velocity and adds the new slope', () => {
    using scope = ParamScope.root(0);
    const kernel = scope.param('kernel', [1], constant(1));
    const sgd = new Sgd(scope.variables(), { momentum: 0.5, weightDecay: 0, biasRateFactor: 1 });
    for (const expected of [1 - 0.1, 1 - 0.1 - 0.15]) {
      sgd.step(new Map([['kernel', tensor([1])]]), 0.1);
      expect(kernel).toBeAllClose([expected], { atol: 1e-7, rtol: 0 });
    }
    sgd.dispose();
  });

  test.each([0, 495, 8995])('follows the reference for ten steps from iteration %d', (start) => {
    const { plain } = golden('optimiser');
    using scope = ParamScope.root(0);
    for (const [reference, path] of parameters) {
      const { shape, data } = plain(`init.${reference}`);
      const [module, name] = path.split('/');
      scope.child(module).param(name, shape, () => data as Float32Array);
    }
    const sgd = new Sgd(scope.variables(), config);
    for (let update = 0; update < 10; update++) {
      const gradients = new Map<string, Tensor>();
      for (const [reference, path] of parameters) {
        const { shape, data } = plain(`grads.${reference}`);
        const size = data.length / 10;
        gradients.set(path, tensor(data.slice(update * size, (update + 1) * size), shape.slice(1), 'float32'));
      }
      sgd.step(gradients, learningRateAt(start + update, schedule));
      dispose([...gradients.values()]);
      for (const [reference, path] of parameters) {
        const expected = plain(`start${start}.${reference}`);
        const size = expected.data.length / 10;
        const actual = scope.variables().get(path)!;
        expect(actual).toBeAllClose(expected.data.slice(update * size, (update + 1) * size), expected);
      }
    }
    sgd.dispose();
  });

  test('continues from saved velocities with the same bits', async () => {
    const run = async (interrupt: boolean): Promise<Float32Array> => {
      using scope = ParamScope.root(0);
      const kernel = scope.param('kernel', [3], constant(1));
      let sgd = new Sgd(scope.variables(), config);
      for (let update = 0; update < 6; update++) {
        if (interrupt && update === 3) {
          const saved = await sgd.state();
          sgd.dispose();
          sgd = new Sgd(scope.variables(), config);
          sgd.restore(saved);
        }
        sgd.step(new Map([['kernel', tensor([0.1, -0.2, 0.3 * update])]]), 0.01);
      }
      sgd.dispose();
      return kernel.dataSync() as Float32Array;
    };
    expect(Array.from(await run(true))).toEqual(Array.from(await run(false)));
  });

  test('leaves no tensor per step, and none after dispose', () => {
    using scope = ParamScope.root(0);
    scope.param('kernel', [3], constant(1));
    const before = memory().numTensors;
    const sgd = new Sgd(scope.variables(), config);
    const gradient = tensor([1, 2, 3]);
    const step = (): Tensor => {
      sgd.step(new Map([['kernel', gradient]]), 0.01);
      return scalar(0);
    };
    expect(newTensors(step)).toBe(1); // the scalar that newTensors wants back
    gradient.dispose();
    sgd.dispose();
    expect(memory().numTensors).toBe(before);
  });

  test('names the parameter whose gradient is missing', () => {
    using scope = ParamScope.root(0);
    scope.param('kernel', [3], constant(1));
    const sgd = new Sgd(scope.variables(), config);
    expect(() => {
      sgd.step(new Map(), 0.1);
    }).toThrow('Sgd: there is no gradient for kernel');
    sgd.dispose();
  });
});
