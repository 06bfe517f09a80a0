/**
 * Ours beside torchvision's Mask R-CNN, on the same picture, size and counts. Needs `npm run build` and a Python with
 * PyTorch and torchvision (Debian: python3-torch python3-torchvision libopenblas0-pthread); PYTHON names it, `python3` otherwise.
 *
 *   node tools/bench/peers.mjs steps [--rounds 7] [--steps 3] [--set key=value...] [name...]
 *     One training step and one inference of each pair below, ours and theirs in turn, with one thread each; `--set` is
 *     for ours alone (`training.precision=bf16`). Seconds are processor time, user and system: by the clock, other work on
 *     the machine lengthens whichever side it meets, and threads of PyTorch that wait for each other spin. Prints medians
 *     and the median of the rounds' ratios.
 *   node tools/bench/peers.mjs scores <data> <split.csv> <column> <fold> <out> [--init <safetensors>] [--steps 1500]
 *     Trains torchvision's light network and `small` on the same images for as many steps, and scores the label maps of
 *     both, with objects of a score of 0.5 and more and of 0.7 and more, by `pffnet evaluate`. Of our images four are
 *     held out to choose the best weights; theirs are its last, learned from all.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadBackend } from '@pffnet/backends';
import { syntheticDataset, writeImage, writeLabelMap } from '@pffnet/datasets';
import { createNetwork, resolveConfig, vary } from '@pffnet/families';
import { predict } from '@pffnet/network';
import { objectIds, randomStream } from '@pffnet/structures';
import { Sgd, trainStep } from '@pffnet/training';

const SIDE = 256;
const DETECTIONS = 100;
const peer = fileURLToPath(new URL('torchvision_mask_rcnn.py', import.meta.url));
const command = fileURLToPath(new URL('../../packages/cli/bin/pffnet.js', import.meta.url));

// torchvision's counts at inference; the same of ours, so that both describe as many boxes.
const proposals = { perLevelBeforeNms: 1000, perLevelAfterNms: 1000, total: 1000 };
const sameCounts = (rois) => ({
  instanceHead: {
    proposals: { test: proposals },
    roiSampling: { count: rois, positiveFraction: 0.25 },
  },
  training: { patch: { size: SIDE } },
  test: { limit: DETECTIONS },
});

/** Theirs has no semantic branch: only the rows named Mask R-CNN are the same network on both sides. */
const pairs = [
  { name: 'mask-rcnn-r18-light', base: 'small', variant: 'mask-rcnn', network: 'r18-light', rois: 128 },
  { name: 'pffnet-small', base: 'small', variant: 'pffnet', network: 'r18-light', rois: 128 },
  { name: 'mask-rcnn-r101', base: 'paper', variant: 'mask-rcnn', network: 'r101', rois: 512 },
  { name: 'pffnet-paper', base: 'paper', variant: 'pffnet', network: 'r101', rois: 256 },
];

/** Read by OpenMP, which PyTorch and oneDNN use, by OpenBLAS and by our engine. */
const oneThread = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', PFFNET_NUM_THREADS: '1' };

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const seconds = (value) => value.toFixed(2);
const line = (text) => process.stdout.write(`${text}\n`);

function python(args, environment = {}) {
  const { status, stdout, error } = spawnSync(process.env.PYTHON ?? 'python3', [peer, ...args.map(String)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  });
  if (error !== undefined || status !== 0) {
    throw new Error(`${process.env.PYTHON ?? 'python3'} could not run ${peer}; it needs PyTorch and torchvision`);
  }
  return JSON.parse(stdout);
}

/** Seconds of processor time that this process has used. */
function processorSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Debian's PyTorch multiplies by whichever BLAS is installed; the reference one makes a step 2.4 times as slow. */
function refuseReferenceBlas({ blas }) {
  if (!blas.includes('/blas/libblas.so')) return;
  throw new Error(`PyTorch runs on the slow reference BLAS, ${blas}; apt-get install libopenblas0-pthread`);
}

/** Training steps and inferences of ours, in seconds of processor time, without the first of each. */
async function ours({ base, variant, rois }, sample, { steps, settings }) {
  const config = vary(resolveConfig({ base, source: 'peers', variant, settings }), sameCounts(rois));
  const network = createNetwork(config);
  const optimiser = new Sgd(network.trainable, config.training);
  const time = async (work) => {
    const start = processorSeconds();
    await work();
    return processorSeconds() - start;
  };
  const measured = { steps: [], inferences: [] };
  for (let step = 0; step <= steps; step++) {
    const streams = (purpose) => randomStream(0, `peers/${purpose}/${step}`);
    measured.steps.push(await time(() => trainStep(network, optimiser, { sample, streams, rate: 1e-5 })));
  }
  for (let step = 0; step <= steps; step++) measured.inferences.push(await time(() => predict(network, sample.image)));
  optimiser.dispose();
  network.scope.dispose();
  return { steps: measured.steps.slice(1), inferences: measured.inferences.slice(1) };
}

