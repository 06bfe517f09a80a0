/**
 * Where the time of a training step or a prediction goes, kernel by kernel: calls and milliseconds inside each kernel
 * function, what TensorFlow.js and our own code need around them, and the kernels' shares by kind of work.
 * `node tools/bench/profile-step.mjs [preset] [--backend onednn] [--set training.precision=bf16] [--steps 5] [--predict]
 * [--top 25]` after `npm run build`. Times are medians over the steps of sums per step; "processor" is that of all threads.
 * With `--import ./tools/bench/processor-clock.mjs` and PFFNET_NUM_THREADS=1 all of them are processor time.
 */
import { parseArgs } from 'node:util';
import { loadBackend } from '@pffnet/backends';
import { augment, syntheticDataset } from '@pffnet/datasets';
import { createNetwork, resolveConfig } from '@pffnet/families';
import { predict } from '@pffnet/network';
import { randomStream } from '@pffnet/structures';
import { Sgd, trainStep } from '@pffnet/training';
import { getBackend, getKernelsForBackend, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    backend: { type: 'string', default: 'auto' },
    steps: { type: 'string', default: '5' },
    set: { type: 'string', multiple: true, default: [] },
    top: { type: 'string', default: '25' },
    predict: { type: 'boolean', default: false },
  },
});
const [preset = 'small'] = positionals;

const { description, dispose } = await loadBackend(options.backend);
const backendName = getBackend();

/** Kernel name -> what it took in the step that runs now. */
let profile = new Map();
/** The time that kernels called by the running kernel took; it is theirs, not its. */
let inner = 0;

for (const config of getKernelsForBackend(backendName)) {
  const { kernelName, kernelFunc } = config;
  unregisterKernel(kernelName, backendName);
  registerKernel({
    ...config,
    kernelFunc: (call) => {
      const outside = inner;
      inner = 0;
      const start = performance.now();
      const result = kernelFunc(call);
      const whole = performance.now() - start;
      const entry = profile.get(kernelName) ?? { calls: 0, milliseconds: 0 };
      profile.set(kernelName, { calls: entry.calls + 1, milliseconds: entry.milliseconds + whole - inner });
      inner = outside + whole;
      return result;
    },
  });
}

const config = resolveConfig({ base: preset, source: 'profile', settings: ['seed=0', ...options.set] });
const { size } = config.training.patch;
const dataset = syntheticDataset({ count: 64, size, seed: 0 });
const network = createNetwork(config);
const optimiser = new Sgd(network.trainable, config.training);
const runs = [];

async function measured(run) {
  profile = new Map();
  const processor = process.cpuUsage();
  const start = performance.now();
  const times = await run();
  const milliseconds = performance.now() - start;
  const { user, system } = process.cpuUsage(processor);
  return { milliseconds, processor: (user + system) / 1000, profile, times };
}

for (let step = 0; step <= Number(options.steps); step++) {
  const sample = await dataset.load(dataset.names[step]);
  if (options.predict) {
    runs.push(await measured(() => predict(network, sample.image, { ...config.test, limit: 100 })));
    continue;
  }
  const streams = (purpose) => randomStream(config.seed, `profile/${purpose}/${step}`);
  const patch = augment(sample, config.training.augmentation, streams('augment'));
  const inputs = { sample: patch, streams, rate: 1e-5 };
  runs.push(await measured(async () => (await trainStep(network, optimiser, inputs)).times));
}
runs.shift(); // the first one prepares primitives and memory
optimiser.dispose();
network.scope.dispose();
dispose();

const kinds = [
  ['convolutions and products', /Conv|MatMul/],
  ['group norm', /GroupNorm/],
  ['SGD update', /^(SgdUpdate|SumOfSquares)$/],
  ['RoIAlign', /^RoiAlign/],
  ['element by element, sums, moves', /./],
];
const kindOf = (name) => kinds.find(([, belongs]) => belongs.test(name))[0];

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const of = (read) => median(runs.map(read));
const names = [...new Set(runs.flatMap((run) => [...run.profile.keys()]))];
const rows = names.map((name) => ({
  name,
  calls: of((run) => run.profile.get(name)?.calls ?? 0),
  milliseconds: of((run) => run.profile.get(name)?.milliseconds ?? 0),
}));
rows.sort((a, b) => b.milliseconds - a.milliseconds);
const inKernels = of((run) => [...run.profile.values()].reduce((sum, { milliseconds }) => sum + milliseconds, 0));
const whole = of((run) => run.milliseconds);
const calls = of((run) => [...run.profile.values()].reduce((sum, { calls }) => sum + calls, 0));

const line = (...cells) =>
  process.stdout.write(`${cells.map((cell, index) => (index === 0 ? cell.padEnd(34) : cell.padStart(10))).join('')}\n`);
process.stdout.write(`${preset}, ${options.predict ? 'prediction' : 'training step'} on ${description}\n\n`);
line('', 'ms', 'share', 'calls');
line('all', whole.toFixed(1), '100 %', '');
line('  processor, all threads', of((run) => run.processor).toFixed(1), '', '');
if (!options.predict) {
  for (const phase of ['forward', 'backward', 'update']) {
    line(`  ${phase}`, of((run) => run.times[phase] * 1000).toFixed(1), '', '');
  }
}
line('outside kernels', (whole - inKernels).toFixed(1), `${((100 * (whole - inKernels)) / whole).toFixed(0)} %`, '');
line('in kernels', inKernels.toFixed(1), `${((100 * inKernels) / whole).toFixed(0)} %`, `${calls}`);
for (const [kind] of kinds) {
  const ours = rows.filter(({ name }) => kindOf(name) === kind);
  const sum = ours.reduce((total, { milliseconds }) => total + milliseconds, 0);
  const count = ours.reduce((total, { calls }) => total + calls, 0);
  line(`  ${kind}`, sum.toFixed(1), `${((100 * sum) / whole).toFixed(1)} %`, `${count}`);
}
line('by kernel', '', '', '');
for (const { name, calls, milliseconds } of rows.slice(0, Number(options.top))) {
  line(`  ${name}`, milliseconds.toFixed(1), `${((100 * milliseconds) / whole).toFixed(1)} %`, `${calls}`);
}
