import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { choose, planRuns, readMatrix } from '../src/index.ts';

test('the example of the README runs', async () => {
  // <example>
  const matrix = choose(await readMatrix('table-ix'), { preset: 'small', datasets: ['tnbc'], folds: ['0'] });
  const runs = planRuns(matrix); // four networks, one fold: configs that differ in the fusion alone
  const fusions = runs.map(({ id, config }) => [id, config.instanceSemantics]);
  // An executor performs runs (localExecutor: processes of this machine); writeReport builds tables from their folders.
  // </example>

  expect(fusions.map(([id]) => id)).toEqual(
    ['replacement', 'summation', 'attention', 'pffnet'].map((name) => `tnbc/${name}/fold-0/seed-0`),
  );
  const [first, ...others] = runs.map(({ config }) => ({ ...config, instanceSemantics: null }));
  for (const other of others) expect(other).toEqual(first);
});

test('the README shows the example that runs', () => {
  const own = readFileSync(new URL('readme.test.ts', import.meta.url), 'utf8');
  const [example] = own.split('  // <example>\n')[1].split('  // </example>');
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(example.replaceAll(/^ {2}/gm, ''));
});
