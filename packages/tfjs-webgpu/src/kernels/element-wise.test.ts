import { expect, test } from '@jest/globals';
import { noise } from '@pffnet/tensor-ops/testing';
import { addN, log1p, setBackend, softmax, tensor } from '@tensorflow/tfjs-core';
import { describeOnAdapter, expectSameOnGpu } from '../../test/on-adapter.ts';

describeOnAdapter('numbers one by one on WebGPU', () => {
  // tfjs's kernel binds a buffer for each tensor and one for the result: 8 by default, 12 on SwiftShader.
  test.each([1, 2, 7, 8, 11, 12, 30])('addN of %i tensors is their sum, no longer old memory', async (count) => {
    await setBackend('webgpu');
    const terms = Array.from({ length: count }, (_, index) => tensor([2 ** (index % 20), 1, 0.5 - index]));
    const expected = [0, 1, 2].map((place) => terms.reduce((sum, term) => sum + term.dataSync()[place], 0));
    expect([...(await addN(terms).data())]).toEqual(expected);
  });

  test('log1p keeps numbers whose sum with 1 is 1', async () => {
    await setBackend('webgpu');
    const [small] = await log1p(tensor([1e-9])).data();
    expect(small).toBeCloseTo(1e-9, 15);
  });

  test('softmax agrees with the CPU engine for rows of any width', async () => {
    for (const shape of [[5, 2], [3, 1], [2, 3, 300]]) {
      await expectSameOnGpu([noise(shape, 'logits')], (x) => softmax(x), { atol: 1e-6, rtol: 1e-5 });
    }
  }); // prettier-ignore
});
