import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { familyOf } from '@pffnet/families';
import { bootstrapInterval, type BootstrapInterval } from '@pffnet/metrics';
import type { NetworkConfig } from '@pffnet/network';
import { randomStream } from '@pffnet/structures';
import { parse } from 'csv-parse/sync';
import type { RunGroup } from './cell.ts';

/** Class score and quality of a found object, and its IoU with the truth. */
export interface RankedInstance {
  readonly image: string;
  readonly classScore: number;
  readonly quality: number;
  /** Best IoU with a true object. */
  readonly iou: number;
}

/** How well scores rank the objects of a network with a quality branch. */
export interface Ranking {
  readonly title: string;
  readonly protocolTitle: string;
  readonly scaledDown: boolean;
  readonly instances: readonly RankedInstance[];
  /** Spearman's rank correlation with IoU over all objects; null for fewer than three. */
  readonly byClass: number | null;
  readonly byQuality: number | null;
  readonly byProduct: number | null;
  /** Quality's correlation minus the class score's, with an interval over resampled images. */
  readonly gain: BootstrapInterval;
}

/** The rankings of every group of runs whose network predicts mask quality. */
export async function rankings(groups: readonly RunGroup[]): Promise<Ranking[]> {
  const found = [];
  for (const group of groups) {
    if (!judgesMasks(group.runs[0].config)) continue;
    const instances = (await Promise.all(group.runs.map(({ folder }) => readInstances(folder)))).flat();
    found.push({
      title: group.title,
      protocolTitle: group.protocolTitle,
      scaledDown: group.scale.lacks.length > 0,
      ...rank(instances),
    });
  }
  return found;
}

/** A network that predicts how good its masks are learns to. */
const judgesMasks = (config: NetworkConfig): boolean =>
  familyOf(config)
    .termsOf(config)
    .some(({ name }) => name === 'quality');

/** Correlates the scores of objects with how well they fit. */
export function rank(instances: readonly RankedInstance[]): Omit<Ranking, 'title' | 'protocolTitle' | 'scaledDown'> {
  const ious = instances.map(({ iou }) => iou);
  const by = (score: (instance: RankedInstance) => number): number | null => spearman(instances.map(score), ious);
  return {
    instances,
    byClass: by(({ classScore }) => classScore),
    byQuality: by(({ quality }) => quality),
    byProduct: by(({ classScore, quality }) => classScore * quality),
    gain: gainOver(instances),
  };
}

/** Objects of an image are alike: images are resampled, not objects. */
function gainOver(instances: readonly RankedInstance[]): BootstrapInterval {
  const byImage = new Map<string, RankedInstance[]>();
  for (const instance of instances) byImage.set(instance.image, [...(byImage.get(instance.image) ?? []), instance]);
  const images = [...byImage.values()];
  const statistic = (sample: Float64Array): number => {
    const drawn = [...sample].flatMap((at) => images[at]);
    const ious = drawn.map(({ iou }) => iou);
    const quality = spearman(
      drawn.map((instance) => instance.quality),
      ious,
    );
    const byClass = spearman(
      drawn.map(({ classScore }) => classScore),
      ious,
    );
    return (quality ?? 0) - (byClass ?? 0);
  };
  if (images.length < 2 || instances.length < 3) return { estimate: null, low: null, high: null };
  return bootstrapInterval(
    images.map((_, at) => at),
    { stream: randomStream(0, 'report/ranking'), statistic, resamples: 500 },
  );
}

/**
 * Spearman's rank correlation: Pearson's of the ranks, equal values sharing the mean of theirs.
 * @returns -1..1; null for fewer than three pairs or where one side does not vary.
 */
export function spearman(a: readonly number[], b: readonly number[]): number | null {
  if (a.length < 3) return null;
  const [x, y] = [ranksOf(a), ranksOf(b)];
  const middle = (a.length + 1) / 2;
  let [xy, xx, yy] = [0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    xy += (x[at] - middle) * (y[at] - middle);
    xx += (x[at] - middle) ** 2;
    yy += (y[at] - middle) ** 2;
  }
  return xx === 0 || yy === 0 ? null : xy / Math.sqrt(xx * yy);
}

function ranksOf(values: readonly number[]): Float64Array {
  const order = values.map((_, at) => at).sort((p, q) => values[p] - values[q]);
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (let at = from; at < to; at++) ranks[order[at]] = (from + to + 1) / 2;
    from = to;
  }
  return ranks;
}

async function readInstances(folder: string): Promise<RankedInstance[]> {
  const file = join(folder, 'instances.csv');
  if (!existsSync(file)) return [];
  const rows: Record<string, string>[] = parse(await readFile(file, 'utf8'), { columns: true });
  return rows
    .filter(({ quality }) => quality !== '')
    .map(({ image, classScore, quality, iou }) => ({
      image,
      classScore: Number(classScore),
      quality: Number(quality),
      iou: Number(iou),
    }));
}
