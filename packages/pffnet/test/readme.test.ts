import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { loadBackend } from '@pffnet/backends';
import { syntheticCells } from '@pffnet/datasets';
import '@pffnet/tensor-ops/testing';
import { createPffnet, decodeModel, encodeModel, predict, presets, vary } from '../src/index.ts';

test('the example of the README runs, and is what stands here', async () => {
  await loadBackend('wasm');
  const config = vary(presets.smoke, { instanceSemantics: { fusion: { kind: 'summation' } } }); // Table IX b
  const model = createPffnet(config); // weights drawn from the config's seed
  const file = await encodeModel(model, { trainedOn: 'nothing yet' }); // safetensors, the config inside
  model.scope.dispose();

  const loaded = decodeModel(file, 'best.safetensors');
  const { image } = syntheticCells({ size: 128, count: [8, 12], seed: 1 });
  const { labels, instances } = await predict(loaded, image);
  // labels: 128 x 128 ids, 0 is background; instances: box, area, class score, quality and confidence of each id.
  loaded.scope.dispose();

  expect(labels.data).toHaveLength(128 * 128);
  expect(Math.max(0, ...labels.data)).toBe(instances.length);
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```ts\n(.*?)```/s.exec(readme)![1].replace('@pffnet/pffnet', '../src/index.ts').split('\n');
  const here = readFileSync(new URL(import.meta.url), 'utf8').split('\n');
  expect(here.map((line) => line.trim())).toEqual(expect.arrayContaining(example.map((line) => line.trim())));
});
