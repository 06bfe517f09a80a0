/*
 * Records a finished run as small text and pictures, for docs/results:
 *   node tools/record-run.mjs <run> <data> <out>
 * Copies config.json, run.json and metrics.csv; writes log.csv (every loss, means over 25 steps), losses.svg,
 * validation.svg and overlays.png (image, truth and prediction of four test images). Needs `npm run build` beforehand.
 */
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { openDataset, overlay, readLabelMap } from '@pffnet/datasets';
import { scoreChart, trendChart } from '@pffnet/pages';
import sharp from 'sharp';

const WINDOW = 25;
const PICTURES = 4;
const SIDE = 320;

const [run, data, out] = process.argv.slice(2);
if (out === undefined) throw new Error('expected: node tools/record-run.mjs <run> <data> <out>');
await mkdir(out, { recursive: true });
for (const file of ['config.json', 'metrics.csv']) await copyFile(join(run, file), join(out, file));

// Folders of one machine say nothing elsewhere: only their names are recorded.
const facts = JSON.parse(await readFile(join(run, 'run.json'), 'utf8'));
const relative = (text) => text.replaceAll(/(?<=^|\s|=)\/\S+/g, (path) => basename(path));
facts.command = relative(facts.command);
facts.data.folder = basename(facts.data.folder);
await writeFile(join(out, 'run.json'), `${JSON.stringify(facts, null, 2)}\n`);

const log = (await readFile(join(run, 'log.jsonl'), 'utf8'))
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const steps = log.filter(({ kind }) => kind === undefined);
const columns = Object.keys(steps[0]);
const rows = [];
for (let from = 0; from < steps.length; from += WINDOW) {
  const part = steps.slice(from, from + WINDOW);
  rows.push(
    columns.map((column) =>
      column === 'step'
        ? part[part.length - 1].step
        : (part.reduce((sum, step) => sum + step[column], 0) / part.length).toPrecision(5),
    ),
  );
}
await writeFile(join(out, 'log.csv'), `${[columns, ...rows].map((row) => row.join(',')).join('\n')}\n`);

const total = steps.map(({ step, total: value }) => ({ step, value }));
await writeFile(join(out, 'losses.svg'), `${trendChart(total, { width: 640, height: 280 })}\n`);
const scores = log
  .filter(({ kind }) => kind === 'validation')
  .flatMap(({ step, aji, pq }) => [
    { step, value: aji, name: 'AJI' },
    { step, value: pq, name: 'PQ' },
  ]);
await writeFile(join(out, 'validation.svg'), `${scoreChart(scores, { width: 640, height: 280 })}\n`);

const dataset = await openDataset(data);
const { test } = facts.data;
const chosen = Array.from({ length: PICTURES }, (_, index) => test[Math.floor((index * test.length) / PICTURES)]);
const pictures = await Promise.all(
  chosen.map(async (name, row) => {
    const { image, labels } = await dataset.load(name);
    const prediction = await readLabelMap(join(run, 'predictions', `${name}.png`));
    const views = [image, overlay(image, labels), overlay(image, prediction)];
    return Promise.all(
      views.map(async ({ width, height, data: pixels }, column) => ({
        input: await sharp(Uint8Array.from(pixels), { raw: { width, height, channels: 3 } })
          .resize(SIDE)
          .png()
          .toBuffer(),
        left: column * (SIDE + 6),
        top: row * (SIDE + 6),
      })),
    );
  }),
);
const size = { width: 3 * SIDE + 12, height: PICTURES * SIDE + 6 * (PICTURES - 1), channels: 3, background: '#fff' };
await sharp({ create: size }).composite(pictures.flat()).png({ palette: true }).toFile(join(out, 'overlays.png'));
process.stdout.write(`recorded ${basename(run)} in ${out}: images ${chosen.join(', ')}\n`);
