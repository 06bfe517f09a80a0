/**
 * Kills a run of a matrix at random moments, again and again, and compares what it ends with, byte by byte, with a run that
 * nobody disturbed.
 *
 *   npm run build
 *   node tools/faults/kill-loop.mjs [--kills 50] [--seed 0] [--backend onednn] [--steps 4] [--data <dir>] [--keep <dir>]
 *
 * The run is the preset `smoke`, some steps, a checkpoint every other one, on synthetic cells (with --data, on the TNBC
 * below <dir>). Every kill aims at a random moment of a random phase, stops the process, reads from the run folder
 * in which phase it was caught, and sends SIGKILL, SIGTERM or SIGINT. One in four goes to the `pffnet ablate` that began the
 * run instead of to the run's own process. The same command then goes on. After one to nine kills a run is left to finish, is
 * compared, and a new one begins, until so many kills have hit living processes. The seed draws phases, moments and signals;
 * where they fall in the work is the scheduler's choice too. --keep keeps the run folders. Linux.
 *
 * Exit code 0 if every run ended with the same files and bytes; 1 at the first difference, or if a process failed.
 */
import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { randomStream } from '@pffnet/structures';
import { runHolder } from '@pffnet/run-folder';

const { values: given } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    seed: { type: 'string', default: '0' },
    backend: { type: 'string', default: 'onednn' },
    steps: { type: 'string', default: '4' },
    data: { type: 'string' },
    keep: { type: 'string' },
  },
});
const kills = Number(given.kills);
const iterations = Number(given.steps);
const pffnet = fileURLToPath(new URL('../../packages/cli/bin/pffnet.js', import.meta.url));
const root = given.keep === undefined ? mkdtempSync(join(tmpdir(), 'pffnet-kills-')) : resolve(given.keep);
mkdirSync(root, { recursive: true });

const validateEvery = 2;
const matrix = join(root, 'matrix.json');
writeFileSync(
  matrix,
  JSON.stringify({
    preset: 'smoke',
    datasets: [given.data === undefined ? 'cells' : 'tnbc'],
    variants: ['pffnet'],
    ...(given.data === undefined ? {} : { folds: ['0'] }),
    settings: {
      training: { iterations, validateEvery, patch: { size: 64 } },
      instanceHead: { proposals: { test: { perLevelBeforeNms: 40, perLevelAfterNms: 20, total: 20 } } },
    },
  }),
);
const id = given.data === undefined ? 'cells/pffnet/seed-0' : 'tnbc/pffnet/fold-0/seed-0';
const phases = ['start', 'step', 'validation', 'checkpoint', 'test', 'report'];

const random = randomStream(Number(given.seed), 'kills');
const chosen = (list) => list[Math.floor(random.uniform() * list.length)];

/** The bits are those of a number of threads: one, by itself and as a share of all that `ablate` gives out. */
const jobs = String(availableParallelism());
const environment = { ...process.env, PFFNET_NUM_THREADS: '1' };

/** Begins the run, or goes on with it: as a process of its own, or by the command that begins such processes. */
function begin(out, { alone }) {
  const args = ['ablate', '--matrix', matrix, '--out', out, '--backend', given.backend, '--jobs', jobs];
  if (given.data !== undefined) args.push('--data', given.data);
  if (alone) args.push('--run', id);
  const child = spawn(process.execPath, [pffnet, ...args], { stdio: ['ignore', 'ignore', 'pipe'], env: environment });
  const process_ = { child, said: '', ended: undefined, ending: undefined };
  child.stderr.on('data', (text) => (process_.said += String(text)));
  process_.ended = new Promise((end) => {
    child.on('close', (code, signal) => {
      process_.ending = { code, signal };
      end();
    });
  });
  return process_;
}

const textOf = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '');

