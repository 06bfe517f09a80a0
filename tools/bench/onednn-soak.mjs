/**
 * A thousand training steps of `smoke` on oneDNN, and what they leave behind:
 * `node tools/bench/onednn-soak.mjs [steps]` after `npm run build`. Prints tensors, the pool's and the process's memory
 * every tenth of the way; exit code 1 if tensors are left over, or if the process grew by more than 5 % in the second half.
 */
import { loadBackend } from '@pffnet/backends';
import { augment, syntheticDataset } from '@pffnet/datasets';
import { createNetwork, resolveConfig } from '@pffnet/families';
import { randomStream } from '@pffnet/structures';
import { Sgd, trainStep } from '@pffnet/training';
import { engine, memory } from '@tensorflow/tfjs-core';

const steps = Number(process.argv[2] ?? 1000);
await loadBackend('onednn');
const network = createNetwork(resolveConfig({ base: 'smoke', source: 'soak', settings: ['seed=0'] }));
const optimiser = new Sgd(network.trainable, network.config.training);
const { size } = network.config.training.patch;
const dataset = syntheticDataset({ seed: 0, count: 16, size });
const samples = await Promise.all(dataset.names.map((name) => dataset.load(name)));

const mebibytes = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
const readings = [];
const start = performance.now();
for (let step = 0; step < steps; step++) {
  const { config } = network;
  const streams = (purpose) => randomStream(config.seed, `soak/${purpose}/${step}`);
  const sample = augment(samples[step % samples.length], config.training.augmentation, streams('augment'));
  await trainStep(network, optimiser, { sample, streams, rate: 1e-3 });
  if ((step + 1) % Math.ceil(steps / 10) !== 0) continue;
  globalThis.gc?.();
  const { inUse, idle } = engine().backend.pool;
  readings.push({ tensors: memory().numTensors, inUse, rss: process.memoryUsage.rss() });
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(
    `step ${step + 1}, ${seconds} s: ${memory().numTensors} tensors, ${mebibytes(inUse)} in use, ${mebibytes(idle)} idle, process ${mebibytes(process.memoryUsage.rss())}`,
  );
}
const [first, last] = [readings[0], readings.at(-1)];
const middle = readings[Math.floor(readings.length / 2)];
const grown = last.rss / middle.rss - 1;
const leaks = last.tensors !== first.tensors || last.inUse !== first.inUse || grown > 0.05;
console.log(
  `${leaks ? 'LEAK' : 'no leak'}: ${last.tensors - first.tensors} tensors, process ${(100 * grown).toFixed(1)} % in the second half`,
);
process.exitCode = leaks ? 1 : 0;
