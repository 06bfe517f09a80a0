import { svg } from '@pffnet/pages';
import { guide, highlight, ink } from '@pffnet/pages/colours';
import * as Plot from '@observablehq/plot';
import { joinedFolds, pairsOf, scoredUnder } from './comparison-tables.mjs';
import { meanDifference } from './statistics.mjs';

/**
 * Draws what every network's AJI and PQ are above Mask R-CNN's, with 95 % intervals, as SVG: PFFNet fold by fold and over all
 * folds, then at equal processor time, then the other networks on fold 0.
 * @param {ReturnType<import('./runs.mjs').runsIn>} runs
 * @param {Map<string, string>} patientOf the patient of each image
 */
export function drawComparison(runs, patientOf) {
  const points = comparisons(runs).flatMap(({ label, ours, theirs }) =>
    ['AJI', 'PQ'].map((score) => ({ label, score, ...meanDifference(ours, theirs, patientOf, score.toLowerCase()) })),
  );
  const labels = [...new Set(points.map(({ label }) => label))];
  const figure = svg({
    width: 900,
    height: 70 + 26 * labels.length,
    marginLeft: 250,
    marginRight: 20,
    style: { background: 'white', color: ink, fontSize: '12px' },
    x: { label: 'difference from Mask R-CNN, 95 % interval', tickFormat: '+.2f', ticks: 5, grid: true },
    y: { label: null, domain: labels, tickSize: 0 },
    fx: { label: null, domain: ['AJI', 'PQ'], padding: 0.08 },
    marks: [
      Plot.ruleX([0], { stroke: guide }),
      Plot.ruleY(points, { fx: 'score', y: 'label', x1: 'low', x2: 'high', stroke: highlight, strokeWidth: 2 }),
      Plot.dot(points, { fx: 'score', y: 'label', x: 'estimate', fill: highlight, r: 4 }),
    ],
  });
  return `${figure}\n`;
}

function comparisons(runs) {
  const steps = scoredUnder(runs, 'equal-steps', 'tuned');
  const time = scoredUnder(runs, 'equal-time', 'tuned');
  const pairs = pairsOf(steps, 'pffnet', 'mask-rcnn');
  const told = (pair, what) => ({
    ...pair,
    label: `${what}, ${pair.seeds.length === 1 ? '1 seed' : `${pair.seeds.length} seeds`}`,
  });
  return [
    ...(pairs.length > 1 ? [told(joinedFolds(pairs), 'pffnet, all folds')] : []),
    ...pairs.map((pair) => told(pair, `pffnet, fold ${pair.fold}`)),
    ...pairsOf(time, 'pffnet', 'mask-rcnn').map((pair) => told(pair, `pffnet, fold ${pair.fold}, equal time`)),
    ...others(steps).flatMap((network) =>
      pairsOf(steps, network, 'mask-rcnn').map((pair) => told(pair, `${network}, fold ${pair.fold}`)),
    ),
    ...others(time).flatMap((network) =>
      pairsOf(time, network, 'mask-rcnn').map((pair) => told(pair, `${network}, fold ${pair.fold}, equal time`)),
    ),
  ];
}

function others(runs) {
  return [...new Set(runs.map(({ network }) => network))].filter(
    (network) => network !== 'pffnet' && network !== 'mask-rcnn',
  );
}
