import type { Dataset, Sample } from '@pffnet/datasets';
import { type ImageScores, scoreImage } from '@pffnet/metrics';
import { type Network, predict, type Prediction } from '@pffnet/network';

/** One image, what the network made of it, and how good that is. */
export interface ScoredPrediction {
  readonly sample: Sample;
  readonly prediction: Prediction;
  readonly scores: ImageScores;
}

/** Predicts and scores images one after the other; a network that needs clicks gets those that it draws from the truth. */
export async function* predictAndScore(
  network: Network,
  dataset: Dataset,
  names: readonly string[],
): AsyncGenerator<ScoredPrediction> {
  for (const name of names) {
    const sample = await dataset.load(name);
    const clicks = network.clicksFor?.(sample.labels);
    const prediction = await predict(network, sample.image, network.config.test, 1, clicks);
    yield { sample, prediction, scores: scoreImage(name, prediction.labels, sample.labels) };
  }
}
