import { expect, test } from '@jest/globals';
import { all, setBackend, tensor, zeros } from '@tensorflow/tfjs-core';
import { loadBackend } from '../load-backend.ts';

for (const engine of ['cpu', 'wasm'] as const) await loadBackend(engine);

test.each(['cpu', 'wasm'])('all of nothing is true on %s, where it was false or old memory', async (engine) => {
  await setBackend(engine);
  expect([...all(zeros([2, 0], 'bool'), 1).dataSync()]).toEqual([1, 1]);
  expect(all(zeros([2, 0], 'bool'), 1, true).shape).toEqual([2, 1]);
  expect(all(zeros([0, 2], 'bool'), 1).shape).toEqual([0]);
  expect([...all(tensor([1, 0, 1, 1], [2, 2], 'bool'), 1).dataSync()]).toEqual([0, 1]);
});
