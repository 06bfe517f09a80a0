import { expect, test } from '@jest/globals';
import { DeviceError } from '@pffnet/structures';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { add, backend, dispose, fill, memory, neg, setBackend, tensor } from '@tensorflow/tfjs-core';
import { describeOnAdapter } from '../test/on-adapter.ts';
import { loadWebgpu } from './load-webgpu.ts';

const device = (): { createBuffer(descriptor: object): object; destroy(): void } =>
  (backend() as WebGPUBackend).device as never;

/** The file's own hold on the backend lasts until its end. */
const reload = async (): Promise<void> => {
  (await loadWebgpu()).dispose();
};

const messageOf = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => 'it went on',
    (error: unknown) => (error instanceof DeviceError ? error.message : error),
  );

describeOnAdapter('a device that refuses something', () => {
  test('ends the work at the next read, in one line, and takes no command after that', async () => {
    await reload();
    const fine = neg(tensor([1]));
    device().createBuffer({ size: 16, usage: 0 });
    const message = await messageOf(fine.data());
    expect(message).toMatch(/^webgpu: the GPU refused a command: [^\n]+$/);
    expect(() => neg(tensor([1]))).toThrow(message as string);
  });

  test('gives way to a new one when the backend is loaded again', async () => {
    await reload();
    expect([...(await neg(tensor([1])).data())]).toEqual([-1]);
  });

  test('ends the work when the GPU is gone', async () => {
    await reload();
    const fine = neg(tensor([1]));
    device().destroy();
    expect(await messageOf(fine.data())).toMatch(/^webgpu: the GPU is gone: [^\n]+$/);
    await reload();
  });

  test('does not come to that for a tensor that is larger than any of its buffers', async () => {
    await setBackend('webgpu');
    const { maxBufferSize, maxStorageBufferBindingSize } = (backend() as WebGPUBackend).device.limits;
    const limit = Math.min(maxBufferSize, maxStorageBufferBindingSize);
    const before = memory().numTensors;
    expect(() => fill([limit / 4 + 1], 1)).toThrow(
      new DeviceError(
        `webgpu: expected tensors of at most ${limit.toLocaleString('en')} bytes on this GPU, got one of ` +
          `${(limit + 4).toLocaleString('en')}; take a smaller patch or tile, fewer RoIs, or another backend`,
      ),
    );
    expect(memory().numTensors).toBe(before);
    expect([...(await add(tensor([1]), 1).data())]).toEqual([2]);
  });

  test('no longer keeps a buffer of every size that there ever was', async () => {
    await setBackend('webgpu');
    const { bufferManager } = backend() as WebGPUBackend;
    const kept: number[] = [];
    for (let size = 1; size <= 40; size++) {
      const x = fill([100_000 + size], 1);
      const y = neg(x);
      expect((await y.data())[size]).toBe(-1);
      dispose([x, y]);
      kept.push(bufferManager.numBytesAllocated);
    }
    expect(Math.max(...kept)).toBeLessThan(10 * 400_000);
    const x = fill([100_001], 2);
    expect((await neg(x).data())[100_000]).toBe(-2);
  });
});
