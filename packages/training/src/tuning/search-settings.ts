/** The settings of prediction that tuning may change; keys of a config's `test`. */
export interface TunedSettings {
  /** beta: objects at or below this class score are dropped. */
  readonly minScore: number;
  /** IoU above which the lower-scored of two detections goes. */
  readonly nms: number;
  /** Pixels above this mask probability belong to the object. */
  readonly maskThreshold: number;
  /** An object of which more than this part is covered by surer ones is dropped. */
  readonly dropCoveredAbove: number;
}

/** A setting by name. */
export type SettingName = keyof TunedSettings;

/** The settings in the order in which prediction uses them. */
export const settingNames: readonly SettingName[] = ['minScore', 'nms', 'maskThreshold', 'dropCoveredAbove'];

/** The values that are tried: every combination of them. */
export type TuningGrid = Readonly<Record<SettingName, readonly number[]>>;

/** Settings with their mean score over images; null if it is defined in none. */
export interface SettingsScore {
  readonly settings: TunedSettings;
  readonly score: number | null;
}

/** The best settings, and how sure one may be of them. */
export interface TuningOutcome {
  readonly before: SettingsScore;
  readonly tuned: SettingsScore;
  /**
   * Mean score of each image under the settings that are best for all the others: what to expect of images that were not
   * used. Null with fewer than two images.
   */
  readonly heldOut: number | null;
  /** Combinations that were tried. */
  readonly tried: number;
  /** Per setting and value, the best mean score that the other settings allow: how much it matters. */
  readonly profiles: Readonly<
    Record<SettingName, readonly { readonly value: number; readonly score: number | null }[]>
  >;
}

/** Every combination of the values; those with equal `nms` stand together. */
export function combinationsOf(grid: TuningGrid): TunedSettings[] {
  return grid.nms.flatMap((nms) =>
    grid.maskThreshold.flatMap((maskThreshold) =>
      grid.dropCoveredAbove.flatMap((dropCoveredAbove) =>
        grid.minScore.map((minScore) => ({ minScore, nms, maskThreshold, dropCoveredAbove })),
      ),
    ),
  );
}

/**
 * Chooses the combination of highest mean score; among equals the one that changes fewest settings.
 * @param scores - per image, the score of every combination; null where it is undefined, which counts for no mean.
 * @param before - the settings so far, one of the combinations.
 */
export function searchSettings(
  combinations: readonly TunedSettings[],
  scores: readonly (readonly (number | null)[])[],
  before: TunedSettings,
): TuningOutcome {
  const meansOver = (images: readonly (readonly (number | null)[])[]): (number | null)[] =>
    combinations.map((_, index) => meanOf(images.map((image) => image[index])));
  const bestOf = (means: readonly (number | null)[]): number => indexOfBest(means, combinations, before);
  const means = meansOver(scores);
  const tuned = bestOf(means);
  const heldOut = scores.map((image, left) => image[bestOf(meansOver(scores.filter((_, other) => other !== left)))]);
  const current = combinations.findIndex((settings) => changes(settings, before) === 0);
  return {
    before: { settings: before, score: means[current] },
    tuned: { settings: combinations[tuned], score: means[tuned] },
    heldOut: scores.length < 2 ? null : meanOf(heldOut),
    tried: combinations.length,
    profiles: {
      minScore: profile('minScore', combinations, means),
      nms: profile('nms', combinations, means),
      maskThreshold: profile('maskThreshold', combinations, means),
      dropCoveredAbove: profile('dropCoveredAbove', combinations, means),
    },
  };
}

/** Means that differ by less are the same but for rounding. */
const EQUAL = 1e-12;

function indexOfBest(
  means: readonly (number | null)[],
  combinations: readonly TunedSettings[],
  before: TunedSettings,
): number {
  const highest = Math.max(...means.map((mean) => mean ?? -Infinity));
  let best = -1;
  for (const [index, mean] of means.entries()) {
    if ((mean ?? -Infinity) < highest - EQUAL) continue;
    if (best < 0 || changes(combinations[index], before) < changes(combinations[best], before)) best = index;
  }
  return best;
}

const changes = (settings: TunedSettings, before: TunedSettings): number =>
  settingNames.filter((name) => settings[name] !== before[name]).length;

function profile(
  name: SettingName,
  combinations: readonly TunedSettings[],
  means: readonly (number | null)[],
): { value: number; score: number | null }[] {
  const best = new Map<number, number | null>();
  for (const [index, settings] of combinations.entries()) {
    const known = best.get(settings[name]) ?? null;
    const mean = means[index];
    best.set(settings[name], mean === null || (known !== null && known >= mean) ? known : mean);
  }
  return [...best].map(([value, score]) => ({ value, score })).sort((a, b) => a.value - b.value);
}

function meanOf(scores: readonly (number | null)[]): number | null {
  let [sum, count] = [0, 0];
  for (const score of scores) {
    if (score === null) continue;
    sum += score;
    count++;
  }
  return count === 0 ? null : sum / count;
}
