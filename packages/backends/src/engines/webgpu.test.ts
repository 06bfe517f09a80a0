import { describe, expect, test } from '@jest/globals';
import { groupNormalize, type NormActivation, pasteMasks } from '@pffnet/tensor-ops';
import { expectSameOn, noise, type ShapedNumbers } from '@pffnet/tensor-ops/testing';
import { add, getKernel, grad, grads, tensor, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { boxes, defineRoiAlignTests } from '../../test/kernels/define-roi-align-tests.ts';
import { loadBackend } from '../load-backend.ts';
import { webgpuEngine } from './webgpu.ts';

await loadBackend('cpu');
/** The engine, or why it cannot be tested here. */
const loaded = await loadBackend('webgpu').catch((error: unknown) => (error as Error).message);
const [onWebgpu, because] = typeof loaded === 'string' ? [describe.skip, ` (skipped: ${loaded})`] : [describe, ''];

const fromNumbers = ({ values, shape }: ShapedNumbers): Tensor => tensor(values, [...shape]);

describe('webgpu', () => {
  test('runs, or says in one line why it cannot', async () => {
    const reason = await webgpuEngine.open().then(
      ({ description, dispose }) => {
        dispose?.();
        return description;
      },
      (error: Error) => error.message,
    );
    expect(reason).toMatch(/^[^\n]+$/);
  });
}); // prettier-ignore

onWebgpu(`webgpu on an adapter${because}`, () => {
  test('computes, and auto passes over a software rasteriser', async () => {
    const { description, dispose } = await webgpuEngine.open();
    expect((await webgpuEngine.drawback?.()) !== undefined).toBe(/swiftshader|llvmpipe/i.test(description));
    expect([...(await add(tensor([1, 2]), tensor([3, 4])).data())]).toEqual([4, 6]);
    dispose?.();
  });
});

onWebgpu(`tensor-ops on WebGPU's own kernels${because}`, () => {
  test('finds those kernels', () => {
    for (const name of ['FusedGroupNormalize', 'GroupNormalizeGrad', 'RoiAlign', 'RoiAlignGrad', 'SgdUpdate']) {
      expect(getKernel(name, 'webgpu')).toBeDefined();
    }
  });

  test.each<[NormActivation, number[], number]>([
    ['linear', [1, 40, 44, 64], 32],
    ['relu', [5, 14, 14, 24], 8],
    ['relu', [12, 48], 6],
    ['linear', [0, 3, 3, 8], 4],
  ])('group normalisation, %s, agrees with the composed form on the CPU engine, %j', async (activation, x, groups) => {
    const channels = x[x.length - 1];
    const inputs = [noise(x, 'x'), noise([channels], 'scale'), noise([channels], 'shift')];
    const run = (...[input, scale, shift]: Tensor[]): Tensor =>
      groupNormalize(input as Tensor4D, scale, shift, groups, activation);
    const both = (...values: Tensor[]): Tensor[] => [
      run(...values),
      ...grads(run)(values, fromNumbers(noise(x, 'upstream'))),
    ];
    await expectSameOn('webgpu', inputs, both, { atol: 1e-3, rtol: 1e-4 });
  });

  defineRoiAlignTests('webgpu');

  test.each([1, 3])('masks of %i channels are pasted as on the CPU engine, the gradient too', async (channels) => {
    const paste = (masks: Tensor): Tensor =>
      pasteMasks(masks as Tensor4D, boxes.subarray(0, 8), { height: 9, width: 11 }, 'continuous');
    const upstream = (): Tensor => fromNumbers(noise([2, 9, 11, channels], 'upstream'));
    const both = (masks: Tensor): Tensor[] => [paste(masks), grad(paste)(masks, upstream())];
    await expectSameOn('webgpu', [noise([2, 5, 5, channels], 'masks')], both, { atol: 1e-5, rtol: 1e-5 });
  });
});