async function compareSteps({ names, rounds, steps, settings }) {
  const chosen = pairs.filter(({ name }) => names.length === 0 || names.includes(name));
  Object.assign(process.env, oneThread); // read when the engine is loaded
  const { description } = await loadBackend('auto');
  const dataset = syntheticDataset({ count: 1, size: SIDE, seed: 0 });
  const sample = await dataset.load(dataset.names[0]);
  const folder = mkdtempSync(join(tmpdir(), 'pffnet-peers-'));
  try {
    const [image, labels] = ['image.png', 'labels.png'].map((file) => join(folder, file));
    await writeImage(image, sample.image);
    await writeLabelMap(labels, sample.labels);
    const objects = objectIds(sample.labels).length;
    line(`${cpus().length} x ${cpus()[0].model}; ours on ${description}; ${SIDE} x ${SIDE}, ${objects} objects`);
    line('seconds of processor time, one thread each, in turn');
    for (const pair of chosen) {
      const results = [];
      for (let round = 0; round < rounds; round++) {
        const options = [
          '--network',
          pair.network,
          '--size',
          SIDE,
          '--rois',
          pair.rois,
          '--steps',
          steps,
          '--threads',
          1,
        ];
        const theirs = python(['step', ...options, '--image', image, '--labels', labels], oneThread);
        refuseReferenceBlas(theirs);
        results.push({ theirs, ours: await ours(pair, sample, { steps, settings }) });
      }
      for (const part of ['steps', 'inferences']) {
        const [mine, other] = ['ours', 'theirs'].map((side) => median(results.flatMap((round) => round[side][part])));
        const ratio = median(results.map((round) => median(round.ours[part]) / median(round.theirs[part])));
        line(
          `${pair.name.padEnd(22)}${part.padEnd(12)}ours ${seconds(mine)} s, torchvision ${pair.network} ${seconds(other)} s, ours / theirs ${ratio.toFixed(2)}, load ${loadavg()[0].toFixed(1)}`,
        );
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function pffnet(args) {
  const { status } = spawnSync(process.execPath, [command, ...args.map(String)], { stdio: ['ignore', 2, 'inherit'] });
  if (status !== 0) throw new Error(`pffnet ${args[0]} ended with ${status}`);
}

function compareScores({ data, split, column, fold, out, init, steps }) {
  const [theirs, mine] = ['torchvision', 'pffnet'].map((name) => join(out, name));
  const images = ['--data', data, '--split', split, '--column', column, '--fold', fold];
  const start = init === undefined ? [] : ['--init', init];
  const facts = python(['train', '--network', 'r18-light', ...images, '--steps', steps, ...start, '--out', theirs]);
  const settings = [`training.iterations=${steps}`, ...(init === undefined ? [] : [`backbone.init=${init}`])];
  pffnet([
    'train',
    '--config',
    'small',
    '--profile',
    'tnbc',
    ...images,
    ...settings.flatMap((text) => ['--set', text]),
    '--out',
    mine,
  ]);
  const log = readFileSync(join(mine, 'log.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text));
  const ourSeconds = median(log.filter(({ kind }) => kind === undefined).map((entry) => entry.seconds));
  const truth = join(out, 'truth');
  for (const name of facts.test) cpSync(join(data, 'labels', `${name}.png`), join(truth, `${name}.png`));
  const scored = [];
  for (const minScore of [0.5, 0.7]) {
    const predicted = join(mine, `predictions-${minScore}`);
    const inputs = facts.test.map((name) => join(data, 'images', `${name}.png`));
    pffnet(['predict', '--model', mine, '--set', `test.minScore=${minScore}`, '--out', predicted, ...inputs]);
    scored.push([join(theirs, `predictions-${minScore}`), facts.medianSecondsPerStep], [predicted, ourSeconds]);
  }
  for (const [predicted, secondsPerStep] of scored) {
    const json = `${predicted}.json`;
    pffnet(['evaluate', '--pred', predicted, '--truth', truth, '--json', json]);
    const { mean } = JSON.parse(readFileSync(json, 'utf8'));
    const scores = ['aji', 'dice', 'f1', 'pq'].map((name) => `${name} ${mean[name].toFixed(3)}`).join(', ');
    line(`${predicted}: ${scores}; ${seconds(secondsPerStep)} s per step`);
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '7' },
    steps: { type: 'string' },
    set: { type: 'string', multiple: true, default: [] },
    init: { type: 'string' },
  },
});
const [what, ...rest] = positionals;
if (what === 'steps') {
  const [rounds, steps] = [Number(values.rounds), Number(values.steps ?? 3)];
  await compareSteps({ names: rest, rounds, steps, settings: values.set });
} else if (what === 'scores' && rest.length === 5) {
  const [data, split, column, fold, out] = rest;
  compareScores({ data, split, column, fold, out, init: values.init, steps: Number(values.steps ?? 1500) });
} else {
  throw new Error('expected: peers.mjs steps [name...], or peers.mjs scores <data> <split.csv> <column> <fold> <out>');
}
