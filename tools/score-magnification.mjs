/*
 * How well a model that ships reads images of another magnification:
 *   node tools/score-magnification.mjs <model> <data> <split.csv> <part> [factors, 0.5,1,2]
 * Resizes each image of a part of the split, predicts it at its own size and with the scale that `--diameter auto` finds,
 * brings the label map back to the original grid and scores it against the original labels. Needs `npm run build`
 * beforehand; takes the engine that `auto` takes.
 */
import { readFile } from 'node:fs/promises';
import { loadBackend } from '@pffnet/backends';
import { openDataset } from '@pffnet/datasets';
import { scoreImage } from '@pffnet/metrics';
import { openModel } from '@pffnet/models';
import { fittingScale, predict, readingOf } from '@pffnet/network';
import { resizeLabels, scaleImage } from '@pffnet/structures';
import { parse } from 'csv-parse/sync';

const [name, data, split, part, factors = '0.5,1,2'] = process.argv.slice(2);
if (part === undefined) {
  console.error('expected: node tools/score-magnification.mjs <model> <data> <split.csv> <part> [factors]');
  process.exit(2);
}
const rows = parse(await readFile(split, 'utf8'), { columns: true });
const names = rows.filter((row) => row.part === part).map((row) => row.name);
const { description } = await loadBackend('auto');
const { network, facts } = await openModel(name);
const dataset = await openDataset(data, readingOf(network.config));
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

console.log(`${name} on ${names.length} images, ${description}\n`);
console.log(
  '| image times | AJI at its own size | AJI with --diameter auto | scale found: least, mean, most |\n| --- | --- | --- | --- |',
);
for (const factor of factors.split(',').map(Number)) {
  const [own, fitted, scales] = [[], [], []];
  for (const file of names) {
    const { image, labels } = await dataset.load(file);
    const seen = scaleImage(image, factor);
    const scale = await fittingScale(network, seen, facts.diameter);
    scales.push(scale);
    const ajiAt = async (at) => {
      const found = await predict(network, seen, network.config.test, at);
      return scoreImage(file, resizeLabels(found.labels, labels), labels).aji ?? 0;
    };
    own.push(await ajiAt(1));
    fitted.push(scale === 1 ? own.at(-1) : await ajiAt(scale));
  }
  const found = [Math.min(...scales), mean(scales), Math.max(...scales)].map((value) => value.toFixed(2)).join(', ');
  console.log(`| ${factor} | ${mean(own).toFixed(4)} | ${mean(fitted).toFixed(4)} | ${found} |`);
}
network.scope.dispose();
