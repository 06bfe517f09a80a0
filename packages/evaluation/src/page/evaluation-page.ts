import { counted, escapeHtml, facts, figure, page, scoreMeanings, scoreTable, shortScore, table } from '@pffnet/pages';
import { type ScoreName, scoreNames, type ScoreRow } from '@pffnet/metrics';
import { fateColours } from '../error-picture.ts';
import type { Section } from '../evaluation.ts';
import {
  comparisonMeaning,
  distinctSections,
  type EvaluationNames,
  policyText,
  pText,
  signed,
} from '../evaluation-text.ts';
import type { SizeCounts } from '../score-pairs.ts';
import type { PagePicture, ShownImage } from '../worst-images.ts';
import {
  countChart,
  differenceChart,
  distributionChart,
  type DistributionPoint,
  seriesColours,
  sizeChart,
} from './evaluation-charts.ts';

/** Everything that the page of an evaluation shows. */
export interface EvaluationResult {
  readonly names: EvaluationNames & { readonly truth: string };
  readonly command: string;
  readonly sections: readonly Section[];
  /** Over all images. */
  readonly sizes: SizeCounts;
  readonly worst: readonly ShownImage[];
}

/** Scores at a glance, with their titles; every other stands below them. */
const main: readonly (readonly [score: ScoreName, title: string])[] = [
  ['aji', 'AJI'],
  ['dice', 'Dice'],
  ['f1', 'F1'],
  ['pq', 'PQ'],
  ['sbd', 'SBD'],
];

/** An evaluation as one page that needs no other file: scores, how they spread, and the worst images. */
export function evaluationPage(result: EvaluationResult): string {
  const { names, sections, worst } = result;
  const [all] = sections;
  const { mean, images } = all.summary;
  const body = [
    `<p class="lead">${counted(images.length, 'image')}, ${counted(all.pooled.truthCount ?? 0, 'true object')}: AJI
<strong>${shortScore(mean.aji)}</strong>, Dice ${shortScore(mean.dice)}, F1 ${shortScore(mean.f1)}, PQ
${shortScore(mean.pq)} (means over images).</p>`,
    facts([
      ['predictions', names.pred],
      ['truth', names.truth],
      ...(names.compare === undefined ? [] : [['compared with', names.compare] as const]),
      ['rules', policyText(all.summary.policy)],
      ['command', result.command],
    ]),
    '<h2>Scores</h2>',
    sectionTable(sections),
    scoreMeanings,
    details('Every score', everyScore(sections)),
    comparisonPart(all, names),
    distributionPart(sections, names),
    sizePart(result),
    worstPart(worst, images.length),
    details(`Every image (${images.length})`, scoreTable([['mean', mean]], all.summary)),
  ];
  return page(`Evaluation of ${names.pred}`, body.filter((part) => part !== '').join('\n'));
}

/** A table whose cells stay on one line; a wide one can be scrolled. */
const unbroken = (html: string): string =>
  `<div style="white-space:nowrap;overflow-x:auto;font-size:.87rem">${html}</div>`;

const details = (summary: string, content: string): string =>
  `<details><summary>${escapeHtml(summary)}</summary>${content}</details>`;

function sectionTable(sections: readonly Section[]): string {
  const groups = distinctSections(sections).map(({ name, summary: { mean, std, images }, pooled }) => {
    const row = (label: string, cells: readonly string[], first = false) => ({ name: label, cells, main: first });
    return [
      row(
        `${name} (${images.length}), mean ± std`,
        main.map(([score]) => `${shortScore(mean[score])} ± ${shortScore(std[score])}`),
        name === 'all',
      ),
      row(
        `${name}, pooled`,
        main.map(([score]) => shortScore(pooled[score])),
      ),
    ];
  });
  return unbroken(table(['', ...main.map(([, title]) => title)], groups));
}

function everyScore(sections: readonly Section[]): string {
  const shown = distinctSections(sections);
  const heads = shown.flatMap(({ name }) => [`${name}: mean`, 'std', 'pooled']);
  const cell = (row: ScoreRow, score: ScoreName): string => shortScore(row[score]);
  const rows = scoreNames.map((score) => ({
    name: score,
    cells: shown.flatMap(({ summary: { mean, std }, pooled }) => [mean, std, pooled].map((row) => cell(row, score))),
  }));
  return unbroken(table(['', ...heads], [rows]));
}