/** What a file that may vanish meanwhile says, or a substitute. */
function known(read, otherwise) {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

/** The step that `last` was saved at: safetensors begin with the length of a JSON header. */
function savedStep(folder) {
  const file = openSync(join(folder, 'checkpoints', 'last.safetensors'), 'r');
  try {
    const length = Buffer.alloc(8);
    readSync(file, length, 0, 8, 0);
    const header = Buffer.alloc(Number(length.readBigUInt64LE()));
    readSync(file, header, 0, header.length, 8);
    return JSON.parse(JSON.parse(header.toString()).__metadata__.progress).step;
  } finally {
    closeSync(file);
  }
}

/** In which phase the process that holds the run is, as its folder tells; before it holds the run, it starts. */
function phaseOf(folder, holder) {
  const names = known(() => readdirSync(folder), []);
  const events = names.find((name) => /^events/.test(name) && name.endsWith(`.pffnet.${holder}`));
  if (events === undefined) return 'start';
  const writing = known(() => readdirSync(join(folder, 'checkpoints')), []).some((name) => /\.\d+$/.test(name));
  if (writing) return 'checkpoint';
  const entry = known(() => JSON.parse(textOf(join(folder, 'log.jsonl')).trim().split('\n').at(-1)), { step: 0 });
  const unsaved = entry.step > known(() => savedStep(folder), 0);
  if (entry.kind === 'validation') {
    if (unsaved) return 'checkpoint';
    if (entry.step < iterations) return 'step';
    // The table of an earlier process is older than the training of this one.
    const since = known(() => statSync(join(folder, events)).mtimeMs, 0);
    return known(() => statSync(join(folder, 'metrics.csv')).mtimeMs, -1) >= since ? 'report' : 'test';
  }
  return unsaved && (entry.step % validateEvery === 0 || entry.step === iterations) ? 'validation' : 'step';
}

const holderOf = (folder) => known(() => JSON.parse(readFileSync(join(folder, 'run.lock'), 'utf8')).pid, undefined);

/** Every moment of a run, as phases and their milliseconds in order, until the process ends. */
async function watch(folder, process_) {
  const spans = [];
  for (let from = performance.now(); process_.ending === undefined; await wait(1)) {
    const phase = phaseOf(folder, process_.child.pid);
    const now = performance.now();
    if (spans.at(-1)?.phase !== phase) spans.push({ phase, milliseconds: 0 });
    spans.at(-1).milliseconds += now - from;
    from = now;
  }
  return spans;
}

/** Stops a process, so that its folder tells in which phase it is, for as long as that takes to read. */
async function hold(pid) {
  if (!known(() => process.kill(pid, 'SIGSTOP'), false)) return false;
  for (let look = 0; look < 1000; look++) {
    const state = known(() => /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))[1], 'X');
    if (state === 'T') return true;
    if (state === 'X' || state === 'Z') return false;
    await wait(1);
  }
  throw new Error(`process ${pid} does not stop`);
}

/** Kills a run in or soon after a phase; where that phase never came, or the process was quicker, nothing is hit. */
async function kill(folder, process_, { alone, target, delay, signal }) {
  const before = holderOf(folder);
  const runner = () => (alone ? process_.child.pid : holderOf(folder) === before ? undefined : holderOf(folder));
  while (process_.ending === undefined && phaseOf(folder, runner()) !== target) await wait(1);
  await Promise.race([process_.ended, wait(delay)]);
  if (process_.ending !== undefined) return undefined;
  const pid = runner();
  const held = pid !== undefined && (await hold(pid));
  const phase = phaseOf(folder, pid);
  const hit = (held || !alone) && !existsSync(join(folder, 'metrics.json'));
  if (hit) process.kill(process_.child.pid, signal);
  if (held) known(() => process.kill(pid, 'SIGCONT'), false);
  await process_.ended;
  // The run of an `ablate` that died saves and ends by itself.
  while ((await runHolder(folder)) !== null) await wait(20);
  return hit ? phase : undefined;
}

