import { expect, test } from '@jest/globals';
import { loadBackend } from '@pffnet/backends';
import { syntheticDataset } from '@pffnet/datasets';
import { defaultPolicy, summarise } from '@pffnet/metrics';
import { createPffnet, presets, vary } from '@pffnet/pffnet';
import { learningRateAt, PatchSource, predictAndScore, Sgd, trainStep } from '../src/index.ts';
import { noAugmentation } from './tiny.ts';

await loadBackend('wasm');

test('smoke learns four synthetic images by heart: AJI above 0.8', async () => {
  // 0.88 was reached; without augmentation, because the same four images are what it is asked for.
  const config = vary(presets.smoke, { training: { iterations: 240, augmentation: noAugmentation } });
  const dataset = syntheticDataset({ count: 4, size: 128, seed: 1 });
  const model = createPffnet(config);
  const optimiser = new Sgd(model.trainable, config.training);
  const patches = new PatchSource(dataset, dataset.names, config);
  for (let step = 0; step < config.training.iterations; step++) {
    trainStep(model, optimiser, await patches.patch(step), learningRateAt(step, config.training));
  }
  const images = [];
  for await (const { scores } of predictAndScore(model, dataset, dataset.names)) images.push(scores);
  optimiser.dispose();
  model.scope.dispose();
  const { aji, f1 } = summarise(images, defaultPolicy).mean;
  expect(aji).toBeGreaterThan(0.8);
  expect(f1).toBeGreaterThan(0.9);
}, 600_000);
