/*
 * The losses of two runs beside each other, for docs/results:
 *   node tools/compare-losses.mjs <run> <name> <other run> <its name> <out>
 * Writes <out>.csv, the weighted total and each term of every step of both, and <out>.svg, both totals: every step
 * faintly, its mean over ten steps above. Says how the means of the last quarter differ. Needs `npm run build` beforehand.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { smooth, svg } from '@pffnet/pages';
import { chartColours } from '@pffnet/pages/colours';
import * as Plot from '@observablehq/plot';

const WINDOW = 10;

const [first, firstName, second, secondName, out] = process.argv.slice(2);
if (out === undefined) {
  throw new Error('expected: node tools/compare-losses.mjs <run> <name> <other run> <its name> <out>');
}

/** Every step of a run. */
async function stepsOf(run) {
  const lines = (await readFile(join(run, 'log.jsonl'), 'utf8')).trim().split('\n');
  return lines.map((line) => JSON.parse(line)).filter(({ kind }) => kind === undefined);
}

const runs = [
  { name: firstName, steps: await stepsOf(first) },
  { name: secondName, steps: await stepsOf(second) },
];
const [{ steps }] = runs;
const terms = Object.keys(steps[0]).filter((key) => typeof steps[0][key] === 'number' && !notLosses(key));
const header = ['step', ...runs.flatMap(({ name }) => terms.map((term) => `${term} ${name}`))];
const rows = steps.map(({ step }, index) => [
  step,
  ...runs.flatMap((run) => terms.map((term) => run.steps[index][term].toPrecision(5))),
]);
await writeFile(`${out}.csv`, `${[header, ...rows].map((row) => row.join(',')).join('\n')}\n`);

const curves = runs.map(({ name, steps: own }) => ({
  name,
  points: own.map(({ step, total: value }) => ({ step, value })),
}));
const line = (points, index, style) =>
  Plot.lineY(points, { x: 'step', y: 'value', stroke: chartColours[index], ...style });
const chart = svg({
  width: 640,
  height: 280,
  marginLeft: 42,
  marginTop: 10,
  marginRight: 44,
  x: { label: null, ticks: 4, tickSize: 3 },
  y: { label: null, zero: true, ticks: 4, tickSize: 0, grid: true },
  marks: curves.flatMap(({ name, points }, index) => {
    const trend = smooth(points, WINDOW);
    const lastPoint = [trend[trend.length - 1]];
    return [
      line(points, index, { strokeOpacity: 0.3, strokeWidth: 1 }),
      line(trend, index, { strokeWidth: 2 }),
      Plot.text(lastPoint, {
        x: 'step',
        y: 'value',
        text: () => name,
        dx: 6,
        dy: index * 12,
        textAnchor: 'start',
        fill: chartColours[index],
      }),
    ];
  }),
});
await writeFile(`${out}.svg`, `${chart}\n`);

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
for (const term of terms) {
  const means = runs.map((run) => mean(run.steps.slice(-Math.ceil(steps.length / 4)).map((step) => step[term])));
  process.stdout.write(`${term}: ${runs.map(({ name }, index) => `${name} ${means[index].toFixed(3)}`).join(', ')}\n`);
}

function notLosses(key) {
  return ['step', 'learningRate', 'seconds'].includes(key);
}
