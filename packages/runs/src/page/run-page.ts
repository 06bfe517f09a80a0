import {
  counted,
  facts as factList,
  figure,
  learningSection,
  page,
  scoreMeanings,
  scoreTable,
  shortScore,
} from '@pffnet/pages';
import { familyOf } from '@pffnet/families';
import type { Summary } from '@pffnet/metrics';
import type { LogEntry } from '@pffnet/run-folder';
import { type Provenance, provenance } from './provenance.ts';

/** Everything that the page of a run shows. */
export interface RunResult extends Provenance {
  readonly log: readonly LogEntry[];
  /** Scores of the test images, whose pictures lie in `predictions/`. */
  readonly test: Summary;
}

/** A finished run as a page: scores of its test images, their pictures beside the truth, curves, and what produced it. */
export function runPage(result: RunResult): string {
  const { test, facts } = result;
  const { aji, dice, f1, pq } = test.mean;
  const pictures = test.images.flatMap(({ name, ...scores }) => [
    figure(`predictions/${name}_truth.png`, `${name}: ${scores.truthCount} objects`),
    figure(
      `predictions/${name}_overlay.png`,
      `AJI ${shortScore(scores.aji)}, PQ ${shortScore(scores.pq)}, ${scores.predictedCount} objects`,
    ),
  ]);
  const body = [
    `<p class="lead">${counted(test.images.length, 'test image')}: AJI <strong>${shortScore(aji)}</strong>, Dice ${shortScore(dice)},
F1 ${shortScore(f1)}, PQ ${shortScore(pq)}.</p>`,
    '<h2>How this was made</h2>',
    factList(provenance(result)),
    '<h2>Scores on the test images</h2>',
    scoreTable([['mean', test.mean]], test),
    scoreMeanings,
    learningSection(result.log, facts.data.validation.length, familyOf(result.config).termsOf(result.config)),
    '<h2>Pictures: truth and prediction</h2>',
    '<p>Each object has an outline of its own. Colours only tell neighbours apart; they have no meaning.</p>',
    `<div class="two">${pictures.join('')}</div>`,
  ];
  return page(`PFFNet ${result.config.preset}: ${facts.data.folder}`, body.join('\n'));
}
