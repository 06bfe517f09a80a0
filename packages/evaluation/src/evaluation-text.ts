import { type ScoreName, scoreNames, type ScorePolicy, type ScoreRow } from '@pffnet/metrics';
import { stringify } from 'csv-stringify/sync';
import { counted, textTable } from '@pffnet/pages/text';
import { scoreText } from './scores-text.ts';
import { type ComparisonPlan, confidence, type OtherMethod, resamples, type Section } from './evaluation.ts';

/** Where the scores come from, for heads and captions. */
export interface EvaluationNames {
  readonly pred: string;
  readonly compare?: string;
}

/** The tables of `evaluate` for a terminal. */
export function evaluationText(sections: readonly Section[], names: EvaluationNames): string {
  const [all] = sections;
  const parts = [`${policyText(all.summary.policy)}\n`];
  const shown = distinctSections(sections);
  for (const section of shown) {
    parts.push(`${heading(section, shown.length > 1)}\n\n${scoreTable(section)}`);
    if (section.other !== null) parts.push(comparisonTable(section.other));
  }
  if (all.other !== null) parts.push(`${comparisonMeaning(names)}\n`);
  return parts.join('\n');
}

/** All images, then each group; a single group is left out, because it equals all images. */
export function distinctSections([all, ...groups]: readonly Section[]): readonly Section[] {
  return groups.length > 1 ? [all, ...groups] : [all];
}

/** The rules behind the scores, by their names. */
export function policyText({ emptyAs, numbering }: ScorePolicy): string {
  const empty = emptyAs === 'skip' ? 'left out of the means' : `counted as ${emptyAs}`;
  const rule =
    numbering === 'objects'
      ? 'every id but 0 is an object'
      : 'the smallest label is background, gaps count as objects (the CVPPP evaluation)';
  return `policy: empty-as ${emptyAs} (undefined scores are ${empty}); numbering ${numbering} (${rule})`;
}

function heading({ name, summary }: Section, grouped: boolean): string {
  const images = counted(summary.images.length, 'image');
  return grouped ? `${name}: ${images}` : images;
}

function scoreTable({ summary: { mean, std }, pooled }: Section): string {
  const rows = scoreNames.map((name) => [name, ...[mean, std, pooled].map((row) => scoreText(row[name]))]);
  return textTable([['', 'mean', 'std', 'pooled'], ...rows]);
}

function comparisonTable({ scores }: OtherMethod): string {
  const rows = Object.entries(scores).map(([name, { mean, otherMean, difference, tTest, wilcoxon }]) => [
    name,
    scoreText(mean),
    scoreText(otherMean),
    signed(difference.mean),
    `${signed(difference.low)} to ${signed(difference.high)}`,
    ...[tTest.p, tTest.holm, wilcoxon.p, wilcoxon.holm].map(pText),
  ]);
  const head = [
    'mean',
    'pred',
    'compare',
    'difference',
    `${100 * confidence} % interval`,
    't: p',
    'Holm',
    'Wilcoxon: p',
  ];
  return textTable([[...head, 'Holm'], ...rows]);
}

/** What the columns of a comparison say. */
export function comparisonMeaning({ pred, compare = '' }: EvaluationNames): string {
  return [
    `pred: ${pred}; compare: ${compare}`,
    `p: one-tailed; how probable so large a difference is if pred is not better (paired t-test as in Table III, Wilcoxon's signed ranks)`,
    `Holm: p corrected for all scores of the table; interval: bootstrap over images, ${resamples.toLocaleString('en')} samples`,
  ].join('\n');
}

/** A probability: exact enough to copy, short enough to read. */
export const pText = (p: number | null): string => (p === null ? 'undefined' : p.toPrecision(3));

/** A difference with its sign. */
export const signed = (value: number | null): string =>
  value === null ? 'undefined' : `${value < 0 ? '' : '+'}${value.toFixed(4)}`;

/** One row per image, with its group where there are some; undefined scores are empty. */
export function evaluationCsv([all]: readonly Section[], groupOf: (name: string) => string | null): string {
  const grouped = all.summary.images.some(({ name }) => groupOf(name) !== null);
  return stringify([
    ['name', ...(grouped ? ['group'] : []), ...scoreNames],
    ...all.summary.images.map((scores) => [
      scores.name,
      ...(grouped ? [groupOf(scores.name)] : []),
      ...scoreNames.map((column) => scores[column]),
    ]),
  ]);
}

/** Everything as `--json` writes it. */
export function evaluationJson(
  [all, ...groups]: readonly Section[],
  groupOf: (name: string) => string | null,
  { compare }: EvaluationNames,
  { seed }: ComparisonPlan,
): Record<string, unknown> {
  const { policy, images } = all.summary;
  const withGroup = images.map((scores) => {
    const group = groupOf(scores.name);
    const { name, ...values } = scores;
    return group === null ? scores : { name, group, ...values };
  });
  const comparedWith = { folder: compare, alternative: 'greater', confidence, resamples, seed };
  return {
    policy,
    images: withGroup,
    ...scoresOf(all),
    ...(groups.length === 0
      ? {}
      : {
          groups: Object.fromEntries(
            groups.map((group) => [group.name, { imageCount: group.summary.images.length, ...scoresOf(group) }]),
          ),
        }),
    ...(all.other === null ? {} : { comparedWith }),
  };
}

/** Means, spread, pooled scores and the comparison of one section. */
function scoresOf({ summary: { mean, std }, pooled, other }: Section): Record<string, unknown> {
  return {
    mean,
    std,
    pooled: Object.fromEntries(scoreNames.map((name: ScoreName) => [name, (pooled as ScoreRow)[name]])),
    ...(other === null ? {} : { comparison: other.scores }),
  };
}
