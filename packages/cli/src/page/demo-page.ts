import type { ImageScores, ScoreName, Summary } from '@pffnet/metrics';
import type { PffnetConfig } from '@pffnet/pffnet';
import type { LogEntry, RunFacts } from '@pffnet/training';
import { type CurvePoint, type NamedPoint, scoreChart, trendChart } from './charts.ts';
import { facts as factList, figure, page, table } from './html.ts';

/** Everything that the demo's page shows. */
export interface DemoResult {
  readonly config: PffnetConfig;
  readonly facts: RunFacts;
  readonly seconds: number;
  /** The step whose weights were the best on the validation images. */
  readonly bestStep: number;
  readonly log: readonly LogEntry[];
  /** Scores of the test images, whose pictures lie in `images/`. */
  readonly before: Summary;
  readonly after: Summary;
}

const columns: readonly (readonly [score: ScoreName, title: string, meaning: string])[] = [
  ['aji', 'AJI', 'aggregated Jaccard index: overlap object by object; what is missed or made up counts against it'],
  ['dice', 'Dice', 'overlap of the foregrounds, objects not told apart'],
  ['f1', 'F1', 'objects of which more than half is covered'],
  ['dq', 'DQ', 'detection quality: objects found at IoU above 0.5'],
  ['sq', 'SQ', 'segmentation quality: the mean IoU of those found'],
  ['pq', 'PQ', 'panoptic quality: DQ times SQ'],
  ['sbd', 'SBD', 'symmetric best Dice: the best match of every object, and of every prediction, whichever is lower'],
];

/** The terms of Eq. 5 in the order of the flow: name in the log, symbol, what is learned. */
const terms: readonly (readonly [name: string, symbol: string, meaning: string])[] = [
  ['rpn-objectness', 'rpn-obj', 'proposals: object or not'],
  ['rpn-box', 'rpn-reg', 'proposals: boxes'],
  ['box-class', 'det-cls', 'instances: object or not'],
  ['box-regression', 'det-reg', 'instances: boxes'],
  ['mask', 'det-mask', 'instances: masks'],
  ['quality', 'det-qua', 'instances: quality of masks'],
  ['semantic', 'semseg1', 'semantic branch'],
  ['fused-semantic', 'semseg2', 'semantic map after fusion'],
  ['consistency', 'sem-cons', 'both semantic maps agree'],
];

/** The demo as a page: what was done, scores, pictures before and after training, curves. */
export function demoPage(result: DemoResult): string {
  const { before, after, facts } = result;
  const body = [
    `<p class="lead">PFFNet learned to separate cells that touch and overlap, from ${facts.data.train.length} drawn images
and random weights, in ${(result.seconds / 60).toFixed(1)} minutes. On ${after.images.length} images that it never saw,
AJI rose from ${shortScore(before.mean.aji)} to <strong>${shortScore(after.mean.aji)}</strong>.</p>`,
    '<h2>Pictures</h2>',
    '<p>Each object has an outline of its own. Colours only tell neighbours apart; they have no meaning.</p>',
    pictures(before, after),
    '<h2>Scores on the test images</h2>',
    scoreTable(before, after),
    `<dl class="small">${columns.map(([, title, meaning]) => `<dt>${title}</dt><dd>${meaning}</dd>`).join('')}</dl>`,
    '<h2>Learning</h2>',
    `<div class="two">${learningCharts(result)}</div>`,
    '<h3>Every term of the loss (Eq. 5), before weighting</h3>',
    `<div class="three">${lossCharts(result.log)}</div>`,
    '<p class="small">Over training steps: every step faintly, the mean of neighbouring steps in full colour.</p>',
    '<h2>How this was made</h2>',
    factList(provenance(result)),
    `<p class="small">All numbers: <a href="metrics.json">metrics.json</a>, <a href="run/log.jsonl">run/log.jsonl</a>;
the config: <a href="run/config.json">run/config.json</a>; the weights: <code>run/checkpoints/best.safetensors</code>.
Method: Liu et al. 2021, <a href="https://doi.org/10.1109/TIP.2021.3050668">Panoptic Feature Fusion Net</a>.</p>`,
  ];
  return page('PFFNet demo', body.join('\n'));
}

