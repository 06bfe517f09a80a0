import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { loadBackend } from '@pffnet/backends';
import { syntheticDataset } from '@pffnet/datasets';
import { createPffnet, presets, vary } from '@pffnet/pffnet';
import { RunFolder, train } from '../src/index.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folder = temporaryFolder()('run');

test('the example of the README runs, and is what stands here', async () => {
  const engine = await loadBackend('wasm');
  const dataset = syntheticDataset({ count: 5, size: 128, seed: 1 }); // or await openDataset('my-images')
  const [held, ...names] = dataset.names;
  const config = vary(presets.smoke, { training: { iterations: 2 } });
  const data = { folder: 'synthetic', hash: '', train: names, validation: [held], test: [] };
  const facts = { commit: null, versions: {}, engine: engine.description, command: 'the README', data };
  const run = await RunFolder.create(folder, config, facts);
  const model = createPffnet(config);
  const outcome = await train({ model, dataset, train: names, validation: [held], run, resume: false });
  // outcome: { step: 2, best: { aji, step: 2 }, interrupted: false }; weights in run.bestWeights.
  model.scope.dispose();

  expect(outcome).toMatchObject({ step: 2, best: { step: 2 }, interrupted: false });
  expect(existsSync(run.bestWeights)).toBe(true);
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```ts\n(.*?)```/s.exec(readme)![1].replace('@pffnet/training', '../src/index.ts').split('\n');
  const here = readFileSync(new URL(import.meta.url), 'utf8').split('\n');
  expect(here.map((line) => line.trim())).toEqual(expect.arrayContaining(example.map((line) => line.trim())));
});
