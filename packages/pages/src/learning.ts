import { counted } from './counted.ts';
import { type CurvePoint, type NamedPoint, scoreChart, trendChart } from './charts.ts';

/** One line of a training log: losses of a step, or with `kind` the scores of a validation. */
export type LearningEntry = { readonly step: number } & Readonly<Record<string, unknown>>;

/** A term of the loss: its name in the log, and what stands over its chart. */
export interface ChartedTerm {
  readonly name: string;
  /** The index of L in its symbol. */
  readonly symbol: string;
  readonly meaning: string;
}

/**
 * Charts of a training log as a section of a page: validation scores, total loss, each term.
 * @param terms - of the network's loss.
 */
export function learningSection(
  log: readonly LearningEntry[],
  validationImages: number,
  terms: readonly ChartedTerm[],
): string {
  return [
    '<h2>Learning</h2>',
    `<div class="two">${learningCharts(log, validationImages)}</div>`,
    '<h3>Every term of the loss, before weighting</h3>',
    `<div class="three">${lossCharts(log, terms)}</div>`,
    '<p class="small">Over training steps: every step faintly, the mean of neighbouring steps in full colour.</p>',
  ].join('\n');
}

/** The course of training: validation scores and the weighted total of all losses. */
function learningCharts(log: readonly LearningEntry[], validationImages: number): string {
  const size = { width: 500, height: 240 };
  const scores = ['aji', 'pq'].flatMap((name): NamedPoint[] =>
    curve(
      log.filter(({ kind }) => kind === 'validation'),
      name,
    ).map((point) => ({ ...point, name: name.toUpperCase() })),
  );
  const total = curve(log.filter(isStep), 'total');
  return [
    scores.length === 0
      ? ''
      : `<div><h3>Scores on ${counted(validationImages, 'validation image')}</h3>${scoreChart(scores, size)}</div>`,
    `<div><h3>Weighted total of all losses</h3>${trendChart(total, size)}</div>`,
  ].join('');
}

/** One chart per term, because terms differ in scale. */
function lossCharts(log: readonly LearningEntry[], terms: readonly ChartedTerm[]): string {
  const steps = log.filter(isStep);
  return terms
    .map(({ name, symbol, meaning }) => ({ symbol, meaning, points: curve(steps, name) }))
    .filter(({ points }) => points.length > 0)
    .map(
      ({ symbol, meaning, points }) =>
        `<div><h4>L<sub>${symbol}</sub> <span>${meaning}</span></h4>${trendChart(points, { width: 330, height: 150 })}</div>`,
    )
    .join('');
}

const isStep = ({ kind }: LearningEntry): boolean => kind === undefined;

/** One quantity of a log over its steps; entries that lack it are left out. */
export function curve(log: readonly LearningEntry[], name: string): CurvePoint[] {
  return log.flatMap((entry) => {
    const value = entry[name];
    return typeof value === 'number' ? [{ step: entry.step, value }] : [];
  });
}