/** Names and hashes of all that must be the same; what tells time, place and process is left out. */
function resultOf(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((name) => !/^(events\.out\.tfevents\..*|run\.json|index\.html|output\.log)$/.test(name));
  return new Map(
    files.sort().map((name) => {
      const bytes = readFileSync(join(folder, name));
      const lasting = name === 'log.jsonl' ? bytes.toString().replaceAll(/"seconds":[^,]*,/g, '') : bytes;
      return [name, createHash('sha256').update(lasting).digest('hex')];
    }),
  );
}

function differences(expected, found) {
  const names = [...new Set([...expected.keys(), ...found.keys()])];
  return names.filter((name) => expected.get(name) !== found.get(name));
}

function fail(what) {
  console.error(`${what}; the folder is kept: ${root}`);
  process.exit(1);
}

function assertEnding({ ending: { code, signal }, said }, allowed) {
  if (signal === null && !allowed.includes(code)) fail(`a process ended with code ${code}:\n${said}`);
}

const started = performance.now();
const undisturbed = begin(join(root, 'undisturbed'), { alone: true });
const spans = await watch(join(root, 'undisturbed', id), undisturbed);
assertEnding(undisturbed, [0]);
const expected = resultOf(join(root, 'undisturbed', id));
/** How long a phase lasts, on average; it may come often. */
const lengths = new Map(
  phases.map((phase) => {
    const all = spans.filter((span) => span.phase === phase).map(({ milliseconds }) => milliseconds);
    return [phase, all.reduce((sum, milliseconds) => sum + milliseconds, 0) / Math.max(1, all.length)];
  }),
);
console.log(
  `undisturbed on ${given.backend}: ${phases.map((phase) => `${phase} ${Math.round(lengths.get(phase))} ms`).join(', ')}`,
);

const signals = ['SIGKILL', 'SIGKILL', 'SIGKILL', 'SIGTERM', 'SIGINT'];
const hits = new Map();
const count = (phase, what) => {
  const row = hits.get(phase) ?? new Map();
  hits.set(phase, row.set(what, (row.get(what) ?? 0) + 1));
};
let [total, runs] = [0, 0];
while (total < kills) {
  const out = join(root, `run-${runs}`);
  const folder = join(out, id);
  const before = total;
  for (let left = 1 + Math.floor(random.uniform() * 9); left > 0 && total < kills; left--) {
    const alone = random.uniform() < 0.75;
    const target = chosen(phases);
    const signal = chosen(signals);
    const process_ = begin(out, { alone });
    const delay = random.uniform() * lengths.get(target);
    const phase = await kill(folder, process_, { alone, target, delay, signal });
    assertEnding(process_, [0, 130]);
    if (phase === undefined) break;
    total++;
    count(phase, signal);
    count(phase, alone ? 'run' : 'ablate');
    console.log(`${total}: ${signal} to ${alone ? 'the run' : 'ablate'} in ${phase}`);
  }
  const last = begin(out, { alone: false });
  await last.ended;
  assertEnding(last, [0]);
  const different = differences(expected, resultOf(folder));
  if (different.length > 0) fail(`run ${runs}, killed ${total - before} times, differs in ${different.join(', ')}`);
  console.log(`run ${runs}, killed ${total - before} times, is the undisturbed one in ${expected.size} files`);
  runs++;
  if (given.keep === undefined) rmSync(out, { recursive: true });
}

const columns = ['SIGKILL', 'SIGTERM', 'SIGINT', 'run', 'ablate'];
const cells = (row) =>
  row
    .map((cell) => String(cell).padEnd(10))
    .join('  ')
    .trimEnd();
console.log(cells(['phase', ...columns]));
for (const phase of phases) console.log(cells([phase, ...columns.map((column) => hits.get(phase)?.get(column) ?? 0)]));
const minutes = ((performance.now() - started) / 60_000).toFixed(1);
console.log(`${total} kills, ${runs} runs: each ended with the bits of the undisturbed one; ${minutes} minutes`);
if (given.keep === undefined) rmSync(root, { recursive: true });
