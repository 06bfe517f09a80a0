import { expect, test } from '@jest/globals';
import { loadBackend } from '@pffnet/backends';
import { syntheticCells } from '@pffnet/datasets';
import { createPffnet, predict, variants, type VariantName, vary } from '@pffnet/pffnet';
import { randomStream } from '@pffnet/structures';
import { kernelsInUse, kernelsOfSomeEngines } from '@pffnet/tensor-ops/testing';
import { env, profile } from '@tensorflow/tfjs-core';
import { Sgd, trainStep } from '../src/index.ts';
import { tiny } from './tiny.ts';

await loadBackend('wasm');
env().set('CHECK_COMPUTATION_FOR_ERRORS', false); // profiling would read tensors that are gone by then

const { image, labels } = syntheticCells({ size: 64, count: [4, 4], seed: 3 });

/** Runs a step and a prediction; gives the names of the kernels that ran. */
async function kernelsOf(variant: VariantName): Promise<string[]> {
  const config = vary(vary(tiny, variants[variant]), { test: { scoreThreshold: 0, minScore: 0 } });
  const model = createPffnet(config);
  const optimiser = new Sgd(model.trainable, config.training);
  const { kernelNames } = await profile(async () => {
    const streams = (purpose: string) => randomStream(0, purpose);
    await trainStep(model, optimiser, { sample: { image, labels }, streams, rate: 0.01 });
    await predict(model, image);
    return [];
  });
  optimiser.dispose();
  model.scope.dispose();
  return kernelNames.filter((name) => name !== 'unnamed scope'); // what goes round a gradient of our own
}

test.each(Object.keys(variants) as VariantName[])(
  'every kernel that a step and a prediction of %s run is listed, so that it is tested against arithmetic',
  async (variant) => {
    const listed = new Set([...kernelsInUse, ...kernelsOfSomeEngines]);
    const used = await kernelsOf(variant);
    expect(used.length).toBeGreaterThan(20);
    expect(used.filter((kernel) => !listed.has(kernel))).toEqual([]);
  },
);
