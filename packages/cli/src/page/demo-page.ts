import type { Summary } from '@pffnet/metrics';
import type { LogEntry } from '@pffnet/training';
import { scoreText } from '../scores-text.ts';
import { type CurvePoint, curves, smooth } from './charts.ts';
import { escapeHtml, gallery, page, table } from './html.ts';

/** Everything that the demo's page shows. */
export interface DemoResult {
  readonly engine: string;
  readonly seconds: number;
  readonly steps: number;
  readonly log: readonly LogEntry[];
  readonly before: Summary;
  readonly after: Summary;
  /** Names of the held-out images whose pictures lie in `images/`. */
  readonly names: readonly string[];
}

const columns = ['aji', 'dice', 'f1', 'dq', 'sq', 'pq', 'sbd'] as const;

/** The demo as a page: scores, overlays before and after training, loss curves. */
export function demoPage({ engine, seconds, steps, log, before, after, names }: DemoResult): string {
  const row = (name: string, scores: Summary['mean']): string[] => [
    name,
    ...columns.map((column) => scoreText(scores[column])),
  ];
  const scores = table(
    ['held-out images', ...columns.map((column) => column.toUpperCase())],
    [
      row('before training', before.mean),
      row('after training', after.mean),
      row('std after training', after.std),
      ...after.images.map((image) => row(image.name, image)),
    ],
  );
  const pictures = names.flatMap((name) => [
    { file: `images/${name}.png`, caption: `${name}: image` },
    { file: `images/${name}_truth.png`, caption: 'truth' },
    { file: `images/${name}_before.png`, caption: 'prediction before training' },
    { file: `images/${name}_after.png`, caption: 'prediction after training' },
  ]);
  const body = [
    `<p>PFFNet, preset <code>smoke</code>, learned to separate synthetic cells in ${steps} steps from random weights:
${seconds.toFixed(0)} seconds on ${escapeHtml(engine)}. The images below were never trained on.</p>`,
    '<h2>Scores</h2>',
    scores,
    '<h2>Overlays</h2>',
    gallery(pictures),
    '<h2>Losses</h2>',
    '<p>Means over 10 steps, before weighting (Eq. 5).</p>',
    curves(smooth(lossPoints(log), 10), { label: 'loss' }),
  ];
  return page('PFFNet demo', body.join('\n'));
}

/** Every loss of a log as points of curves. */
export function lossPoints(log: readonly LogEntry[]): CurvePoint[] {
  const others = new Set(['step', 'learningRate', 'seconds', 'kind']);
  return log
    .filter((entry) => entry['kind'] === undefined)
    .flatMap((entry) =>
      Object.entries(entry)
        .filter((pair): pair is [string, number] => !others.has(pair[0]) && typeof pair[1] === 'number')
        .map(([name, value]) => ({ step: entry.step, name, value })),
    );
}
