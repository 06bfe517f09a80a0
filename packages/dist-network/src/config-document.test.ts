import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { commonKeys, readingRule } from '@pffnet/network';
import { configSchema, testSchema } from './config.ts';
import { presets } from './presets/index.ts';

test('docs/config.md has a row for every key that DIST alone has, and what the presets say', () => {
  const document = readFileSync(new URL('../../../docs/config.md', import.meta.url), 'utf8');
  const [, section] = document.split('## Keys of DIST');
  const rows = [...section!.split('\n## ')[0]!.matchAll(/^\| `(\S+)` +\| (.*) \|$/gm)];
  const { unet, test, ...rest } = configSchema.shape;
  const keys = [
    ...Object.keys(rest).filter((key) => !(key in commonKeys)),
    ...Object.keys(unet.shape).map((key) => `unet.${key}`),
    ...Object.keys(test.shape)
      .filter((key) => !(key in readingRule))
      .map((key) => `test.${key}`),
  ];
  expect(test).toBe(testSchema);
  expect(rows.map(([, key]) => key)).toEqual(keys);
  for (const [, key, cells] of rows) {
    const values = Object.values(presets).map((preset) =>
      String(key!.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], preset)),
    );
    expect([
      key,
      cells!
        .split('|')
        .slice(1)
        .map((cell) => cell.trim()),
    ]).toEqual([key, values]);
  }
});
