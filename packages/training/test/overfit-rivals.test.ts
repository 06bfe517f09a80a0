import { expect, test } from '@jest/globals';
import { loadBackend } from '@pffnet/backends';
import { syntheticDataset } from '@pffnet/datasets';
import { createPffnet, presets, variants, vary } from '@pffnet/pffnet';
import { memory } from '@tensorflow/tfjs-core';
import { learnByHeart, meanScores } from './learn-by-heart.ts';
import { noAugmentation } from './tiny.ts';

await loadBackend('wasm');

test.each(['aunet', 'upsnet', 'oanet'] as const)(
  '%s learns four synthetic images by heart: mean AJI above 0.7, and no tensor is left',
  async (variant) => {
    const dataset = syntheticDataset({ count: 4, size: 128, seed: 1 });
    const training = { iterations: 200, learningRate: 0.025, decay: { at: [0.7] }, augmentation: noAugmentation };
    const before = memory().numTensors;
    const network = createPffnet(vary(vary(presets.smoke, variants[variant]), { training }));
    await learnByHeart(network, dataset);
    expect((await meanScores(network, dataset)).aji).toBeGreaterThan(0.7);
    network.scope.dispose();
    expect(memory().numTensors).toBe(before);
  },
  300_000,
);
