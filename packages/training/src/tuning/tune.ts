import type { Dataset } from '@pffnet/datasets';
import { definedScore, scoreImage, type ScoreName, type ScorePolicy } from '@pffnet/metrics';
import { chooseAmong, drawObjects, findCandidates, type Pffnet, type PffnetConfig } from '@pffnet/pffnet';
import {
  combinationsOf,
  searchSettings,
  type TunedSettings,
  type TuningGrid,
  type TuningOutcome,
} from './search-settings.ts';

/** What is tuned, on which images, by which score. */
export interface TuningRequest {
  readonly model: Pffnet;
  readonly dataset: Dataset;
  /** Validation images; never those that will be reported as the test. */
  readonly names: readonly string[];
  /** To be as high as possible in the mean over images. */
  readonly score: ScoreName;
  readonly policy: ScorePolicy;
  /** Holds the settings that the model has; see {@link usualGrid}. */
  readonly grid: TuningGrid;
  /** Told after every image. */
  readonly onImage: (done: number, name: string) => void;
  /** Stops before the next image. */
  readonly signal: AbortSignal;
}

/** The settings that are tuned, as a config has them. */
export function settingsOf({ test }: PffnetConfig): TunedSettings {
  const { minScore, nms, maskThreshold, dropCoveredAbove } = test;
  return { minScore, nms, maskThreshold, dropCoveredAbove };
}

/** Values worth trying, and those that the config has. */
export function usualGrid(config: PffnetConfig): TuningGrid {
  const { minScore, nms, maskThreshold, dropCoveredAbove } = settingsOf(config);
  const withCurrent = (values: readonly number[], current: number): number[] =>
    [...new Set([...values, current])].sort((a, b) => a - b);
  return {
    minScore: withCurrent(hundredths(10, 95), minScore),
    nms: withCurrent([0.2, 0.3, 0.4, 0.5, 0.6], nms),
    maskThreshold: withCurrent(hundredths(35, 65), maskThreshold),
    dropCoveredAbove: withCurrent([0.5, 0.7, 0.9, 1], dropCoveredAbove),
  };
}

/** Every fifth hundredth. */
const hundredths = (from: number, to: number): number[] =>
  Array.from({ length: (to - from) / 5 + 1 }, (_, index) => (from + 5 * index) / 100);

/** The part of a config that settings change: a lower `minScore` needs detections with lower scores. */
export function settingsPatch(
  { test }: PffnetConfig,
  settings: TunedSettings,
): { test: TunedSettings & { scoreThreshold: number } } {
  return { test: { scoreThreshold: Math.min(test.scoreThreshold, settings.minScore), ...settings } };
}

/**
 * Searches the settings of prediction that score best on validation images. The network runs once per image; every
 * combination of the grid is then chosen and painted from what it found, so that each score is the one that `predict`
 * gives under those settings.
 * @returns null if the signal stopped it.
 */
export async function tune(request: TuningRequest): Promise<TuningOutcome | null> {
  const { model, grid, signal } = request;
  const combinations = combinationsOf(grid);
  const { config } = model;
  const configs = combinations.map((settings) => ({
    ...config,
    test: { ...config.test, ...settingsPatch(config, settings).test },
  }));
  const scores: (readonly (number | null)[])[] = [];
  for (const name of request.names) {
    if (signal.aborted) return null;
    scores.push(await scoresOfImage(request, name, configs));
    request.onImage(scores.length, name);
  }
  return searchSettings(combinations, scores, settingsOf(config));
}

/** The score of one image under each config; configs of equal `test.nms` stand together. */
async function scoresOfImage(
  { model, dataset, score, policy }: TuningRequest,
  name: string,
  configs: readonly PffnetConfig[],
): Promise<(number | null)[]> {
  const { image, labels } = await dataset.load(name);
  const scoreThreshold = Math.min(...configs.map(({ test }) => test.scoreThreshold));
  const candidates = await findCandidates(model, image, scoreThreshold);
  const scores: (number | null)[] = [];
  let [nms, detections] = [NaN, chooseAmong(candidates, model.config)];
  for (const config of configs) {
    if (config.test.nms !== nms) {
      nms = config.test.nms;
      // No detection depends on less sure ones, so that one choice serves every threshold: painting looks at `minScore`.
      detections = chooseAmong(candidates, { ...config, test: { ...config.test, scoreThreshold } });
      await new Promise((resolve) => setImmediate(resolve)); // lets signals through
    }
    const prediction = drawObjects({ config }, detections, image);
    scores.push(definedScore(scoreImage(name, prediction.labels, labels, policy)[score], policy));
  }
  return scores;
}
