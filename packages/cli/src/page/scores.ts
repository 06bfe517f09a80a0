import type { ScoreName, Summary } from '@pffnet/metrics';
import { table } from './html.ts';

const columns: readonly (readonly [score: ScoreName, title: string, meaning: string])[] = [
  ['aji', 'AJI', 'aggregated Jaccard index: overlap object by object; what is missed or made up counts against it'],
  ['dice', 'Dice', 'overlap of the foregrounds, objects not told apart'],
  ['f1', 'F1', 'objects of which more than half is covered'],
  ['dq', 'DQ', 'detection quality: objects found at IoU above 0.5'],
  ['sq', 'SQ', 'segmentation quality: the mean IoU of those found'],
  ['pq', 'PQ', 'panoptic quality: DQ times SQ'],
  ['sbd', 'SBD', 'symmetric best Dice: the best match of every object, and of every prediction, whichever is lower'],
];

/** Rows of scores, each with its name. */
export function scoreTable(rows: readonly (readonly [name: string, scores: Summary['mean']])[]): string {
  return table(
    ['', ...columns.map(([, title]) => title)],
    rows.map(([name, scores]) => [name, ...columns.map(([score]) => shortScore(scores[score]))]),
  );
}

/** What each column of {@link scoreTable} means. */
export const scoreMeanings = `<dl class="small">${columns
  .map(([, title, meaning]) => `<dt>${title}</dt><dd>${meaning}</dd>`)
  .join('')}</dl>`;

/** A score for people to read; a dash where it is undefined. */
export const shortScore = (value: number | null): string => (value === null ? '–' : value.toFixed(3));
