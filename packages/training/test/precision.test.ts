import { expect, test } from '@jest/globals';
import { loadBackend } from '@pffnet/backends';
import { syntheticDataset } from '@pffnet/datasets';
import { createNetwork, resolveConfig } from '@pffnet/families';
import { createPffnet, vary } from '@pffnet/pffnet';
import { ConfigError, randomStream } from '@pffnet/structures';
import { precisionsHere } from '@pffnet/tensor-ops';
import {
  PatchSource,
  predictAndScore,
  restoreCheckpoint,
  saveCheckpoint,
  Sgd,
  type StepLosses,
  trainStep,
} from '../src/index.ts';
import { bitsOf } from './bits-of.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { tiny } from './tiny.ts';

// bf16 is oneDNN's; the rest is tested on the engine that is everywhere.
process.env['PFFNET_NUM_THREADS'] = '1'; // threads that wait for each other are slow on a busy machine
await loadBackend('onednn').catch(() => loadBackend('wasm'));
const hasBf16 = precisionsHere().includes('bf16');

const path = temporaryFolder();
const dataset = syntheticDataset({ count: 2, size: 64, seed: 5 });

const streamsOf = (step: number) => (purpose: string) => randomStream(0, `${purpose}/${step}`);

/** Trains some steps, from a checkpoint where `start` is not 0. */
async function steps(
  precision: 'f32' | 'bf16',
  start: number,
  end: number,
): Promise<{ bits: string; losses: StepLosses[] }> {
  const config = vary(tiny, { training: { precision } });
  const model = createPffnet(config);
  const optimiser = new Sgd(model.trainable, config.training);
  const patches = new PatchSource(dataset, dataset.names, config);
  try {
    if (start > 0) await restoreCheckpoint(path(`${precision}-${start}`), model, { optimiser, average: null });
    const losses: StepLosses[] = [];
    for (let step = start; step < end; step++) {
      const inputs = { sample: await patches.draw(step), streams: streamsOf(step), rate: 0.01 };
      losses.push((await trainStep(model, optimiser, inputs)).losses);
    }
    await saveCheckpoint(path(`${precision}-${end}`), model, { optimiser, average: null }, { step: end, best: null });
    return { bits: bitsOf(model), losses };
  } finally {
    optimiser.dispose();
    model.scope.dispose();
  }
}

(hasBf16 ? test : test.skip)(
  'bf16: 4 steps are 2 and, from the checkpoint, 2 more, bit for bit (needs avx512_bf16 or AMX)',
  async () => {
    const whole = await steps('bf16', 0, 4);
    const first = await steps('bf16', 0, 2);
    const second = await steps('bf16', 2, 4);
    expect(second.bits).toBe(whole.bits);
    expect([...first.losses, ...second.losses]).toEqual(whole.losses);
    const plain = await steps('f32', 0, 1);
    // Other numbers, but near: the first loss is that of the same weights.
    expect(first.losses[0]!.total).not.toBe(plain.losses[0]!.total);
    expect(Math.abs(first.losses[0]!.total / plain.losses[0]!.total - 1)).toBeLessThan(0.02);
  },
);

(hasBf16 ? test : test.skip).each(['dist', 'deep-coloring', 'discriminative', 'nuclick'])(
  'bf16: the first loss of %s is near that of float32, of which it differs, and it predicts (needs avx512_bf16 or AMX)',
  async (variant) => {
    const firstLoss = async (precision: string): Promise<number> => {
      const settings = [`training.precision=${precision}`, `test.precision=${precision}`, 'training.patch.size=64'];
      const network = createNetwork(resolveConfig({ base: 'smoke', source: 'the test', variant, settings }));
      const optimiser = new Sgd(network.trainable, network.config.training);
      const sample = await new PatchSource(dataset, dataset.names, network.config).draw(0);
      const { losses } = await trainStep(network, optimiser, { sample, streams: streamsOf(0), rate: 0.01 });
      for await (const { scores } of predictAndScore(network, dataset, dataset.names)) expect(scores).toBeDefined();
      optimiser.dispose();
      network.scope.dispose();
      return losses.total;
    };
    const [plain, rounded] = [await firstLoss('f32'), await firstLoss('bf16')];
    expect(rounded).not.toBe(plain);
    expect(Math.abs(rounded / plain - 1)).toBeLessThan(0.02);
  },
);

test('a checkpoint of one precision is not gone on with in the other', async () => {
  await steps('f32', 0, 1);
  const model = createPffnet(vary(tiny, { training: { precision: 'bf16' } }));
  const optimiser = new Sgd(model.trainable, model.config.training);
  await expect(restoreCheckpoint(path('f32-1'), model, { optimiser, average: null })).rejects.toThrow(
    new ConfigError(
      `${path('f32-1')}: training.precision was "f32", now "bf16"; resume with the config of the run, or choose another --out folder`,
    ),
  );
  optimiser.dispose();
  model.scope.dispose();
});

test('an engine without bf16 refuses the first step, and nothing is changed', async () => {
  await loadBackend('wasm');
  const model = createPffnet(vary(tiny, { training: { precision: 'bf16' } }));
  const optimiser = new Sgd(model.trainable, model.config.training);
  const before = bitsOf(model);
  const sample = await new PatchSource(dataset, dataset.names, model.config).draw(0);
  await expect(trainStep(model, optimiser, { sample, streams: streamsOf(0), rate: 0.01 })).rejects.toThrow(
    'precision bf16: the engine wasm cannot compute in it on this machine',
  );
  expect(bitsOf(model)).toBe(before);
  optimiser.dispose();
  model.scope.dispose();
});
