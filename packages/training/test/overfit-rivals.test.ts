import { expect, test } from '@jest/globals';
import { loadBackend } from '@pffnet/backends';
import { syntheticDataset } from '@pffnet/datasets';
import { defaultPolicy, summarise } from '@pffnet/metrics';
import { createPffnet, presets, variants, vary } from '@pffnet/pffnet';
import { randomStream } from '@pffnet/structures';
import { memory } from '@tensorflow/tfjs-core';
import { learningRateAt, PatchSource, predictAndScore, Sgd, trainStep } from '../src/index.ts';
import { noAugmentation } from './tiny.ts';

await loadBackend('wasm');

test.each(['aunet', 'upsnet', 'oanet'] as const)(
  '%s learns four synthetic images by heart: mean AJI above 0.7, and no tensor is left',
  async (variant) => {
    const dataset = syntheticDataset({ count: 4, size: 128, seed: 1 });
    const training = { iterations: 200, learningRate: 0.025, decay: { at: [0.7] }, augmentation: noAugmentation };
    const before = memory().numTensors;
    const network = createPffnet(vary(vary(presets.smoke, variants[variant]), { training }));
    const { config } = network;
    const optimiser = new Sgd(network.trainable, config.training);
    const patches = new PatchSource(dataset, dataset.names, config);
    for (let step = 0; step < config.training.iterations; step++) {
      const streams = (purpose: string) => randomStream(config.seed, `${purpose}/${step}`);
      const rate = learningRateAt(step, config.training);
      await trainStep(network, optimiser, { sample: await patches.draw(step), streams, rate });
    }
    const images = [];
    for await (const { scores } of predictAndScore(network, dataset, dataset.names)) images.push(scores);
    expect(summarise(images, defaultPolicy).mean.aji).toBeGreaterThan(0.7);
    optimiser.dispose();
    network.scope.dispose();
    expect(memory().numTensors).toBe(before);
  },
  300_000,
);
