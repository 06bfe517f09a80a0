import { mkdirSync, readdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from '@jest/globals';
import { type ConfigPatch, createPffnet, decodeModel, vary } from '@pffnet/pffnet';
import { decodeSafetensors, encodeSafetensors } from '@pffnet/structures/safetensors';
import { ConfigError, DataError } from '@pffnet/structures';
import '@pffnet/tensor-ops/testing';
import { memory, onesLike, type Tensor } from '@tensorflow/tfjs-core';
import { bitsOf } from '../test/bits-of.ts';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { tiny } from '../test/tiny.ts';
import { firstDifference, type Progress, restoreCheckpoint, saveCheckpoint, saveWeights } from './checkpoint.ts';
import { Sgd } from './sgd.ts';

const path = temporaryFolder();
const progress: Progress = { step: 12, best: { aji: 0.5, step: 10 } };

/** A network that has made one step. */
function learner(patch: ConfigPatch = {}) {
  const model = createPffnet(vary(tiny, patch));
  const optimiser = new Sgd(model.trainable, model.config.training);
  const gradients = new Map<string, Tensor>([...model.trainable].map(([name, weight]) => [name, onesLike(weight)]));
  optimiser.step(gradients, 0.01);
  gradients.forEach((gradient) => gradient.dispose());
  return { model, optimiser };
}

const made: ReturnType<typeof learner>[] = [];
function kept(patch?: ConfigPatch): ReturnType<typeof learner> {
  const one = learner(patch);
  made.push(one);
  return one;
}
afterAll(() => {
  for (const { model, optimiser } of made) {
    optimiser.dispose();
    model.scope.dispose();
  }
});

describe('saveCheckpoint and restoreCheckpoint', () => {
  const { model, optimiser } = kept();

  test('bring back every weight, every velocity and how far training was, bit for bit', async () => {
    await saveCheckpoint(path('whole'), model, { optimiser, average: null }, progress);
    const fresh = kept();
    const other = fresh.model.scope.variables().get('backbone/stem/conv/kernel');
    other?.assign(onesLike(other));
    const before = memory().numTensors;
    expect(await restoreCheckpoint(path('whole'), fresh.model, { optimiser: fresh.optimiser, average: null })).toEqual(
      progress,
    );
    expect(memory().numTensors).toBe(before);
    expect(bitsOf(fresh.model)).toBe(bitsOf(model));
    const [ours, theirs] = [await optimiser.state(), await fresh.optimiser.state()];
    expect([...theirs.keys()]).toEqual([...ours.keys()]);
    for (const [name, { data }] of ours) expect(Buffer.compare(bytes(data), bytes(theirs.get(name)!.data))).toBe(0);
  });

  test('a checkpoint predicts like the weights alone', async () => {
    await saveCheckpoint(path('momentum'), model, { optimiser, average: null }, progress);
    await saveWeights(path('weights'), model, { step: '12' });
    for (const name of ['momentum', 'weights']) {
      const decoded = decodeModel(readFileSync(path(name)), name);
      expect(bitsOf(decoded)).toBe(bitsOf(model));
      decoded.scope.dispose();
    }
    expect(decodeSafetensors(readFileSync(path('weights'))).metadata).toMatchObject({ format: 'pffnet-1', step: '12' });
  });

  test.each<[ConfigPatch, string]>([
    [{ loss: { alpha1: 0.5 } }, 'loss.alpha1 was 0.1, now 0.5'],
    [{ instanceHead: { quality: { kind: 'none' } } }, 'instanceHead.quality.kind was "mask-quality", now "none"'],
    [
      { instanceHead: { anchors: { sizes: [4, 8, 16, 32, 64] } } },
      'anchors.sizes was [8,16,32,64,128], now [4,8,16,32,64]',
    ],
    [{ seed: 1 }, 'seed was 0, now 1'],
  ])('a checkpoint is refused by a network of another config: %j', async (patch, difference) => {
    await saveCheckpoint(path('other'), model, { optimiser, average: null }, progress);
    const other = kept(patch);
    const before = bitsOf(other.model);
    const refused = restoreCheckpoint(path('other'), other.model, { optimiser: other.optimiser, average: null });
    await expect(refused).rejects.toThrow(ConfigError);
    await expect(refused).rejects.toThrow(
      `${difference}; resume with the config of the run, or choose another --out folder`,
    );
    expect(bitsOf(other.model)).toBe(before);
  });

  test('a checkpoint from before a key existed goes on with the default of that key', async () => {
    await saveCheckpoint(path('older'), model, { optimiser, average: null }, progress);
    const { tensors, metadata } = decodeSafetensors(readFileSync(path('older')));
    const config = metadata['config'].replace('"compose":"sequential"', '').replace(/,\s*}/g, '}');
    expect(config).not.toContain('compose');
    writeFileSync(path('older'), encodeSafetensors({ tensors, metadata: { ...metadata, config } }));
    expect(await restoreCheckpoint(path('older'), model, { optimiser, average: null })).toEqual(progress);
  });

  test.each([0, 5, 3000, 100_000])('a checkpoint cut short after %d bytes is refused with one line', async (length) => {
    await saveCheckpoint(path('cut'), model, { optimiser, average: null }, progress);
    truncateSync(path('cut'), length);
    const before = bitsOf(model);
    const refused = restoreCheckpoint(path('cut'), model, { optimiser, average: null });
    await expect(refused).rejects.toThrow(DataError);
    await expect(refused).rejects.toThrow(/^.*cut: not a safetensors file \(.+\); save it again$/);
    expect(bitsOf(model)).toBe(before);
  });

  test('weights without momentum are no checkpoint', async () => {
    await saveWeights(path('best'), model, {});
    await expect(restoreCheckpoint(path('best'), model, { optimiser, average: null })).rejects.toThrow(
      new DataError(
        `${path('best')}: is not a checkpoint; expected last.safetensors of a run, which also holds momentum`,
      ),
    );
  });

  test('a save that fails leaves the last checkpoint whole', async () => {
    mkdirSync(path('folder'));
    await saveCheckpoint(path('folder', 'last'), model, { optimiser, average: null }, progress);
    const saved = readFileSync(path('folder', 'last'));
    // The folder is away for a while, as a disk is that was unplugged, and a file has its name.
    renameSync(path('folder'), path('away'));
    writeFileSync(path('folder'), '');
    const failed = saveCheckpoint(
      path('folder', 'last'),
      model,
      { optimiser, average: null },
      { step: 13, best: null },
    );
    await expect(failed).rejects.toThrow(/^cannot write .*last: there is no folder .*folder; create it first$/);
    expect(readFileSync(path('away', 'last')).equals(saved)).toBe(true);
    expect(readdirSync(path('away'))).toEqual(['last']);
  });
});

describe('firstDifference', () => {
  test.each([
    [{ a: 1, b: { c: [1, 2] } }, { b: { c: [1, 2] }, a: 1 }, null],
    [{ a: { b: 1 } }, { a: { b: 2 } }, 'a.b was 1, now 2'],
    [{ a: { b: 1 } }, { a: {} }, 'a.b was 1, now absent'],
    [{ a: {} }, { a: { b: null } }, 'a.b was absent, now null'],
    [{ a: [1, 2] }, { a: [2, 1] }, 'a was [1,2], now [2,1]'],
    [{ input: { scaling: { kind: 'range' } } }, { input: { scaling: { kind: 'auto' } } }, null],
    [null, { a: 1 }, 'the config was null, now {"a":1}'],
  ])('%j and %j: %s', (saved, asked, sentence) => {
    expect(firstDifference(saved, asked)).toBe(sentence);
  });
});

function bytes({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
