import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from '@jest/globals';
import { scoreNames } from '@pffnet/metrics';
import { pffnet } from './run-pffnet.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { tinySettings } from './tiny.ts';
import { writeCells } from './write-data.ts';

const path = temporaryFolder();
const home = process.cwd();

afterAll(() => {
  process.chdir(home);
});

test('the commands of the README run as they stand, on a smaller network', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const commands = /```sh\n([^`]*)```/.exec(readme)?.[1]?.trim().split('\n') ?? [];
  expect(commands).toHaveLength(3);
  await writeCells(path('cells'), { count: 5 });
  process.chdir(path());
  for (const command of commands) {
    const [, ...args] = command.replace('--config small', '--config smoke').split(' ');
    const { code } = await pffnet(...args, ...(args[0] === 'train' ? tinySettings : []));
    expect([command, code]).toEqual([command, 0]);
  }
  const objects = JSON.parse(readFileSync('objects.json', 'utf8')) as { image: string }[];
  expect(objects.map(({ image }) => image)).toContain('cells/images/synthetic_004.png');
  expect(readFileSync('scores.csv', 'utf8').split('\n')[0]).toBe(`name,${scoreNames.join(',')}`);
});
