import { readLabelMap } from '@pffnet/datasets';
import {
  assertSameSize,
  type ImageScores,
  matchedPredictions,
  overlapTable,
  type OverlapTable,
  scoresOf,
  type ScorePolicy,
  type Tally,
  tallyOverlaps,
} from '@pffnet/metrics';
import { withProgress } from '../console-output.ts';
import type { LabelMapPair } from './pair-label-maps.ts';

/** What one method made of one image. */
export interface ScoredImage {
  readonly name: string;
  readonly scores: ImageScores;
  /** The counts behind the scores, to be pooled over images. */
  readonly tally: Tally;
  /** How many true objects of each size there are, and were found. */
  readonly sizes: SizeCounts;
}

/** True objects by size: index k counts areas of 2^k to 2^(k + 1) - 1 pixels. */
export interface SizeCounts {
  readonly found: readonly number[];
  readonly missed: readonly number[];
}

/**
 * Scores every prediction, each image once: its truth is read for all methods together.
 * @returns one list of images per method.
 */
export function scorePairs(pairs: readonly LabelMapPair[], policy: ScorePolicy): Promise<ScoredImage[][]> {
  return withProgress('scoring', pairs.length, async (progress) => {
    const methods: ScoredImage[][] = (pairs[0]?.predictions ?? []).map(() => []);
    for (const [index, { name, readTruth, predictions }] of pairs.entries()) {
      const truth = await readTruth();
      for (const [method, path] of predictions.entries()) {
        const prediction = await readLabelMap(path);
        assertSameSize(name, prediction, truth);
        const table = overlapTable(prediction, truth);
        const tally = tallyOverlaps(table, policy);
        methods[method].push({ name, scores: scoresOf(name, tally), tally, sizes: sizeCounts(table) });
      }
      progress.update(index + 1, name);
    }
    return methods;
  });
}

function sizeCounts(table: OverlapTable): SizeCounts {
  const counts = { found: [] as number[], missed: [] as number[] };
  const partner = matchedPredictions(table);
  for (const [truth, area] of table.truthAreas.entries()) {
    const bins = partner[truth] < 0 ? counts.missed : counts.found;
    const octave = 31 - Math.clz32(area);
    while (bins.length <= octave) bins.push(0);
    bins[octave]++;
  }
  return counts;
}

/** Adds up the size counts of many images. */
export function addSizes(images: readonly ScoredImage[]): SizeCounts {
  const total = (of: (sizes: SizeCounts) => readonly number[]): number[] => {
    const bins: number[] = [];
    for (const { sizes } of images) {
      for (const [octave, count] of of(sizes).entries()) bins[octave] = (bins[octave] ?? 0) + count;
    }
    return bins;
  };
  return { found: total(({ found }) => found), missed: total(({ missed }) => missed) };
}
