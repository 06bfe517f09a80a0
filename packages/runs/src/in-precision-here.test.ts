import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { presets, vary } from '@pffnet/pffnet';
import { ConfigError } from '@pffnet/structures';
import { RunFolder } from '@pffnet/run-folder';
import '@tensorflow/tfjs-backend-cpu';
import { backend, setBackend } from '@tensorflow/tfjs-core';
import { inPrecisionHere } from './in-precision-here.ts';

const inPrecision = (precision: 'f32' | 'bf16') => vary(presets.smoke, { training: { precision } });
const facts = {
  commit: null,
  versions: {},
  engine: 'a test',
  command: 'a test',
  data: { folder: '', hash: '', train: [], validation: [], test: [] },
};

let folder: string;
let said: string[];
beforeEach(async () => {
  folder = join(mkdtempSync(join(tmpdir(), 'pffnet-precision-')), 'run');
  said = [];
  await setBackend('cpu');
});
afterEach(() => {
  delete (backend() as { precisions?: unknown }).precisions;
  rmSync(join(folder, '..'), { recursive: true, force: true });
});
const say = (line: string): unknown => said.push(line);
const withBf16 = (): unknown => Object.assign(backend(), { precisions: ['f32', 'bf16'] });

test('a new run trains in the precision that it asks for, where the engine has it', async () => {
  withBf16();
  for (const precision of ['f32', 'bf16'] as const) {
    const config = inPrecision(precision);
    expect(await inPrecisionHere(config, folder, 'an engine', say)).toBe(config);
  }
  expect(said).toEqual([]);
});

test('a new run takes float32 where the engine lacks bf16, and one line says so', async () => {
  expect(await inPrecisionHere(inPrecision('bf16'), folder, 'an engine', say)).toEqual(inPrecision('f32'));
  expect(said).toEqual(['bf16 needs onednn on a processor with avx512_bf16 or AMX; an engine trains in f32']);
});

test('a run is not gone on with in the other precision', async () => {
  withBf16();
  await RunFolder.create(folder, inPrecision('bf16'), facts);
  await expect(inPrecisionHere(inPrecision('f32'), folder, 'an engine', say)).rejects.toThrow(
    new ConfigError(
      `${folder}: was begun with --precision bf16, now it is f32; resume with --precision bf16, or choose another --out folder`,
    ),
  );
});

test('a run in bf16 is not gone on with in float32 where the engine lacks bf16', async () => {
  await RunFolder.create(folder, inPrecision('bf16'), facts);
  for (const asked of ['f32', 'bf16'] as const) {
    await expect(inPrecisionHere(inPrecision(asked), folder, 'an engine', say)).rejects.toThrow(
      new ConfigError(
        `${folder}: was begun with --precision bf16, which an engine cannot do on this machine; resume it where bf16 runs (onednn, a processor with avx512_bf16 or AMX), or choose another --out folder`,
      ),
    );
  }
});

test('a run that took float32 for want of bf16 goes on by the same command', async () => {
  await RunFolder.create(folder, inPrecision('f32'), facts);
  expect(await inPrecisionHere(inPrecision('bf16'), folder, 'an engine', say)).toEqual(inPrecision('f32'));
});
