import { describe, expect, test } from '@jest/globals';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { add, backend, getKernel, setBackend, tensor } from '@tensorflow/tfjs-core';
import { describeOnAdapter } from '../test/on-adapter.ts';
import { findAdapter, NoAdapterError } from './find-adapter.ts';
import { loadWebgpu } from './load-webgpu.ts';
import type { Gpu } from './web-gpu.ts';

const current = (): WebGPUBackend => backend() as WebGPUBackend;

describeOnAdapter('loadWebgpu', () => {
  test('asks for every limit that the adapter has', async () => {
    const { dispose } = await loadWebgpu();
    const { gpu } = globalThis.navigator as unknown as { gpu: Gpu };
    const { limits } = (await gpu.requestAdapter())!;
    const given = current().device.limits as unknown as typeof limits;
    const names = Object.keys(Object.getPrototypeOf(limits) as object).filter((name) => limits[name] !== undefined);
    expect(names).toContain('maxStorageBuffersPerShaderStage');
    expect(names.filter((name) => given[name] !== limits[name])).toEqual([]);
    dispose();
  });

  test('computes on the adapter, small tensors too', async () => {
    await setBackend('webgpu');
    const total = add(tensor([1, 2]), tensor([3, 4]));
    expect(current().tensorMap.get(total.dataId).resource).toBeDefined();
    expect([...(await total.data())]).toEqual([4, 6]);
  });

  test('says that numbers can only be awaited', async () => {
    await setBackend('webgpu');
    expect(() => add(tensor([1]), 1).dataSync()).toThrow(
      'webgpu: what the GPU has computed can only be awaited: take data() instead of dataSync()',
    );
  });

  test('keeps tensors while anybody uses the backend', async () => {
    const one = await loadWebgpu();
    const before = current();
    const total = add(tensor([1]), 2);
    one.dispose();
    one.dispose();
    const two = await loadWebgpu();
    expect([...(await total.data())]).toEqual([3]);
    expect(current()).toBe(before);
    two.dispose();
  });

  test('keeps the backend that it has, and names the adapter', async () => {
    const first = await loadWebgpu();
    const before = current();
    const second = await loadWebgpu();
    expect(current()).toBe(before);
    expect(second.adapter).toBe(first.adapter);
    expect(second.software).toBe(/swiftshader|llvmpipe/i.test(second.adapter));
    expect(getKernel('SumOfSquares', 'webgpu')).toBeDefined();
    first.dispose();
    second.dispose();
  });
});

describe('findAdapter', () => {
  test('says in one line that there is none', async () => {
    const nowhere = { ...process.env, VK_DRIVER_FILES: '/nowhere.json', VK_ICD_FILENAMES: '/nowhere.json' };
    if (process.platform !== 'linux') return;
    await expect(findAdapter(nowhere)).rejects.toThrow(new NoAdapterError('no GPU adapter was found'));
  });
});
