import { describe, expect, test } from '@jest/globals';
import { loadBackend } from '@pffnet/backends';
import { syntheticCells, syntheticDataset } from '@pffnet/datasets';
import { createNetwork, resolveConfig } from '@pffnet/families';
import type { Network } from '@pffnet/network';
import { createPffnet, vary } from '@pffnet/pffnet';
import { RunFolder } from '@pffnet/run-folder';
import { DeviceError, randomStream } from '@pffnet/structures';
import '@pffnet/tensor-ops/testing';
import { engine, memory } from '@tensorflow/tfjs-core';
import { predictAndScore, Sgd, type StepLosses, train, trainStep } from '../src/index.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { tiny } from './tiny.ts';

/** The engine, or why it cannot be tested here. */
const loaded = await loadBackend('webgpu').catch((error: unknown) => (error as Error).message);
const [onWebgpu, because] = typeof loaded === 'string' ? [describe.skip, ` (skipped: ${loaded})`] : [describe, ''];
/** SwiftShader takes a quarter of a second to build a kernel, and a network has some two hundred. */
const PATIENCE = 900_000;

const path = temporaryFolder();
const dataset = syntheticDataset({ count: 1, size: 64, seed: 3 });
const sample = syntheticCells({ size: 64, count: [4, 4], seed: 3 });

/** The first update is the gradient itself where nothing decays and nothing is clipped. */
const plain = { weightDecay: 0, clipNorm: null };
const networks: readonly (readonly [string, () => Network])[] = [
  ['PFFNet', () => createPffnet(vary(tiny, { training: plain, instanceHead: { roiSampling: { count: 8 }, chunk: 8 } }))],
  [
    'DIST',
    () => {
      const settings = ['unet.width=4', 'unet.depth=2', 'unet.groups=2', 'training.weightDecay=0', 'training.clipNorm=null'];
      return createNetwork(resolveConfig({ base: 'smoke', source: 'the test', variant: 'dist', settings }));
    },
  ],
]; // prettier-ignore

/** Learns from the same image, and counts the programs that were handed to the adapter in each step. */
async function learn(create: () => Network, steps: number) {
  const network = create();
  const optimiser = new Sgd(network.trainable, network.config.training);
  const losses: StepLosses[] = [];
  const tensors: number[] = [];
  let gradients: Awaited<ReturnType<Sgd['state']>> = new Map();
  for (let step = 0; step < steps; step++) {
    const streams = (purpose: string) => randomStream(0, purpose);
    losses.push((await trainStep(network, optimiser, { sample, streams, rate: 0.02 })).losses);
    tensors.push(memory().numTensors);
    if (step === 0) gradients = await optimiser.state();
  }
  const free = (): void => {
    optimiser.dispose();
    network.scope.dispose();
  };
  return { network, losses, tensors, gradients, free };
}

/** What the tests need of tfjs's backend. */
interface WebgpuBackend {
  runWebGPUProgram(...program: unknown[]): unknown;
  readonly device: { createBuffer(descriptor: object): object };
}
const webgpuBackend = (): WebgpuBackend => (engine() as unknown as { backendInstance: WebgpuBackend }).backendInstance;

/** Counts the programs that are handed to the adapter. */
function countPrograms(): { readonly count: number } {
  const backend = webgpuBackend();
  const run = backend.runWebGPUProgram.bind(backend);
  const counted = { count: 0 };
  backend.runWebGPUProgram = (...program) => {
    counted.count++;
    return run(...program);
  };
  return counted;
}

/** The file's own hold on the engine lasts until its end; an engine whose device failed is started anew. */
const select = async (): Promise<void> => {
  (await loadBackend('webgpu')).dispose();
};

onWebgpu(`training on WebGPU${because}`, () => {
  test.each(networks)(
    '%s has the losses and every gradient of the CPU engine, learns, and leaves no tensor',
    async (_, create) => {
      await loadBackend('cpu'); // plain JavaScript: some ten seconds for a step of PFFNet
      const expected = await learn(create, 1);
      expected.free();

      await select();
      const before = memory().numTensors;
      const programs = countPrograms();
      const { network, losses, tensors, gradients, free } = await learn(create, 4);
      expect(programs.count).toBeGreaterThan(4 * 100);
      for (const [name, loss] of Object.entries(expected.losses[0])) {
        expect([name, Math.abs(losses[0][name] - loss) <= 1e-5 + 1e-4 * Math.abs(loss)]).toEqual([name, true]);
      }
      expect([...gradients.keys()]).toEqual([...expected.gradients.keys()]);
      for (const [parameter, { data }] of gradients) {
        const wanted = expected.gradients.get(parameter)!.data as Float32Array;
        const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        const off = (data as Float32Array).reduce((most, value, at) => Math.max(most, Math.abs(value - wanted[at])), 0);
        expect([parameter, off <= 1e-5 + 1e-3 * largest]).toEqual([parameter, true]);
      }
      expect(losses[3].total).toBeLessThan(losses[0].total);
      expect(tensors[3]).toBe(tensors[0]);

      for await (const scored of predictAndScore(network, dataset, dataset.names)) expect(scored).toBeDefined();
      expect(memory().numTensors).toBe(tensors[3]);
      free();
      expect(memory().numTensors).toBe(before);
    },
    PATIENCE,
  );

  test(
    'ends at the first error of the device with one line and its last checkpoint, from which it goes on',
    async () => {
      const { config } = networks[1][1]();
      const training = { ...config.training, iterations: 4, validateEvery: 1, patch: { ...config.training.patch, size: 32 } };
      const request = { dataset, train: dataset.names, validation: [] };
      const facts = {
        ...{ commit: null, versions: {}, engine: 'webgpu', command: 'a test' },
        data: { folder: '', hash: '', train: [], validation: [], test: [] },
      };
      const make = (): Network => createNetwork({ ...config, training } as never);
      await select();
      const first = make();
      const run = await RunFolder.create(path('run'), first.config, facts);
      const breakAt = ({ step }: { step: number }): void => {
        if (step === 2) webgpuBackend().device.createBuffer({ size: 16, usage: 0 }); // invalid
      };
      const attempt = train({ ...request, network: first, run, resume: false, onStep: breakAt });
      const error = await attempt.catch((thrown: unknown) => thrown as Error);
      expect(error).toBeInstanceOf(DeviceError);
      expect((error as Error).message).toMatch(
        /^step 3: webgpu: the GPU refused a command: [^\n]+; what was saved at step 1 is kept$/,
      );

      await select();
      const second = make();
      const steps: number[] = [];
      const outcome = await train({ ...request, network: second, run, resume: true, onStep: ({ step }) => steps.push(step) });
      expect(steps).toEqual([2, 3, 4]);
      expect(outcome.interrupted).toBe(false);
      second.scope.dispose();
    },
    PATIENCE,
  ); // prettier-ignore
});
