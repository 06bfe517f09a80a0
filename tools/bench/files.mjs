/**
 * Commands on files beside another build of this repository, in turns: `node tools/bench/files.mjs <other checkout>
 * [--rounds 5] [--data <folder of a data set>] [name...]` after `npm run build` in both. The input is made here: label
 * maps of 4,096 x 4,096 pixels with 262,144 objects, in 32-bit TIFF. Prints per command the median processor time beyond
 * the start of the process (user and system, all threads), the median of the rounds' ratios, and the peak of memory.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeLabelMap } from '@pffnet/datasets';

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
function cells(down) {
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
const [truth, pred, report] = ['truth', 'pred', 'report.json'].map((name) => join(folder, name));
const clock = new URL('processor-clock.mjs', import.meta.url).href;

const commands = {
  evaluate: ['evaluate', '--pred', pred, '--truth', truth],
  coco: ['data', 'convert', truth, out, '--format', 'labels', '--to', 'coco'],
  geojson: ['data', 'convert', truth, out, '--format', 'labels', '--to', 'geojson'],
  csv: ['data', 'convert', truth, out, '--format', 'labels', '--to', 'csv'],
  ...(options.data === undefined
    ? {}
    : {
        'data convert': ['data', 'convert', resolve(options.data), out],
        'data check': ['data', 'check', resolve(options.data)],
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
  for (const [path, down] of [
    [truth, 0],
    [pred, 1],
  ]) {
    mkdirSync(path);
    await writeLabelMap(join(path, 'cells.tif'), cells(down));
  }
  process.stdout.write(`${cpus()[0]?.model}, load ${loadavg()[0].toFixed(1)}, ${options.rounds} rounds\n\n`);
  line('', 'other (s)', 'this (s)', 'this / other', 'other (MiB)', 'this (MiB)');
  for (const [name, args] of Object.entries(commands)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const rounds = Array.from({ length: Number(options.rounds) }, () => {
      const [theirs, ours] = [other, here].map((checkout) => {
        const start = measure(checkout, ['--version']);
        const whole = measure(checkout, args);
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
