import type { RuleGrid, RuleSettings } from '@pffnet/network';

/** Settings with their mean score over images; null if it is defined in none. */
export interface SettingsScore {
  readonly settings: RuleSettings;
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
  readonly profiles: Readonly<Record<string, readonly { readonly value: number; readonly score: number | null }[]>>;
}

/** Every combination of the values; those of the first key vary slowest. */
export function combinationsOf(grid: RuleGrid): RuleSettings[] {
  return Object.entries(grid).reduce<RuleSettings[]>(
    (combinations, [name, values]) =>
      combinations.flatMap((settings) => values.map((value) => ({ ...settings, [name]: value }))),
    [{}],
  );
}

/**
 * Chooses the combination of highest mean score; among equals the one that changes fewest settings.
 * @param scores - per image, the score of every combination; null where it is undefined, which counts for no mean.
 * @param before - the settings so far, one of the combinations.
 */
export function searchSettings(
  combinations: readonly RuleSettings[],
  scores: readonly (readonly (number | null)[])[],
  before: RuleSettings,
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
    profiles: Object.fromEntries(Object.keys(before).map((name) => [name, profile(name, combinations, means)])),
  };
}

/** Means that differ by less are the same but for rounding. */
const EQUAL = 1e-12;

function indexOfBest(
  means: readonly (number | null)[],
  combinations: readonly RuleSettings[],
  before: RuleSettings,
): number {
  const highest = Math.max(...means.map((mean) => mean ?? -Infinity));
  let best = -1;
  for (const [index, mean] of means.entries()) {
    if ((mean ?? -Infinity) < highest - EQUAL) continue;
    if (best < 0 || changes(combinations[index], before) < changes(combinations[best], before)) best = index;
  }
  return best;
}

const changes = (settings: RuleSettings, before: RuleSettings): number =>
  Object.keys(before).filter((name) => settings[name] !== before[name]).length;

function profile(
  name: string,
  combinations: readonly RuleSettings[],
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
