import type { ScoreName, ScoreRow, Summary } from '@pffnet/metrics';
import { table, type TableRow } from './html.ts';

const columns: readonly (readonly [score: ScoreName, title: string, meaning: string])[] = [
  ['aji', 'AJI', 'aggregated Jaccard index: overlap object by object; what is missed or made up counts against it'],
  ['dice', 'Dice', 'overlap of the foregrounds, objects not told apart'],
  ['f1', 'F1', 'objects of which more than half is covered'],
  ['dq', 'DQ', 'detection quality: objects found at IoU above 0.5'],
  ['sq', 'SQ', 'segmentation quality: the mean IoU of those found'],
  ['pq', 'PQ', 'panoptic quality: DQ times SQ'],
  ['sbd', 'SBD', 'symmetric best Dice: the best match of every object, and of every prediction, whichever is lower'],
];

/**
 * Scores of test images.
 * @param means - rows over all images; that of `test` is the result.
 */
export function scoreTable(means: readonly (readonly [name: string, scores: ScoreRow])[], test: Summary): string {
  const row = (name: string, scores: ScoreRow): TableRow => ({
    name,
    cells: columns.map(([score]) => shortScore(scores[score])),
  });
  const rows = means.map(([name, scores]) => ({ ...row(name, scores), main: scores === test.mean }));
  return table(
    ['', ...columns.map(([, title]) => title)],
    [[...rows, row('standard deviation', test.std)], test.images.map((image) => row(image.name, image))],
  );
}

/** What each column of {@link scoreTable} means. */
export const scoreMeanings = `<dl class="small">${columns
  .map(([, title, meaning]) => `<dt>${title}</dt><dd>${meaning}</dd>`)
  .join('')}</dl>`;

/** A score for people to read; a dash where it is undefined. */
export const shortScore = (value: number | null): string => (value === null ? '–' : value.toFixed(3));
