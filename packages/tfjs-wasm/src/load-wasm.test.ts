import { expect, test } from '@jest/globals';
import { backend, conv2d, ones, removeBackend, setBackend, tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { loadWasm } from './load-wasm.ts';

test('an engine that tfjs started itself is completed: on one thread, its memory not being shared', async () => {
  const before = process.listeners('unhandledRejection');
  await setBackend('wasm');
  for (const listener of process.listeners('unhandledRejection')) {
    if (!before.includes(listener)) process.removeListener('unhandledRejection', listener);
  }
  const started = backend();
  const made = tensor([1, 2, 3, 4], [1, 2, 2, 1]) as Tensor4D;
  expect(await loadWasm()).toEqual({ threads: 1 });
  expect(backend()).toBe(started);
  expect(Array.from(conv2d(made, ones([2, 2, 1, 1]) as Tensor4D, 1, 'valid').dataSync())).toEqual([10]);
  removeBackend('wasm');
});
