/**
 * This checkout beside another one, both built: `node tools/bench/beside-build.mjs <other checkout> [--only <row>...]
 * [--rounds 5] [--steps 5] [--model <run>] [--other-model <run>]`. The two take turns; every measurement is a fresh process of the `pffnet`
 * command with one thread. Seconds are processor time, user and system. Prints a row of Markdown per measurement: the
 * medians of both, the median of the rounds' ratios (this checkout by the other), and the load of the machine.
 *
 * Rows that predict need `--model`, a run folder or weights file of a trained `small` (the weights decide how much there is
 * to do), and `--other-model`, the same weights with a config that the other checkout can read, if it cannot read that; those on real images look for `kumar/images` and `tnbc/images` in the folder that PFFNET_DATA
 * names. A row that lacks something is left out with a line that says so.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { readImage, syntheticDataset, writeImage, writeLabelMap } from '@pffnet/datasets';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', multiple: true, default: [] },
    rounds: { type: 'string', default: '5' },
    steps: { type: 'string', default: '5' },
    model: { type: 'string' },
    'other-model': { type: 'string' },
  },
});
const here = resolve(import.meta.dirname, '../..');
const [other] = positionals.map((path) => resolve(path));
const clock = join(import.meta.dirname, 'processor-clock.mjs');
const folder = mkdtempSync(join(tmpdir(), 'pffnet-beside-'));
const line = (text) => process.stdout.write(`${text}\n`);

/** What a row lacks on this machine; the row is left out. */
class Missing extends Error {}

/** The weights that a checkout predicts with. */
function model(checkout) {
  if (options.model === undefined) throw new Missing('--model <run>');
  return resolve(checkout === here ? options.model : (options['other-model'] ?? options.model));
}

/** The first image of a data set. */
function realImage(set) {
  const images = join(process.env.PFFNET_DATA ?? 'data', set, 'images');
  if (!existsSync(images)) throw new Missing(`${images}; PFFNET_DATA names the folder of the data`);
  return join(images, readdirSync(images).sort()[0]);
}

/** A label map of 512 x 512 in a folder of its own, as prediction and as truth. */
async function oneLabelMap() {
  const dataset = syntheticDataset({ count: 1, size: 512, seed: 0 });
  const { labels } = await dataset.load(dataset.names[0]);
  const labelMaps = join(folder, 'label-maps');
  mkdirSync(labelMaps, { recursive: true });
  await writeLabelMap(join(labelMaps, 'cells.png'), labels);
  return labelMaps;
}

/** A slide of 8,000 x 8,000 pixels that repeats a real image. */
async function slide() {
  const file = join(folder, 'slide.png');
  if (existsSync(file)) return file;
  const side = 8000;
  const { height, width, data } = await readImage(realImage('tnbc'));
  const repeated = new data.constructor(side * side * 3);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x += width) {
      const from = (y % height) * width * 3;
      repeated.set(data.subarray(from, from + 3 * Math.min(width, side - x)), (y * side + x) * 3);
    }
  }
  await writeImage(file, { height: side, width: side, data: repeated });
  return file;
}

const bench = async (preset, ...more) => ['bench', preset, '--steps', options.steps, '--json', ...more];
const predict = (image) => (checkout) => [
  'predict',
  '--model',
  model(checkout),
  '--out',
  join(folder, 'out'),
  '--json',
  '-',
  image,
];
const bf16 = ['--set', 'training.precision=bf16'];
const inBf16 = ['--set', 'test.precision=bf16'];

/** Seconds that the command itself reports, in processor time by processor-clock.mjs. */
const benchStep = ({ output }) => JSON.parse(output)[0].step;
const predictSeconds = ({ output }) => JSON.parse(output)[0].seconds;
const wholeProcess = ({ usage }) => usage.seconds;

