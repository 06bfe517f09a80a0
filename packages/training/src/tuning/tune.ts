import type { Dataset } from '@pffnet/datasets';
import { definedScore, scoreImage, type ScoreName, type ScorePolicy } from '@pffnet/metrics';
import {
  decidePrediction,
  type Network,
  type Predictor,
  readImageParts,
  type ReadingRule,
  type RuleGrid,
  type RuleSettings,
} from '@pffnet/network';
import { combinationsOf, searchSettings, type TuningOutcome } from './search-settings.ts';

/** What is tuned, on which images, by which score. */
export interface TuningRequest {
  readonly network: Network;
  readonly dataset: Dataset;
  /** Validation images; never those that will be reported as the test. */
  readonly names: readonly string[];
  /** To be as high as possible in the mean over images. */
  readonly score: ScoreName;
  readonly policy: ScorePolicy;
  /** Holds the settings that the network has; by default the grid of its predictor. */
  readonly grid?: RuleGrid;
  /** Told after every image. */
  readonly onImage: (done: number, name: string) => void;
  /** Stops before the next image. */
  readonly signal: AbortSignal;
}

/** The settings that are tuned, as the config has them. */
export function settingsOf({ config }: Network, grid: RuleGrid): RuleSettings {
  const rule = config.test as unknown as RuleSettings;
  return Object.fromEntries(Object.keys(grid).map((name) => [name, rule[name]]));
}

/**
 * Searches the settings of prediction that score best on validation images. The network reads each image once; every
 * combination of the grid then decides on what it read, so that each score is the one that `predict` gives under those
 * settings.
 * @returns null if the signal stopped it.
 */
export async function tune(request: TuningRequest): Promise<TuningOutcome | null> {
  const { network, signal } = request;
  const predictor = network.predictor();
  const grid = request.grid ?? predictor.grid;
  const combinations = combinationsOf(grid);
  const rules = combinations.map((settings) => ({ ...network.config.test, ...predictor.patchOf(settings) }));
  const scores: (readonly (number | null)[])[] = [];
  for (const name of request.names) {
    if (signal.aborted) return null;
    scores.push(await scoresOfImage(request, predictor, name, rules));
    request.onImage(scores.length, name);
  }
  return searchSettings(combinations, scores, settingsOf(network, grid));
}

/** The score of one image under each rule. */
async function scoresOfImage(
  { network, dataset, score, policy }: TuningRequest,
  predictor: Predictor,
  name: string,
  rules: readonly ReadingRule[],
): Promise<(number | null)[]> {
  const { image, labels } = await dataset.load(name);
  const readings: unknown[] = [];
  const parts = readImageParts(predictor, image, predictor.floorOf(rules), network.clicksFor?.(labels));
  for await (const reading of parts) readings.push(reading);
  const scores: (number | null)[] = [];
  for (const rule of rules) {
    const prediction = await decidePrediction(predictor, readings, image, rule);
    scores.push(definedScore(scoreImage(name, prediction.labels, labels, policy)[score], policy));
    await new Promise((resolve) => setImmediate(resolve)); // lets signals through
  }
  return scores;
}
