import { expect, test } from '@jest/globals';
import { loadBackend } from '@pffnet/backends';
import { syntheticCells } from '@pffnet/datasets';
import { createPffnet, predict, supervise, truthOf, type VariantName, variants, vary } from '@pffnet/pffnet';
import { randomStream } from '@pffnet/tensor-ops/structures';
import { memory } from '@tensorflow/tfjs-core';
import { Sgd, trainStep } from '../src/index.ts';
import { tiny } from './tiny.ts';

await loadBackend('wasm');

const STEPS = 5;

test.each(Object.keys(variants))('%s learns a patch of four cells in a few steps, and predicts', async (name) => {
  const before = memory().numTensors;
  const config = vary(vary(tiny, variants[name as VariantName]), {
    training: { clipNorm: 5 },
    test: { scoreThreshold: 0, minScore: 0 },
  });
  const model = createPffnet(config);
  const optimiser = new Sgd(model.trainable, config.training);
  const { image, labels } = syntheticCells({ size: 64, count: [4, 4], seed: 3 });
  // The same RoIs may be drawn in every step, as far as the same ones are proposed.
  const learn = (): number => {
    const sampling = { anchors: randomStream(0, 'anchors'), rois: randomStream(0, 'rois') };
    const supervision = supervise(truthOf(labels, config.geometry), config, sampling);
    return trainStep(model, optimiser, { image, supervision }, 0.01).losses.total;
  };
  const totals = Array.from({ length: STEPS }, learn);
  expect(totals.every(Number.isFinite)).toBe(true);
  // 0.76 (replacement) to 0.94 (mask-rcnn) were measured.
  expect(totals[STEPS - 1] / totals[0]).toBeLessThan(0.97);

  const { labels: found, instances } = await predict(model, image);
  expect([found.height, found.width]).toEqual([64, 64]);
  expect(new Set(found.data.filter((id) => id > 0)).size).toBe(instances.length);
  expect(instances.length).toBeGreaterThan(0);
  const judged = config.instanceHead.quality.kind === 'mask-quality';
  for (const { classScore, quality, confidence } of instances) {
    expect(quality === null).toBe(!judged);
    // Eq. 6, or the class score alone: both were float32.
    expect(confidence).toBeCloseTo(classScore * (quality ?? 1), 5);
  }
  optimiser.dispose();
  model.scope.dispose();
  expect(memory().numTensors).toBe(before);
});
