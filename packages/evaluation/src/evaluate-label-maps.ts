import type { ReadImageOptions } from '@pffnet/datasets/image-files';
import type { ScorePolicy } from '@pffnet/metrics';
import { type Listener, nobody, type RgbImage } from '@pffnet/structures';
import { type ComparisonPlan, evaluateSections, type Section } from './evaluation.ts';
import { assertGrouped, type GroupOptions, imageGroups } from './image-groups.ts';
import { type LabelMapPair, pairLabelMaps } from './pair-label-maps.ts';
import { type ScoredImage, scorePairs } from './score-pairs.ts';
import type { Truth } from './truth.ts';
import { imagesByName, showImage, type ShownImage, worstOf } from './worst-images.ts';

/** Predicted label maps to score, and how. */
export interface LabelMapsRequest {
  readonly truth: Truth;
  /** A folder of label maps per method: one, or two to be compared. */
  readonly predictions: readonly string[];
  /** What predicted names end in beyond the truth's, such as `_cp_masks`; by default nothing. */
  readonly suffix?: string;
  /** Which images count, and how they are grouped; by default all, in no groups. */
  readonly groups?: GroupOptions;
  readonly policy: ScorePolicy;
  readonly plan: ComparisonPlan;
  /** What names of pictures beside the predictions end in, such as `overlay`; they are no label maps. */
  readonly pictures?: readonly string[];
  /** Where the images themselves lie, to be shown behind errors; each must be there. */
  readonly images?: ReadImageOptions & { readonly folder: string };
  /** Is told the progress, what readers notice, and what the scores leave out. */
  readonly listener?: Listener;
}

/** Scored label maps. */
export interface EvaluatedLabelMaps {
  /** All images, then each group. */
  readonly sections: readonly Section[];
  /** The group of an image, or null. */
  readonly groupOf: (name: string) => string | null;
  /** The images of the first method. */
  readonly ours: readonly ScoredImage[];
  readonly pairs: readonly LabelMapPair[];
  /** Reads an image itself; null where no folder of them was given. */
  readonly readImage: ((name: string) => Promise<RgbImage>) | null;
}

/**
 * Pairs label maps by name, scores each method's, and summarises all images and each group.
 * @throws DataError if a prediction, an image or a group is missing, or maps are masks of the foreground; ConfigError if
 * group options do not go together. All of these before anything is scored, but for masks.
 */
export async function evaluateLabelMaps(request: LabelMapsRequest): Promise<EvaluatedLabelMaps> {
  const { truth, predictions, suffix = '', policy, plan, pictures = [], images, listener = nobody } = request;
  const say = (line: string): void => listener.say(line);
  const options = request.groups ?? {};
  const groups = await imageGroups(options, truth.names);
  const { counts, groupOf } = groups;
  const pairs = await pairLabelMaps({ truth, predictions, suffix, counts, pictures, say });
  const names = pairs.map(({ name }) => name);
  assertGrouped(names, groups, options);
  const readImage = images === undefined ? null : await imagesByName(images.folder, names, images);
  const folders = { truth: truth.source, predictions };
  const [ours = [], theirs] = await scorePairs(pairs, folders, policy, listener);
  return { sections: evaluateSections({ ours, theirs, groupOf, policy, plan }), groupOf, ours, pairs, readImage };
}

/** Draws the images with the lowest AJI of the first method, the lowest first. */
export async function showWorst(
  { sections, pairs }: EvaluatedLabelMaps,
  count: number,
  readImage: EvaluatedLabelMaps['readImage'],
): Promise<ShownImage[]> {
  const shown = [];
  for (const scores of worstOf(sections[0].summary.images, count)) {
    const pair = pairs.find(({ name }) => name === scores.name);
    if (pair === undefined) continue;
    shown.push(await showImage(scores, pair, readImage === null ? null : () => readImage(pair.name)));
  }
  return shown;
}
