/**
 * What a training step costs on an engine that cannot be read synchronously: oneDNN as it is, and cut off from synchronous
 * reading, in turns. `node tools/bench/two-phases.mjs [preset] [--rounds 5]` after `npm run build`. Medians of processor
 * time, one thread.
 */
import { parseArgs } from 'node:util';
import { loadBackend } from '@pffnet/backends';
import { syntheticDataset } from '@pffnet/datasets';
import { createNetwork, resolveConfig } from '@pffnet/families';
import { randomStream } from '@pffnet/structures';
import { Sgd, trainStep } from '@pffnet/training';
import { engine } from '@tensorflow/tfjs-core';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '5' } },
});
const [preset = 'small'] = positionals;
Object.assign(process.env, { PFFNET_NUM_THREADS: '1', OMP_NUM_THREADS: '1' }); // read when the engine is loaded
await loadBackend('onednn');

const whole = engine().backendInstance;
const cutOff = new Proxy(whole, {
  get: (target, key) => {
    if (key === 'readSync') return () => fail();
    const value = Reflect.get(target, key, target);
    return typeof value === 'function' ? value.bind(target) : value;
  },
});
function fail() {
  throw new Error('readSync: cut off');
}

const config = resolveConfig({ base: preset, source: 'two-phases' });
const dataset = syntheticDataset({ count: 1, size: config.training.patch.size, seed: 0 });
const sample = await dataset.load(dataset.names[0]);
const network = createNetwork(config);
const optimiser = new Sgd(network.trainable, config.training);

/** Seconds of processor time of a step on an engine. */
async function secondsOn(backend) {
  engine().backendInstance = backend;
  const begun = process.cpuUsage();
  await trainStep(network, optimiser, { sample, streams: (purpose) => randomStream(0, purpose), rate: 1e-5 });
  const { user, system } = process.cpuUsage(begun);
  engine().backendInstance = whole;
  return (user + system) / 1e6;
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const times = { atOnce: [], inTwoPhases: [] };
for (let round = 0; round <= Number(options.rounds); round++) {
  times.atOnce.push(await secondsOn(whole));
  times.inTwoPhases.push(await secondsOn(cutOff));
}
const [atOnce, inTwoPhases] = [times.atOnce, times.inTwoPhases].map((all) => median(all.slice(1)));
process.stdout.write(
  `${preset}: ${atOnce.toFixed(3)} s read at once, ${inTwoPhases.toFixed(3)} s in two phases, ${(inTwoPhases / atOnce).toFixed(2)} of it\n`,
);
