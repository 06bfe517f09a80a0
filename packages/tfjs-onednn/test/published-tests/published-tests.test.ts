import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { describeNative } from '../both-backends.ts';

describeNative('the tests that tfjs-core publishes', () => {
  test('all pass on this backend', async () => {
    const script = fileURLToPath(new URL('run.mjs', import.meta.url));
    const run = promisify(execFile)(process.execPath, [script, 'onednn'], { maxBuffer: 2 ** 26 });
    const { stdout } = await run.catch((failed: { stdout: string; stderr: string }) => failed);
    // What passes on tfjs's CPU backend, of tfjs 4.22; a broken run has fewer.
    const [, passed, failed] = /onednn: (\d+) passed, (\d+) failed/.exec(stdout) ?? [undefined, '0', stdout];
    expect(stdout.split('\n').filter((line) => line.startsWith('FAILED'))).toEqual([]);
    expect(failed).toBe('0');
    expect(Number(passed)).toBeGreaterThan(4200);
  });
});