/** `args`: of both commands, or of that of a checkout; `hereArgs`: of this checkout's besides; `read`: the number that is compared. */
const rows = {
  'step-smoke': { args: () => bench('smoke'), read: benchStep },
  'step-small': { args: () => bench('small'), read: benchStep },
  'step-small-bf16': { args: () => bench('small'), hereArgs: bf16, read: benchStep },
  'step-paper': { args: () => bench('paper'), read: benchStep },
  'step-paper-bf16': { args: () => bench('paper'), hereArgs: bf16, read: benchStep },
  'predict-kumar': { args: async () => predict(realImage('kumar')), read: predictSeconds },
  'predict-kumar-bf16': { args: async () => predict(realImage('kumar')), hereArgs: inBf16, read: predictSeconds },
  'predict-tnbc': { args: async () => predict(realImage('tnbc')), read: predictSeconds },
  'predict-tnbc-bf16': { args: async () => predict(realImage('tnbc')), hereArgs: inBf16, read: predictSeconds },
  'first-result': { args: async () => predict(realImage('tnbc')), read: wholeProcess },
  help: { args: async () => ['--help'], read: wholeProcess },
  'evaluate-pair': {
    args: async () => {
      const labelMaps = await oneLabelMap();
      return ['evaluate', '--pred', labelMaps, '--truth', labelMaps];
    },
    read: wholeProcess,
  },
  // Read, and some tiles predicted: by then memory has reached its highest point but for the outlines at the end.
  'memory-8000': {
    args: async () => predict(await slide()),
    read: ({ usage }) => usage.peakMiB,
    secondsAtMost: 30,
    unit: 'MiB',
  },
};

/** Seconds of processor time and MiB at the highest point of a running process, as Linux counts them. */
function usageOf(pid) {
  const [, fields] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const [user, system] = fields.split(' ').slice(11, 13).map(Number);
  const [, peak] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return { seconds: (user + system) / 100, peakMiB: Number(peak) / 1024 };
}

/** Looks at a process until it has used its time, and ends it then; undefined if it came to its own end. */
async function endAfter(seconds, child) {
  while (child.exitCode === null) {
    const usage = usageOf(child.pid);
    if (usage.seconds >= seconds) {
      child.kill('SIGKILL');
      return usage;
    }
    await sleep(100);
  }
  return undefined;
}

/** Runs the command of a checkout to its end, or until it has used `secondsAtMost`. */
async function run(checkout, args, secondsAtMost) {
  const report = join(folder, 'usage.json');
  rmSync(join(folder, 'out'), { recursive: true, force: true });
  rmSync(report, { force: true });
  const command = join(checkout, 'packages/cli/bin/pffnet.js');
  const child = spawn(process.execPath, ['--import', clock, command, ...args], {
    env: { ...process.env, PFFNET_NUM_THREADS: '1', OMP_NUM_THREADS: '1', PROCESSOR_CLOCK_REPORT: report },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { output: '', errors: '' };
  child.stdout.on('data', (text) => (said.output += text));
  child.stderr.on('data', (text) => (said.errors += text));
  const closed = new Promise((done) => child.on('close', done));
  const ended = secondsAtMost === undefined ? undefined : await endAfter(secondsAtMost, child);
  const code = await closed;
  if (ended !== undefined) return { ...said, usage: ended };
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${said.errors.trim()}`);
  return { ...said, usage: JSON.parse(readFileSync(report, 'utf8')) };
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

async function measure(name, { args, hereArgs = [], read, secondsAtMost, unit = 's' }) {
  const shared = await args();
  const argsOf = (checkout) => (typeof shared === 'function' ? shared(checkout) : shared);
  const [mine, theirs] = [[], []];
  for (let round = 0; round < Number(options.rounds); round++) {
    theirs.push(read(await run(other, argsOf(other), secondsAtMost)));
    mine.push(read(await run(here, [...argsOf(here), ...hereArgs], secondsAtMost)));
  }
  const ratio = median(mine.map((value, round) => value / theirs[round]));
  const shown = (values) => `${median(values).toFixed(unit === 's' ? 3 : 0)} ${unit}`;
  const load = loadavg()[0].toFixed(1);
  line(`| ${name} | ${shown(theirs)} | ${shown(mine)} | ${ratio.toFixed(2)} | ${load} |`);
}

if (other === undefined || !existsSync(join(other, 'packages/cli/bin/pffnet.js'))) {
  throw new Error('expected: beside-build.mjs <other checkout, built> [--only <row>...] [--rounds n] [--model <run>]');
}
const unknown = options.only.find((name) => !(name in rows));
if (unknown !== undefined) throw new Error(`there is no row ${unknown}; there are ${Object.keys(rows).join(', ')}`);
try {
  const date = new Date().toISOString().slice(0, 10);
  line(`${cpus().length} x ${cpus()[0].model.trim()}, ${date}, ${options.rounds} rounds, one thread, processor time`);
  line('');
  line('| row | other | this | this / other | load |');
  line('| --- | --- | --- | --- | --- |');
  for (const name of options.only.length > 0 ? options.only : Object.keys(rows)) {
    try {
      await measure(name, rows[name]);
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      line(`| ${name} | left out: there is no ${error.message} | | | |`);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
