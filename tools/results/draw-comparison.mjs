import { svg } from '@pffnet/pages';
import { guide, highlight, ink } from '@pffnet/pages/colours';
import * as Plot from '@observablehq/plot';
import { joinedFolds, pairsOf, scoredUnder } from './comparison-tables.mjs';
import { meanDifference } from './statistics.mjs';

/**
 * Draws what PFFNet's AJI and PQ are above those of every other network, with 95 % intervals, as SVG: fold by fold and over
 * all folds at equal steps, then above Mask R-CNN's at equal processor time.
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
    height: 90 + 26 * labels.length,
    marginLeft: 250,
    marginRight: 20,
    marginBottom: 44,
    style: { background: 'white', color: ink, fontSize: '12px' },
    x: {
      label: 'PFFNet less the network named, 95 % interval: right of 0 PFFNet is better',
      labelAnchor: 'center',
      labelArrow: 'none',
      tickFormat: '+.2f',
      ticks: 5,
      grid: true,
    },
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
  const steps = scoredUnder(runs, 'equal-steps', 'preset');
  const others = [...new Set(steps.map(({ network }) => network))].filter((network) => network !== 'pffnet');
  const time = pairsOf(scoredUnder(runs, 'equal-time', 'preset'), 'pffnet', 'mask-rcnn');
  return [
    ...others.flatMap((network) => {
      const pairs = pairsOf(steps, 'pffnet', network);
      return (pairs.length > 1 ? [joinedFolds(pairs), ...pairs] : pairs).map((pair) => told(network, pair, ''));
    }),
    ...time.map((pair) => told('mask-rcnn', pair, ', equal time')),
  ];
}

function told(network, { fold, seeds, ours, theirs }, budget) {
  const where = fold === 'all' ? 'all folds' : `fold ${fold}`;
  return { label: `${network}, ${where}, ${seeds.length} seed${seeds.length === 1 ? '' : 's'}${budget}`, ours, theirs };
}
