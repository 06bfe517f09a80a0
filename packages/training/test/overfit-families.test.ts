import { expect, test } from '@jest/globals';
import { loadBackend } from '@pffnet/backends';
import { syntheticDataset } from '@pffnet/datasets';
import { createNetwork, resolveConfig } from '@pffnet/families';
import { defaultPolicy, summarise } from '@pffnet/metrics';
import { randomStream } from '@pffnet/structures';
import { memory } from '@tensorflow/tfjs-core';
import { learningRateAt, PatchSource, predictAndScore, Sgd, trainStep } from '../src/index.ts';
import { noAugmentation } from './tiny.ts';

await loadBackend('wasm');

test.each([
  ['DIST', 'dist', 300],
  ['deep colouring', 'deep-coloring', 300],
  ['the discriminative loss', 'discriminative', 800],
])(
  '%s learns four synthetic images by heart: mean AJI above 0.8, and no tensor is left',
  async (_, kind, iterations) => {
    const dataset = syntheticDataset({ count: 4, size: 64, seed: 1 });
    const training = { iterations, patch: { size: 64 }, augmentation: noAugmentation };
    const config = resolveConfig({ base: { extends: 'smoke', kind, training }, source: 'the test' });
    const before = memory().numTensors;
    const network = createNetwork(config);
    const optimiser = new Sgd(network.trainable, config.training);
    const patches = new PatchSource(dataset, dataset.names, config);
    for (let step = 0; step < config.training.iterations; step++) {
      const streams = (purpose: string) => randomStream(config.seed, `${purpose}/${step}`);
      const rate = learningRateAt(step, config.training);
      await trainStep(network, optimiser, { sample: await patches.draw(step), streams, rate });
    }
    const images = [];
    for await (const { scores } of predictAndScore(network, dataset, dataset.names)) images.push(scores);
    expect(summarise(images, defaultPolicy).mean.aji).toBeGreaterThan(0.8);
    optimiser.dispose();
    network.scope.dispose();
    expect(memory().numTensors).toBe(before);
  },
  300_000,
);
