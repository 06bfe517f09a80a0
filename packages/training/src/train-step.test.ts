import { describe, expect, test } from '@jest/globals';
import { loadBackend } from '@pffnet/backends';
import { syntheticCells } from '@pffnet/datasets';
import { type ConfigPatch, createPffnet, type Pffnet, vary } from '@pffnet/pffnet';
import { labelMap, randomStream } from '@pffnet/structures';
import { customGrad, memory, mul, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { TrainingError } from '@pffnet/run-folder';
import { bitsOf } from '../test/bits-of.ts';
import { tiny } from '../test/tiny.ts';
import { Sgd } from './sgd.ts';
import { type StepInputs, type StepLosses, trainStep } from './train-step.ts';

// The whole network with its gradients is too much for the reference engine (CPU).
await loadBackend('wasm');

const { image, labels } = syntheticCells({ size: 64, count: [4, 4], seed: 3 });

/** The same random choices at every call. */
const inputs = (rate: number, truth = labels): StepInputs => ({
  sample: { image, labels: truth },
  streams: (purpose) => randomStream(0, purpose),
  rate,
});

/** A network and its optimiser, to be disposed together. */
function learner(patch: ConfigPatch = {}, modules: Parameters<typeof createPffnet>[1] = {}) {
  const model = createPffnet(vary(tiny, patch), modules);
  const optimiser = new Sgd(model.trainable, model.config.training);
  return {
    model,
    optimiser,
    [Symbol.dispose]: (): void => {
      optimiser.dispose();
      model.scope.dispose();
    },
  };
}

const valuesOf = ({ scope }: Pffnet): Map<string, Float32Array> =>
  new Map([...scope.variables()].map(([path, variable]) => [path, variable.dataSync().slice() as Float32Array]));

describe('trainStep', () => {
  test('learns one image, reports every loss of Eq. 5, and keeps as many tensors after 50 steps as after 5', async () => {
    using learned = learner();
    const { model, optimiser } = learned;
    const reports: StepLosses[] = [];
    const tensors: number[] = [];
    for (let step = 0; step < 50; step++) {
      const { losses, times } = await trainStep(model, optimiser, inputs(0.02));
      expect(Object.values(times).every((seconds) => seconds > 0)).toBe(true);
      reports.push(losses);
      tensors.push(memory().numTensors);
    }
    expect(tensors[49]).toBe(tensors[4]);
    const { total, ...terms } = reports[49];
    expect(Object.keys(terms)).toEqual(model.terms.map(({ name }) => name));
    const sum = model.terms.reduce((all, { name, weight }) => all + weight * terms[name]!, 0);
    expect(total).toBeCloseTo(sum, 5);
    // An informed start is lower than the published one, of which half is to be reached.
    using published = learner({ initialOutputs: 'published' });
    const first = await trainStep(published.model, published.optimiser, inputs(0.02));
    expect(reports[0].total).toBeLessThan(first.losses.total);
    expect(total).toBeLessThan(0.5 * first.losses.total);
  });

  test('is the same step every time', async () => {
    const twoSteps = async (): Promise<unknown> => {
      using learned = learner();
      const { model, optimiser } = learned;
      const first = await trainStep(model, optimiser, inputs(0.02));
      const second = await trainStep(model, optimiser, inputs(0.02));
      return { losses: [first.losses, second.losses], weights: bitsOf(model) };
    };
    expect(await twoSteps()).toEqual(await twoSteps());
  });

  test('leaves frozen stages alone and moves the rest', async () => {
    using learned = learner({ backbone: { freezeStages: 2 } });
    const { model, optimiser } = learned;
    const before = valuesOf(model);
    await trainStep(model, optimiser, inputs(0.02));
    const after = valuesOf(model);
    const still = [...before.keys()].filter((path) => before.get(path)!.every((w, at) => w === after.get(path)![at]));
    const bottomUp = (path: string): boolean => /^backbone\/st(em|age)/.test(path);
    expect(still.filter(bottomUp)).toEqual(
      [...before.keys()].filter((path) => /^backbone\/(stem|stage2)\//.test(path)),
    );
  });

  test('moves all weights together by no more than the rate times the largest norm', async () => {
    const movedBy = async (clipNorm: number | null): Promise<number> => {
      // Without decay, and with one rate for all, the first update is rate times gradient.
      using learned = learner({ training: { clipNorm, weightDecay: 0, biasRateFactor: 1 } });
      const { model, optimiser } = learned;
      const before = valuesOf(model);
      await trainStep(model, optimiser, inputs(0.5));
      const squares = [...valuesOf(model)].map(([path, values]) =>
        values.reduce((total, w, at) => total + (w - before.get(path)![at]) ** 2, 0),
      );
      return Math.sqrt(squares.reduce((total, square) => total + square));
    };
    const free = await movedBy(null);
    expect(await movedBy(0.01)).toBeCloseTo(0.005, 5);
    expect(await movedBy(2 * free + 1)).toBeCloseTo(free, 5);
  });

  test('reports how long the gradients of each group are, and what they were clipped by', async () => {
    using learned = learner({ training: { clipNorm: 0.01 } });
    const { model, optimiser } = learned;
    const { gradients } = await trainStep(model, optimiser, { ...inputs(0.02), groups: model.groups });
    expect(Object.keys(gradients.byGroup)).toEqual(['trunk', 'detector', 'semantic', 'fusion', 'quality']);
    const together = Math.hypot(...Object.values(gradients.byGroup));
    expect(together / gradients.norm).toBeCloseTo(1, 5);
    expect(gradients.clipping).toBeCloseTo(0.01 / gradients.norm, 10);
    expect((await trainStep(model, optimiser, inputs(0.02))).gradients.byGroup).toEqual({});
  });

  test('takes the same step whether groups are measured or not', async () => {
    const bitsAfter = async (watch: boolean): Promise<string> => {
      using learned = learner();
      const { model, optimiser } = learned;
      await trainStep(model, optimiser, watch ? { ...inputs(0.02), groups: model.groups } : inputs(0.02));
      return bitsOf(model);
    };
    expect(await bitsAfter(true)).toBe(await bitsAfter(false));
  });

  test('measures 0 for a group without gradients', async () => {
    using learned = learner();
    const groups = new Map([['nothing', ['no/such/path']]]);
    const { gradients } = await trainStep(learned.model, learned.optimiser, { ...inputs(0.02), groups });
    expect(gradients.byGroup).toEqual({ nothing: 0 });
  });

  test.each(['continuous', 'legacy'] as const)('learns in %s geometry', async (geometry) => {
    using learned = learner({ geometry });
    const { model, optimiser } = learned;
    const totals: number[] = [];
    for (let step = 0; step < 15; step++) totals.push((await trainStep(model, optimiser, inputs(0.02))).losses.total);
    expect(totals[14]).toBeLessThan(totals[0]!);
  });

  test('an image without objects is a step too: weights stay finite', async () => {
    using learned = learner();
    const { model, optimiser } = learned;
    const { losses } = await trainStep(model, optimiser, inputs(0.02, labelMap(64, 64)));
    expect(losses).toMatchObject({ mask: 0, quality: 0, 'box-regression': 0 });
    expect([...valuesOf(model).values()].every((values) => values.every(Number.isFinite))).toBe(true);
  });
});

describe('trainStep that cannot go on', () => {
  test.each([
    ['instance/rpn/objectness/bias', 'loss rpn-objectness is NaN'],
    ['instance/box/logits/bias', 'loss box-class is NaN'],
    ['instance/mask/convolutional/logits/bias', 'loss mask is NaN'],
    ['instance/quality/quality/bias', 'loss quality is NaN'],
    ['semantic/logits/bias', 'loss semantic is NaN'],
    ['map/bias', 'loss fused-semantic is NaN'],
  ])('a NaN in %s: %s, nothing has changed, no tensor stays', async (path, message) => {
    using learned = learner();
    const { model, optimiser } = learned;
    const { shape } = model.scope.variables().get(path)!;
    model.scope.assign(new Map([[path, { shape, data: new Float32Array(shape[0]).fill(NaN) }]]));
    const before = bitsOf(model);
    const tensors = memory().numTensors;
    await expect(trainStep(model, optimiser, inputs(0.02))).rejects.toThrow(
      new TrainingError(`${message}; lower training.learningRate or set training.clipNorm`),
    );
    expect(memory().numTensors).toBe(tensors);
    expect(bitsOf(model)).toBe(before);
  });

  test('names a loss that is infinite', async () => {
    using learned = learner();
    const { model, optimiser } = learned;
    model.scope.assign(new Map([['instance/box/deltas/bias', { shape: [4], data: new Float32Array(4).fill(3e38) }]]));
    await expect(trainStep(model, optimiser, inputs(0.02))).rejects.toThrow('loss box-regression is Infinity;');
  });

  test('finds a gradient that is NaN although every loss is finite, and nothing has changed', async () => {
    // The square root of 0 in a module of one's own does that.
    const steepAtZero = customGrad((...args) => {
      const [x] = args as unknown as [Tensor4D];
      return { value: mul(x, 1), gradFunc: (dy: Tensor) => mul(dy, NaN) };
    });
    using learned = learner(
      { training: { clipNorm: null } },
      { fusion: () => ({ fuse: ({ features }) => steepAtZero(features) as Tensor4D }) },
    );
    const { model, optimiser } = learned;
    const before = bitsOf(model);
    await expect(trainStep(model, optimiser, inputs(0.02))).rejects.toThrow(
      new TrainingError(
        "the gradient's norm is NaN although every loss is finite; lower training.learningRate or set training.clipNorm",
      ),
    );
    expect(bitsOf(model)).toBe(before);
  });
});
