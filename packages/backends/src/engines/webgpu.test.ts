import { describe, expect, test } from '@jest/globals';
import { add, tensor } from '@tensorflow/tfjs-core';
import { webgpuEngine } from './webgpu.ts';

// A machine without a GPU can run this on SwiftShader, which Debian's package "chromium" contains:
// LD_LIBRARY_PATH=/usr/lib/chromium VK_DRIVER_FILES=/usr/lib/chromium/vk_swiftshader_icd.json npm run jest -- webgpu
const withDriver = process.env['VK_DRIVER_FILES'] === undefined ? test.skip : test;

describe('webgpu', () => {
  withDriver('computes, and knows a software rasteriser (skipped unless VK_DRIVER_FILES names a driver)', async () => {
    const { description, drawback, dispose } = await webgpuEngine.open();
    expect(drawback !== undefined).toBe(/swiftshader|llvmpipe/i.test(description));
    expect(Array.from(await add(tensor([1, 2]), tensor([3, 4])).data())).toEqual([4, 6]);
    dispose?.();
  });

  test('says in one line why it cannot run', async () => {
    if (process.env['VK_DRIVER_FILES'] !== undefined) return;
    const reason = await webgpuEngine.open().then(
      ({ description }) => description,
      (error: Error) => error.message,
    );
    expect(reason).toMatch(/^[^\n]+$/);
  });
});