function pictures(before: Summary, after: Summary): string {
  const heads = ['image', 'truth', 'before training', 'after training'];
  const rows = after.images.flatMap((scores, index) => {
    const file = `images/${scores.name}`;
    return [
      figure(`${file}.png`, scores.name),
      figure(`${file}_truth.png`, `${scores.truthCount} objects`),
      figure(`${file}_before.png`, outcomeOf(before.images[index])),
      figure(`${file}_after.png`, outcomeOf(scores)),
    ];
  });
  return `<div class="gallery">${heads.map((head) => `<h3>${head}</h3>`).join('')}${rows.join('')}</div>`;
}

/** Objects found at IoU above 0.5 follow from DQ = found / mean of both counts. */
function outcomeOf({ aji, dq, truthCount, predictedCount }: ImageScores): string {
  const found = Math.round(((dq ?? 0) * (truthCount + predictedCount)) / 2);
  return `AJI ${shortScore(aji)}: ${found} of ${truthCount} found, ${predictedCount - found} false`;
}

function scoreTable(before: Summary, after: Summary): string {
  const row = (name: string, scores: Summary['mean']): string[] => [
    name,
    ...columns.map(([score]) => shortScore(scores[score])),
  ];
  return table(
    ['', ...columns.map(([, title]) => title)],
    [
      row('mean before training', before.mean),
      row('mean after training', after.mean),
      row('standard deviation', after.std),
      ...after.images.map((image) => row(image.name, image)),
    ],
  );
}

function learningCharts({ log, facts }: DemoResult): string {
  const size = { width: 500, height: 240 };
  const scores = ['aji', 'pq'].flatMap((name): NamedPoint[] =>
    curve(
      log.filter(({ kind }) => kind === 'validation'),
      name,
    ).map((point) => ({ ...point, name: name.toUpperCase() })),
  );
  const total = curve(log.filter(isStep), 'total');
  return [
    `<div><h3>Scores on ${facts.data.validation.length} validation images</h3>${scoreChart(scores, size)}</div>`,
    `<div><h3>Weighted total of all losses</h3>${trendChart(total, size)}</div>`,
  ].join('');
}

/** One chart per term: they live on scales of their own. */
function lossCharts(log: readonly LogEntry[]): string {
  const steps = log.filter(isStep);
  return terms
    .map(([name, symbol, meaning]) => ({ symbol, meaning, points: curve(steps, name) }))
    .filter(({ points }) => points.length > 0)
    .map(
      ({ symbol, meaning, points }) =>
        `<div><h4>L<sub>${symbol}</sub> <span>${meaning}</span></h4>${trendChart(points, { width: 330, height: 150 })}</div>`,
    )
    .join('');
}

const isStep = ({ kind }: LogEntry): boolean => kind === undefined;

/** One quantity of a log over its steps; entries that lack it are left out. */
export function curve(log: readonly LogEntry[], name: string): CurvePoint[] {
  return log.flatMap((entry) => {
    const value = entry[name];
    return typeof value === 'number' ? [{ step: entry.step, value }] : [];
  });
}

function provenance({ config, facts, seconds, bestStep }: DemoResult): [string, string][] {
  const { training } = config;
  const { train, validation, test, hash } = facts.data;
  return [
    ['network', `preset ${config.preset}, fidelity ${config.fidelity}`],
    ['start', `${config.backbone.init} weights, seed ${config.seed}`],
    [
      'training',
      `${training.iterations} steps of one ${training.patch.size} x ${training.patch.size} patch; weights of step ${bestStep}, the best on the validation images`,
    ],
    [
      'data',
      `synthetic cells: ${train.length} images to learn from, ${validation.length} for validation, ${test.length} for this test; SHA-256 ${hash.slice(0, 12)}…`,
    ],
    ['engine', facts.engine],
    ['time', `${seconds.toFixed(0)} s in all`],
    ['command', facts.command],
    [
      'versions',
      Object.entries(facts.versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    ],
    ['commit', facts.commit ?? 'none: not in a repository'],
  ];
}

const shortScore = (value: number | null): string => (value === null ? '–' : value.toFixed(3));
