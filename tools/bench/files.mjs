/**
 * Commands on files beside another build of this repository, in turns: `node tools/bench/files.mjs <other checkout>
 * [--rounds 5] [--data <folder of a data set>] [name...]` after `npm run build` in both. The input is made here: label
 * maps of 4,096 x 4,096 pixels with 262,144 objects, in 32-bit TIFF. Prints per command the median processor time (user and
 * system, all threads) beyond that of the same command on one map of 16 x 16 pixels, so that neither the start of the
 * process nor the loading of what the command needs counts; the median of the rounds' ratios; and the peak of memory.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeImage, writeLabelMap } from '@pffnet/datasets';

const side = 4096;
const cell = 8;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '5' }, data: { type: 'string' } },
});
const [other, ...names] = positionals;
const here = fileURLToPath(new URL('../..', import.meta.url));
if (other === undefined) {
  process.stderr.write('name another checkout, built: node tools/bench/files.mjs <other checkout>\n');
  process.exit(2);
}

/** Objects of 6 x 6 pixels without corners, one in each cell of 8 x 8, moved down by a number of pixels. */
function cells(side, down) {
  const data = new Uint32Array(side * side);
  for (let id = 0; id < (side / cell) ** 2; id++) {
    const [y, x] = [Math.floor(id / (side / cell)) * cell + down, (id % (side / cell)) * cell];
    for (let row = 0; row < 6; row++) {
      const inset = row === 0 || row === 5 ? 1 : 0;
      data.fill(id + 1, (y + row) * side + x + inset, (y + row) * side + x + 6 - inset);
    }
  }
  return { height: side, width: side, data };
}

const folder = mkdtempSync(join(tmpdir(), 'pffnet-bench-'));
const out = join(folder, 'out');
const report = join(folder, 'report.json');
const clock = new URL('processor-clock.mjs', import.meta.url).href;
const large = { truth: join(folder, 'truth'), pred: join(folder, 'pred'), data: options.data && resolve(options.data) };
const small = { truth: join(folder, 'one/labels'), pred: join(folder, 'one/labels'), data: join(folder, 'one') };

const commands = {
  evaluate: ({ truth, pred }) => ['evaluate', '--pred', pred, '--truth', truth],
  coco: ({ truth }) => ['data', 'convert', truth, out, '--format', 'labels', '--to', 'coco'],
  geojson: ({ truth }) => ['data', 'convert', truth, out, '--format', 'labels', '--to', 'geojson'],
  csv: ({ truth }) => ['data', 'convert', truth, out, '--format', 'labels', '--to', 'csv'],
  ...(options.data === undefined
    ? {}
    : {
        'data convert': ({ data }) => ['data', 'convert', data, out],
        'data check': ({ data }) => ['data', 'check', data],
      }),
};

/** Seconds of processor time and MiB at the peak of one call. */
function measure(checkout, args) {
  rmSync(out, { recursive: true, force: true });
  const command = join(resolve(checkout), 'packages/cli/bin/pffnet.js');
  const { status, stderr } = spawnSync(process.execPath, ['--import', clock, command, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, PROCESSOR_CLOCK_REPORT: report },
  });
  if (status !== 0) throw new Error(`${checkout}: pffnet ${args.join(' ')} ended with ${status}: ${stderr}`);
  return JSON.parse(readFileSync(report, 'utf8'));
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const line = (...columns) =>
  process.stdout.write(`${columns.map((text, at) => (at === 0 ? text.padEnd(14) : text.padStart(16))).join('')}\n`);

try {
  for (const path of [large.truth, large.pred, small.truth, join(small.data, 'images')]) {
    mkdirSync(path, { recursive: true });
  }
  await writeLabelMap(join(large.truth, 'cells.tif'), cells(side, 0));
  await writeLabelMap(join(large.pred, 'cells.tif'), cells(side, 1));
  await writeLabelMap(join(small.truth, 'cells.tif'), cells(16, 0));
  const values = Float32Array.from({ length: 16 * 16 * 3 }, (_, at) => at % 256);
  await writeImage(join(small.data, 'images/cells.png'), { height: 16, width: 16, data: values });
  process.stdout.write(`${cpus()[0]?.model}, load ${loadavg()[0].toFixed(1)}, ${options.rounds} rounds\n\n`);
  line('', 'other (s)', 'this (s)', 'this / other', 'other (MiB)', 'this (MiB)');
  for (const [name, argsOn] of Object.entries(commands)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const rounds = Array.from({ length: Number(options.rounds) }, () => {
      const [theirs, ours] = [other, here].map((checkout) => {
        const start = measure(checkout, argsOn(small));
        const whole = measure(checkout, argsOn(large));
        return { seconds: whole.seconds - start.seconds, peakMiB: whole.peakMiB };
      });
      return { theirs, ours, ratio: ours.seconds / theirs.seconds };
    });
    const of = (pick) => median(rounds.map(pick));
    line(
      name,
      of(({ theirs }) => theirs.seconds).toFixed(2),
      of(({ ours }) => ours.seconds).toFixed(2),
      of(({ ratio }) => ratio).toFixed(2),
      of(({ theirs }) => theirs.peakMiB).toFixed(0),
      of(({ ours }) => ours.peakMiB).toFixed(0),
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
