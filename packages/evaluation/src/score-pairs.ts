import { LabelReview, readLabelMap, sayNotes } from '@pffnet/datasets/image-files';
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
import { type Listener, nobody } from '@pffnet/structures';
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
 * Scores every prediction, each image once: its truth is read for all methods together. Maps that hold one id alone in
 * several regions are warned of.
 * @param folders - of the truth and of each method, for messages.
 * @param listener - is told the progress, and what readers and reviews noticed.
 * @returns one list of images per method.
 * @throws DataError if the maps of a folder are masks of the foreground.
 */
export function scorePairs(
  pairs: readonly LabelMapPair[],
  folders: { readonly truth: string; readonly predictions: readonly string[] },
  policy: ScorePolicy,
  listener: Listener = nobody,
): Promise<ScoredImage[][]> {
  const reviews = [folders.truth, ...folders.predictions].map((folder) => ({ folder, review: new LabelReview() }));
  return listener.follow('scoring', pairs.length, async (progress) => {
    const tell = (line: string): void => {
      progress.say(line);
    };
    const methods: ScoredImage[][] = (pairs[0]?.predictions ?? []).map(() => []);
    for (const [index, { name, readTruth, predictions }] of pairs.entries()) {
      const truth = await readTruth();
      sayNotes(truth, tell);
      reviews[0].review.add(name, { labels: truth });
      for (const [method, path] of predictions.entries()) {
        const prediction = await readLabelMap(path);
        sayNotes(prediction, tell);
        reviews[method + 1].review.add(name, { labels: prediction });
        assertSameSize(name, prediction, truth);
        const table = overlapTable(prediction, truth);
        const tally = tallyOverlaps(table, policy);
        methods[method].push({ name, scores: scoresOf(name, tally), tally, sizes: sizeCounts(table) });
      }
      progress.update(index + 1, name);
    }
    for (const { folder, review } of reviews) {
      review.refuseMasks(folder);
      for (const line of review.lines()) progress.say(`${folder}: ${line}`);
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
