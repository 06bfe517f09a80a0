import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { platform } from 'node:process';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { FAILURE, runStatus } from './run-status.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pffnet-status-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const finish = (): void => {
  writeFileSync(join(folder, 'metrics.json'), JSON.stringify({ mean: { aji: 0.5 } }));
};
const lockOf = (pid: number): string => JSON.stringify({ host: hostname(), pid, token: 'theirs' });

describe('runStatus', () => {
  test('tells a run that waits, is interrupted, failed, at work and finished', async () => {
    const kinds = [(await runStatus(folder)).kind];
    writeFileSync(join(folder, 'config.json'), '{}');
    kinds.push((await runStatus(folder)).kind);
    writeFileSync(join(folder, FAILURE), 'no\n');
    kinds.push((await runStatus(folder)).kind);
    writeFileSync(join(folder, 'run.lock'), lockOf(process.ppid));
    kinds.push((await runStatus(folder)).kind);
    finish();
    kinds.push((await runStatus(folder)).kind);
    expect(kinds).toEqual(['waiting', 'interrupted', 'failed', 'running', 'finished']);
  });

  // A lock that is a pipe is read when somebody writes into it: the process ends while it is being looked at.
  (platform === 'win32' ? test.skip : test)(
    'does not call a run waiting that finishes between two looks (skipped on Windows: no named pipes in folders)',
    async () => {
      execFileSync('mkfifo', [join(folder, 'run.lock')]);
      const status = runStatus(folder);
      await new Promise((resolve) => setTimeout(resolve, 50));
      finish();
      await writeFile(join(folder, 'run.lock'), lockOf(2 ** 30));
      expect(await status).toEqual({ kind: 'finished', aji: 0.5 });
    },
  );
});
