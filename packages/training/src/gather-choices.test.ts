import { describe, expect, test } from '@jest/globals';
import { loadBackend } from '@pffnet/backends';
import { syntheticCells } from '@pffnet/datasets';
import { createNetwork, resolveConfig } from '@pffnet/families';
import { type ConfigPatch, createPffnet, vary } from '@pffnet/pffnet';
import { decide, type LearningStep, type Network, withoutDecisions } from '@pffnet/network';
import { type RandomStream, randomStream } from '@pffnet/structures';
import { ParamScope } from '@pffnet/tensor-ops';
import { engine, type KernelBackend, memory, mul, type Scalar } from '@tensorflow/tfjs-core';
import { TrainingError } from '@pffnet/run-folder';
import { bitsOf } from '../test/bits-of.ts';
import { tiny } from '../test/tiny.ts';
import { readsSynchronously } from './reads-synchronously.ts';
import { Sgd } from './sgd.ts';
import { trainStep } from './train-step.ts';

process.env['PFFNET_NUM_THREADS'] = '1'; // threads that wait for each other are slow on a busy machine

const { image, labels } = syntheticCells({ size: 32, count: [2, 2], seed: 3 });

/** An engine that is not read synchronously: everything else is another's. */
function withoutReadSync(whole: KernelBackend): KernelBackend {
  return new Proxy(whole, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key, target);
      if (key === 'readSync') {
        return () => {
          throw new Error('readSync: not on this engine');
        };
      }
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** A step on the engine that is loaded: losses, norms, a fingerprint of the weights, and how often chance was asked. */
async function oneStep(patch: ConfigPatch): Promise<object> {
  const model = createPffnet(vary(tiny, patch));
  const optimiser = new Sgd(model.trainable, model.config.training);
  let draws = 0;
  const streams = (purpose: string): RandomStream => {
    const stream = randomStream(0, purpose);
    const counted = (bound: number): number => {
      draws++;
      return stream.integer(bound);
    };
    return { ...stream, integer: counted };
  };
  const inputs = { sample: { image, labels }, streams, rate: 0.02, groups: model.groups };
  const { losses, gradients } = await trainStep(model, optimiser, inputs);
  const bits = await awaitedBits(model);
  optimiser.dispose();
  model.scope.dispose();
  return { losses, gradients, bits, draws };
}

/** The fingerprint of weights that can only be awaited. */
async function awaitedBits(model: ReturnType<typeof createPffnet>): Promise<string> {
  const read = new Map<string, { dataSync: () => unknown }>();
  for (const [path, variable] of model.scope.variables()) {
    const data = await variable.data();
    read.set(path, { dataSync: () => data });
  }
  return bitsOf({ scope: { variables: () => read } } as unknown as typeof model);
}

/** Runs something on the loaded engine as if that could not be read synchronously. */
async function cutOff<Result>(work: () => Promise<Result>): Promise<Result> {
  const core = engine();
  const { backendInstance } = core as unknown as { backendInstance: KernelBackend };
  const replace = (backend: KernelBackend): void => {
    Object.assign(core, { backendInstance: backend });
  };
  replace(withoutReadSync(backendInstance));
  try {
    return await work();
  } finally {
    replace(backendInstance);
  }
}

const onednn = await loadBackend('onednn').then(
  () => true,
  () => false,
);

// Optional: needs oneDNN and a compiler. Plain JavaScript would take minutes.
(onednn ? describe : describe.skip)('a step of PFFNet on oneDNN, as if that could not be read synchronously', () => {
  const detector: ConfigPatch = { semanticHead: { kind: 'none' }, instanceSemantics: { kind: 'none' } };
  test.each<[what: string, patch: ConfigPatch]>([
    ['masks in refined boxes', {}],
    ['masks in proposals', { instanceSemantics: { boxes: 'proposal' } }],
    ['nothing but the detector', detector],
  ])('gives the bits of one on an engine that can: %s', async (_, patch) => {
    await loadBackend('onednn');
    expect(readsSynchronously()).toBe(true);
    const atOnce = await oneStep(patch);
    const tensors = memory().numTensors;
    const awaited = await cutOff(() => {
      expect(readsSynchronously()).toBe(false);
      return oneStep(patch);
    });
    expect(awaited).toEqual(atOnce);
    expect(memory().numTensors).toBe(tensors);
  });
});

describe('a step in two phases', () => {
  /** One weight, and a decision whose choice is the factor of its loss. */
  const toy = (weight: number, choose: () => number) => {
    const scope = ParamScope.root(0);
    const parameter = scope.param('weight', [], () => Float32Array.of(weight));
    const network = {
      config: { training: { ...tiny.training, clipNorm: null } },
      scope,
      trainable: scope.variables(),
      groups: new Map(),
      terms: [{ name: 'only', weight: 1, symbol: 'o', meaning: 'the only one' }],
      learn: () => ({
        decides: true,
        *forward() {
          const factor = yield* decide([parameter], choose, true);
          return { only: mul(parameter, factor) as Scalar };
        },
      }),
    } as unknown as Network;
    return { network, optimiser: new Sgd(network.trainable, tiny.training) };
  };
  const inputs = { sample: { image, labels }, streams: (purpose: string) => randomStream(0, purpose), rate: 0.1 };

  test('gives the bits of one that reads as it goes, on the reference engine (CPU)', async () => {
    await loadBackend('cpu');
    const after = async (step: typeof trainStep): Promise<unknown> => {
      const { network, optimiser } = toy(1.7, () => 0.3);
      const { losses, gradients } = await step(network, optimiser, inputs);
      return { losses, gradients, weight: [...(await network.scope.variables().get('weight')!.data())] };
    };
    expect(await cutOff(() => after(trainStep))).toEqual(await after(trainStep));
  });

  test.each([
    ['where nothing is decided: DIST', 'dist'],
    ['where colours are chosen: deep colouring', 'deep-coloring'],
  ])('gives the bits of one that reads as it goes %s', async (_, variant) => {
    await loadBackend('cpu');
    const after = async (): Promise<unknown> => {
      const settings = ['unet.width=2', 'unet.depth=1', 'unet.groups=1'];
      const network = createNetwork(resolveConfig({ base: 'smoke', source: 'test', variant, settings }));
      const optimiser = new Sgd(network.trainable, network.config.training);
      const { losses, gradients } = await trainStep(network, optimiser, inputs);
      const weights = await Promise.all([...network.scope.variables().values()].map((variable) => variable.data()));
      optimiser.dispose();
      network.scope.dispose();
      return { losses, gradients, weights: weights.map((values) => [...values]) };
    };
    const tensors = memory().numTensors;
    expect(await cutOff(after)).toEqual(await after());
    expect(memory().numTensors).toBe(tensors);
  });

  test('chooses once', async () => {
    await loadBackend('cpu');
    let choices = 0;
    const { network, optimiser } = toy(2, () => ++choices);
    const { losses } = await cutOff(() => trainStep(network, optimiser, inputs));
    expect([losses, choices]).toEqual([{ only: 2, total: 2 }, 1]);
  });

  test('runs the forward pass once where nothing is decided', async () => {
    await loadBackend('cpu');
    const { network, optimiser } = toy(2, () => 1);
    let passes = 0;
    const learn = (): LearningStep =>
      withoutDecisions(() => {
        passes++;
        return { only: mul(network.scope.variables().get('weight')!, 3) as Scalar };
      });
    const { losses } = await cutOff(() => trainStep({ ...network, learn }, optimiser, inputs));
    expect([losses, passes]).toEqual([{ only: 6, total: 6 }, 1]);
  });

  test('names a loss that is not finite, changes nothing, and leaves no tensor', async () => {
    await loadBackend('cpu');
    const { network, optimiser } = toy(2, () => Infinity);
    const tensors = memory().numTensors;
    await expect(cutOff(() => trainStep(network, optimiser, inputs))).rejects.toThrow(
      new TrainingError('loss only is Infinity; lower training.learningRate or set training.clipNorm'),
    );
    expect(memory().numTensors).toBe(tensors);
    expect([...(await network.scope.variables().get('weight')!.data())]).toEqual([2]);
  });

  test('frees what it made when a decision fails', async () => {
    await loadBackend('cpu');
    const { network, optimiser } = toy(2, () => {
      throw new Error('no choice');
    });
    const tensors = memory().numTensors;
    await expect(cutOff(() => trainStep(network, optimiser, inputs))).rejects.toThrow('no choice');
    expect(memory().numTensors).toBe(tensors);
  });
});