function comparisonPart({ other }: Section, names: EvaluationNames): string {
  if (other === null) return '';
  const entries = Object.entries(other.scores);
  const rows = entries.map(([name, { mean, otherMean, difference, tTest, wilcoxon, count }]) => ({
    name,
    cells: [
      String(count),
      shortScore(mean),
      shortScore(otherMean),
      signed(difference.mean),
      ...[tTest.p, tTest.holm, wilcoxon.p, wilcoxon.holm].map(pText),
    ],
  }));
  const differences = entries.flatMap(
    ([
      score,
      {
        difference: { mean, low, high },
      },
    ]) => (mean === null || low === null || high === null ? [] : [{ score, mean, low, high }]),
  );
  return [
    '<h2>Comparison</h2>',
    unbroken(table(['', 'images', 'pred', 'compare', 'difference', 't: p', 'Holm', 'Wilcoxon: p', 'Holm'], [rows])),
    '<h3>Mean difference with its interval</h3>',
    differenceChart(differences, { width: 620, height: 60 + 34 * differences.length }),
    `<p class="small">${escapeHtml(comparisonMeaning(names)).replaceAll('\n', '<br>')}</p>`,
  ].join('\n');
}

function distributionPart(sections: readonly Section[], names: EvaluationNames): string {
  const [all, ...groups] = distinctSections(sections);
  const series =
    all.other === null
      ? (groups.length === 0 ? [all] : groups).map(({ name, summary }) => ({ name, images: summary.images }))
      : [
          { name: `pred: ${names.pred}`, images: all.summary.images },
          { name: `compare: ${names.compare ?? ''}`, images: all.other.summary.images },
        ];
  const points = series.flatMap(({ name, images }) =>
    images.flatMap((image) =>
      main.flatMap(([score, title]): DistributionPoint[] => {
        const value = image[score];
        return value === null ? [] : [{ score: title, series: name, value }];
      }),
    ),
  );
  const keys = seriesColours(series.map(({ name }) => name)).map(([name, colour]) => legendItem(colour, name));
  return [
    '<h2>How scores spread over images</h2>',
    series.length > 1 ? legend(keys) : '',
    distributionChart(points, { width: 1000, height: 300 }),
    '<p class="small">A dot per image; boxes span the middle half, their line is the median.</p>',
  ].join('\n');
}

function sizePart({ sizes, sections: [all] }: EvaluationResult): string {
  const octaves = [...Array(Math.max(sizes.found.length, sizes.missed.length)).keys()];
  const bins = octaves.map((octave) => ({
    from: 2 ** octave,
    to: 2 ** (octave + 1) - 1,
    found: sizes.found[octave] ?? 0,
    missed: sizes.missed[octave] ?? 0,
  }));
  const first = bins.findIndex(({ found, missed }) => found + missed > 0);
  const counts = all.summary.images.map(({ truthCount, predictedCount }) => ({
    truth: truthCount,
    predicted: predictedCount,
  }));
  const size = { width: 490, height: 290 };
  const [found, missed] = [css(fateColours.found), css(fateColours.missed)];
  const bySize = first < 0 ? '<p>No true object.</p>' : sizeChart(bins.slice(first), { found, missed }, size);
  return [
    '<h2>Objects</h2>',
    '<div class="two">',
    `<div><h3>True objects by area: found at IoU above 0.5, or missed</h3>${legend([legendItem(found, 'found'), legendItem(missed, 'missed')])}${bySize}</div>`,
    `<div><h3>Objects per image: true and predicted</h3>${countChart(counts, size)}</div>`,
    '</div>',
  ].join('\n');
}

function worstPart(worst: readonly ShownImage[], imageCount: number): string {
  if (worst.length === 0) return '';
  const pictures = worst.flatMap((shown) => [
    ...(shown.image === null ? [] : [figure(address(shown.image), shown.scores.name)]),
    figure(address(shown.errors), outcome(shown)),
  ]);
  return [
    `<h2>${worst.length === imageCount ? 'Images, the worst first' : `The worst ${counted(worst.length, 'image')} of ${imageCount}`}, by AJI</h2>`,
    legend([
      legendItem(css(fateColours.found), 'found: outline of a prediction with IoU above 0.5'),
      legendItem(css(fateColours.missed), 'missed: true object, hatched'),
      legendItem(css(fateColours.false), 'false: prediction without a true object, filled'),
    ]),
    `<div class="two">${pictures.join('')}</div>`,
  ].join('\n');
}

function outcome({ scores: { name, aji, pq, truthCount }, found, missed, false: wrong, window }: ShownImage): string {
  const part =
    window === null
      ? ''
      : `; shown: ${window.height} x ${window.width} pixels from row ${window.y}, column ${window.x}`;
  return `${name}: AJI ${shortScore(aji)}, PQ ${shortScore(pq)}; ${found} of ${truthCount} found, ${missed} missed, ${wrong} false${part}`;
}

const address = ({ mime, bytes }: PagePicture): string =>
  `data:${mime};base64,${Buffer.from(bytes).toString('base64')}`;

const css = ([red, green, blue]: readonly [number, number, number]): string => `rgb(${red}, ${green}, ${blue})`;

const legend = (items: readonly string[]): string => `<p class="small">${items.join(' &emsp; ')}</p>`;

const legendItem = (colour: string, text: string): string =>
  `<span style="display:inline-block;width:.85em;height:.85em;border:1px solid var(--ink);background:${colour};vertical-align:-.1em"></span> ${escapeHtml(text)}`;
