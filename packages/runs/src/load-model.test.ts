import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { createNetwork } from '@pffnet/families';
import { encodeModel } from '@pffnet/network';
import { presets } from '@pffnet/pffnet';
import '@tensorflow/tfjs-backend-cpu';
import { backend, setBackend } from '@tensorflow/tfjs-core';
import { loadModel } from './load-model.ts';

const folder = mkdtempSync(join(tmpdir(), 'pffnet-load-model-'));
const weights = join(folder, 'weights.safetensors');
const said: string[] = [];
const say = (line: string): unknown => said.push(line);

beforeAll(async () => {
  await setBackend('cpu');
  const network = createNetwork(presets.smoke);
  writeFileSync(weights, await encodeModel(network));
  network.scope.dispose();
});
afterEach(() => {
  delete (backend() as { precisions?: unknown }).precisions;
  said.length = 0;
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The precision in which the loaded network predicts. */
async function precisionOf(changes: Parameters<typeof loadModel>[1]): Promise<string> {
  const { network } = await loadModel(weights, changes, say);
  network.scope.dispose();
  return network.config.test.precision;
}

test('a network predicts in float32 unless bf16 is asked for', async () => {
  Object.assign(backend(), { precisions: ['f32', 'bf16'] });
  expect(await precisionOf({})).toBe('f32');
  expect(await precisionOf({ precision: 'bf16' })).toBe('bf16');
  expect(await precisionOf({ set: ['test.precision=bf16'] })).toBe('bf16');
  expect(said).toEqual([]);
});

test('asked for bf16, a network predicts in float32 where the engine lacks it, and one line says so', async () => {
  expect(await precisionOf({ precision: 'bf16' })).toBe('f32');
  expect(said).toEqual(['bf16 needs onednn on a processor with avx512_bf16 or AMX; cpu predicts in f32']);
});
