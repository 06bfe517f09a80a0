import type { ImageScores, ScoreName } from '@pffnet/metrics';
import { DataError } from '@pffnet/structures';
import { firstDifference } from '@pffnet/training';
import type { FinishedRun } from './read-runs.ts';
import { type Scale, scaleOf } from './scale.ts';

/** One score of the runs of a network on a data set. */
export interface Cell {
  /** Over images, then over seeds. */
  readonly mean: number;
  /** Population deviation over images; the mean of it over seeds. */
  readonly std: number;
  /** Sample deviation of the seeds' means; null with a single seed. */
  readonly seedStd: number | null;
  /** Images that have the score. */
  readonly images: number;
  readonly scale: Scale;
}

/** The runs of one network on one data set: every fold and seed. */
export interface RunGroup {
  readonly variant: string;
  readonly title: string;
  readonly protocol: string;
  readonly protocolTitle: string;
  /** Whether its runs belong to a matrix, so that tables of the paper have a place for them. */
  readonly ofMatrix: boolean;
  readonly runs: readonly FinishedRun[];
  readonly scale: Scale;
}

/**
 * Brings runs together that fill one row of a data set.
 * @throws DataError if two of them differ in more than seed and fold: their mean would be of different things.
 */
export function groupRuns(runs: readonly FinishedRun[]): RunGroup[] {
  const groups = new Map<string, FinishedRun[]>();
  for (const run of runs) {
    const key = `${run.place.protocol}/${run.place.variant}`;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()].map((members) => {
    const [first, ...others] = members;
    for (const other of others) refuseDifferent(first, other);
    const { variant, title, protocol, protocolTitle } = first.place;
    const ofMatrix = first.facts.experiment !== undefined;
    return { variant, title, protocol, protocolTitle, ofMatrix, runs: members, scale: scaleOf(members) };
  });
}

function refuseDifferent(first: FinishedRun, other: FinishedRun): void {
  const difference = firstDifference({ ...first.config, seed: 0 }, { ...other.config, seed: 0 });
  if (difference !== null) {
    throw new DataError(
      `${first.folder} and ${other.folder} are runs of ${first.place.title} on ${first.place.protocolTitle} that cannot be averaged: ${difference}; report them separately`,
    );
  }
  const [seed, fold] = [other.config.seed, other.place.fold];
  if (first.config.seed === seed && first.place.fold === fold) {
    throw new DataError(`${first.folder} and ${other.folder} are the same run; report them separately`);
  }
}

/**
 * A score over all test images of a group, every fold's together: in a cross-validation each image is tested once.
 * @param group - some of the images alone, such as `seen`.
 * @returns null where no image has the score.
 */
export function cellOf({ runs, scale }: RunGroup, score: ScoreName, group?: string): Cell | null {
  const bySeed = new Map<number, number[]>();
  for (const { config, images, place } of runs) {
    const wanted = group === undefined ? undefined : new Set(place.groups[group] ?? []);
    const values = images
      .filter(({ name }) => wanted?.has(name) ?? true)
      .map((image) => image[score])
      .filter((value) => value !== null);
    bySeed.set(config.seed, [...(bySeed.get(config.seed) ?? []), ...values]);
  }
  const seeds = [...bySeed.values()].filter((values) => values.length > 0);
  if (seeds.length === 0) return null;
  const means = seeds.map(meanOf);
  const mean = meanOf(means);
  return {
    mean,
    std: meanOf(seeds.map((values) => deviation(values, values.length))),
    seedStd: means.length < 2 ? null : deviation(means, means.length - 1),
    images: seeds[0].length,
    scale,
  };
}

/** The scores of every test image, averaged over seeds: what methods are compared by, image by image. */
export function imagesOf({ runs }: RunGroup): ImageScores[] {
  const byName = new Map<string, ImageScores[]>();
  for (const { images } of runs) {
    for (const image of images) byName.set(image.name, [...(byName.get(image.name) ?? []), image]);
  }
  return [...byName.values()].map((versions) => averaged(versions)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A score that one seed lacks is null. */
function averaged(versions: readonly ImageScores[]): ImageScores {
  const [{ name, ...first }] = versions;
  const scores = Object.keys(first).map((score) => {
    const values = versions.map((version) => version[score as ScoreName]);
    return [score, values.includes(null) ? null : meanOf(values as number[])];
  });
  return { name, ...Object.fromEntries(scores) } as ImageScores;
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function deviation(values: readonly number[], divisor: number): number {
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / divisor);
}
