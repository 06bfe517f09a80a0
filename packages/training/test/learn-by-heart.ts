import type { Dataset } from '@pffnet/datasets';
import { defaultPolicy, summarise } from '@pffnet/metrics';
import type { Network } from '@pffnet/network';
import { randomStream } from '@pffnet/structures';
import { learningRateAt, PatchSource, predictAndScore, Sgd, trainStep } from '../src/index.ts';

/** Trains a network as its config says, on every image of a data set. */
export async function learnByHeart(network: Network, dataset: Dataset): Promise<void> {
  const { config } = network;
  const optimiser = new Sgd(network.trainable, config.training);
  const patches = new PatchSource(dataset, dataset.names, config);
  for (let step = 0; step < config.training.iterations; step++) {
    const streams = (purpose: string) => randomStream(config.seed, `${purpose}/${step}`);
    const rate = learningRateAt(step, config.training);
    await trainStep(network, optimiser, { sample: await patches.draw(step), streams, rate });
  }
  optimiser.dispose();
}

/** Mean scores over every image of a data set. */
export async function meanScores(network: Network, dataset: Dataset) {
  const images = [];
  for await (const { scores } of predictAndScore(network, dataset, dataset.names)) images.push(scores);
  return summarise(images, defaultPolicy).mean;
}
