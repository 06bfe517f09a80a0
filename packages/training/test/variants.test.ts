import { expect, test } from '@jest/globals';
import { loadBackend } from '@pffnet/backends';
import { syntheticCells } from '@pffnet/datasets';
import { createPffnet, predict, type VariantName, variants, vary } from '@pffnet/pffnet';
import { randomStream } from '@pffnet/structures';
import { memory } from '@tensorflow/tfjs-core';
import { Sgd, type StepLosses, trainStep } from '../src/index.ts';
import { tiny } from './tiny.ts';

await loadBackend('wasm');

const STEPS = 10;

test.each(Object.keys(variants))('%s learns a patch of four cells in a few steps, and predicts', async (name) => {
  const before = memory().numTensors;
  const config = vary(vary(tiny, variants[name as VariantName]), {
    training: { clipNorm: 5 },
    test: { scoreThreshold: 0, minScore: 0 },
  });
  const model = createPffnet(config);
  const optimiser = new Sgd(model.trainable, config.training);
  const { image, labels } = syntheticCells({ size: 64, count: [4, 4], seed: 3 });
  const streams = (purpose: string) => randomStream(0, purpose);
  const losses: StepLosses[] = [];
  for (let step = 0; step < STEPS; step++) {
    losses.push((await trainStep(model, optimiser, { sample: { image, labels }, streams, rate: 0.01 })).losses);
  }
  for (const loss of losses.flatMap((terms) => Object.values(terms))) expect(Number.isFinite(loss)).toBe(true);
  // Losses of RoIs go up and down, as other ones are proposed from step to step; these see the same image every time.
  const ofImage = ['rpn-objectness', 'semantic', 'fused-semantic', 'consistency'];
  const seen = model.terms.filter((term) => ofImage.includes(term.name));
  const [first, last] = [losses[0], losses[STEPS - 1]].map((terms) =>
    seen.reduce((total, term) => total + term.weight * terms[term.name], 0),
  );
  expect(last).toBeLessThan(first);

  const { labels: found, instances } = await predict(model, image);
  expect([found.height, found.width]).toEqual([64, 64]);
  expect(new Set(found.data.filter((id) => id > 0)).size).toBe(instances.length);
  expect(instances.length).toBeGreaterThan(0);
  const judged = config.instanceHead.quality.kind === 'mask-quality';
  const learnsOrder = config.instanceSemantics.kind === 'spatial-ranking';
  for (const { classScore, quality, confidence } of instances) {
    expect(quality === null).toBe(!judged);
    // Eq. 6, or the class score alone: both were float32. A learned order is neither.
    if (!learnsOrder) expect(confidence).toBeCloseTo(classScore! * (quality ?? 1), 5);
  }
  const confidences = instances.map(({ confidence }) => confidence!);
  expect(confidences).toEqual([...confidences].sort((a, b) => b - a));
  optimiser.dispose();
  model.scope.dispose();
  expect(memory().numTensors).toBe(before);
});
