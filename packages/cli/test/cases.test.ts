import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from '@jest/globals';
import { compilePffnet } from './spawn-pffnet.ts';
import { temporaryFolder } from './temporary-folder.ts';

const tool = fileURLToPath(new URL('../../../tools/cases.mjs', import.meta.url));
const cases = (...args: string[]): { status: number | null; stdout: string } =>
  spawnSync(process.execPath, [tool, ...args], { encoding: 'utf8' });
const path = temporaryFolder();

beforeAll(compilePffnet, 300_000);

test('every case that needs no trained network is right', () => {
  const { status, stdout } = cases('--quick');
  expect(stdout).not.toMatch(/^wrong/m);
  expect(status).toBe(0);
}, 300_000);

test('a case of which nobody says what is right is wrong, in one line', () => {
  mkdirSync(path('unknown', 'some-case'), { recursive: true });
  writeFileSync(path('unknown', 'some-case', 'README.md'), '# A case\n');
  const { status, stdout } = cases(path('unknown'));
  expect(status).toBe(1);
  expect(stdout).toContain('has no case.json, so that nobody says what is right');
});
