import { expect, test } from '@jest/globals';
import { getBackend, getGradient } from '@tensorflow/tfjs-core';
import { openBackend } from './index.ts';

test('openBackend loads the engine and no gradients', async () => {
  expect(await openBackend('cpu')).toMatchObject({ name: 'cpu' });
  expect(getBackend()).toBe('cpu');
  expect(getGradient('Conv2D')).toBeUndefined();
});
