import { expect, test } from '@jest/globals';
import { loadBackend } from '@pffnet/backends';
import { syntheticDataset } from '@pffnet/datasets';
import { createNetwork, families, resolveConfig } from '@pffnet/families';
import type { Network } from '@pffnet/network';
import { createPffnet, variants, type VariantName, vary } from '@pffnet/pffnet';
import { randomStream } from '@pffnet/structures';
import { kernelsInUse, kernelsOfSomeEngines } from '@pffnet/tensor-ops/testing';
import { env, profile } from '@tensorflow/tfjs-core';
import { predictAndScore, Sgd, trainStep } from '../src/index.ts';
import { tiny } from './tiny.ts';

await loadBackend('wasm');
env().set('CHECK_COMPUTATION_FOR_ERRORS', false); // profiling would read tensors that are gone by then

const dataset = syntheticDataset({ count: 1, size: 64, seed: 3 });
const listed = new Set<string>([...kernelsInUse, ...kernelsOfSomeEngines]);

/** Runs a step and a prediction, disposes of the network, and gives the names of the kernels that ran. */
async function kernelsOf(network: Network): Promise<string[]> {
  const optimiser = new Sgd(network.trainable, { momentum: 0.9, weightDecay: 1e-4, biasRateFactor: 2 });
  const { kernelNames } = await profile(async () => {
    const streams = (purpose: string) => randomStream(0, purpose);
    await trainStep(network, optimiser, { sample: await dataset.load(dataset.names[0]), streams, rate: 0.01 });
    for await (const scored of predictAndScore(network, dataset, dataset.names)) expect(scored).toBeDefined();
    return [];
  });
  optimiser.dispose();
  network.scope.dispose();
  // Not these: what goes round a gradient of our own, or of an op that tfjs puts together from others.
  return kernelNames.filter((name) => name !== 'unnamed scope' && !name.endsWith('__op'));
}

test.each(Object.keys(variants) as VariantName[])(
  'every kernel that a step and a prediction of %s run is listed, so that it is tested against arithmetic',
  async (variant) => {
    const lenient = { test: { scoreThreshold: 0, minScore: 0 } };
    const used = await kernelsOf(createPffnet(vary(vary(tiny, variants[variant]), lenient)));
    expect(used.length).toBeGreaterThan(20);
    expect(used.filter((kernel) => !listed.has(kernel))).toEqual([]);
  },
);

test.each(families.map(({ kind }) => kind).filter((kind) => kind !== 'two-stage'))(
  'so is every kernel of the family %s',
  async (kind) => {
    const config = resolveConfig({ base: { extends: 'smoke', kind }, source: 'the test' });
    const used = await kernelsOf(createNetwork(config));
    expect(used.length).toBeGreaterThan(10);
    expect(used.filter((kernel) => !listed.has(kernel))).toEqual([]);
  },
);
