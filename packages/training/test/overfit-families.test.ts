import { expect, test } from '@jest/globals';
import { loadBackend } from '@pffnet/backends';
import { syntheticDataset } from '@pffnet/datasets';
import { createNetwork, resolveConfig } from '@pffnet/families';
import { memory } from '@tensorflow/tfjs-core';
import { learnByHeart, meanScores } from './learn-by-heart.ts';
import { noAugmentation } from './tiny.ts';

await loadBackend('wasm');

test.each([
  ['DIST', 'dist', 300],
  ['deep colouring', 'deep-coloring', 300],
  ['the discriminative loss', 'discriminative', 800],
  ['NuClick', 'nuclick', 200],
])(
  '%s learns four synthetic images by heart: mean AJI above 0.8, and no tensor is left',
  async (_, kind, iterations) => {
    const dataset = syntheticDataset({ count: 4, size: 64, seed: 1 });
    const training = { iterations, patch: { size: 64 }, augmentation: noAugmentation };
    const config = resolveConfig({ base: { extends: 'smoke', kind, training }, source: 'the test' });
    const before = memory().numTensors;
    const network = createNetwork(config);
    await learnByHeart(network, dataset);
    expect((await meanScores(network, dataset)).aji).toBeGreaterThan(0.8);
    network.scope.dispose();
    expect(memory().numTensors).toBe(before);
  },
  300_000,
);
