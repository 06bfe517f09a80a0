import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { heapBytes, loadBackend, surveyBackends } from './index.ts';

test('the example in the README runs, and is this one', async () => {
  const { name, description } = await loadBackend('wasm'); // or 'auto'; tfjs uses it from here on
  const heap = heapBytes(); // { used, limit } in bytes; null on other engines
  const reports = await surveyBackends();
  const missing = reports.filter(({ available }) => !available).map((report) => `${report.name}: ${report.reason}`);

  expect(description).toMatch(/^wasm \(SIMD, \d+ threads?\)$/);
  expect(heap?.limit).toBe(3.5 * 1024 ** 3);
  expect(reports.map((report) => report.name)).toContain(name);
  expect(missing.every((line) => line.includes(': '))).toBe(true);

  const lines = (text: string): string[] => text.split('\n').map((line) => line.trim());
  const [, example] = /```ts\n([^]*?)```/.exec(await readFile(new URL('../README.md', import.meta.url), 'utf8'))!;
  const source = lines(await readFile(new URL(import.meta.url), 'utf8'));
  for (const line of lines(example).filter((text) => text !== '' && !text.startsWith('import'))) {
    expect(source).toContain(line);
  }
});
