import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { whenFree } from './when-free.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pffnet-free-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('whenFree', () => {
  test('waits while another process is at work on the run, and says what became of it', async () => {
    const lock = join(folder, 'run.lock');
    writeFileSync(lock, JSON.stringify({ host: hostname(), pid: process.ppid, token: 'theirs' }));
    let known: string | undefined;
    const waiting = whenFree(folder, 5).then((kind) => (known = kind));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(known).toBeUndefined();
    writeFileSync(join(folder, 'metrics.json'), JSON.stringify({ mean: { aji: 0.5 } }));
    rmSync(lock);
    expect(await waiting).toBe('finished');
  });

  test('does not wait for a run that nobody is at work on', async () => {
    expect(await whenFree(folder)).toBe('waiting');
    writeFileSync(join(folder, 'config.json'), '{}');
    expect(await whenFree(folder)).toBe('interrupted');
  });
});
