import { expect, test } from '@jest/globals';
import { DeviceError } from '@pffnet/structures';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { add, backend, fill, memory, neg, setBackend, tensor } from '@tensorflow/tfjs-core';
import { describeOnAdapter } from '../test/on-adapter.ts';
import { loadWebgpu } from './load-webgpu.ts';

const device = (): { createBuffer(descriptor: object): object; destroy(): void } =>
  (backend() as WebGPUBackend).device as never;

const messageOf = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => 'it went on',
    (error: unknown) => (error instanceof DeviceError ? error.message : error),
  );

describeOnAdapter('a device that refuses something', () => {
  test('ends the work at the next read, in one line, and takes no command after that', async () => {
    await loadWebgpu();
    const fine = neg(tensor([1]));
    device().createBuffer({ size: 16, usage: 0 });
    const message = await messageOf(fine.data());
    expect(message).toMatch(/^webgpu: the GPU refused a command: [^\n]+$/);
    expect(() => neg(tensor([1]))).toThrow(message as string);
  });

  test('gives way to a new one when the backend is loaded again', async () => {
    await loadWebgpu();
    expect([...(await neg(tensor([1])).data())]).toEqual([-1]);
  });

  test('ends the work when the GPU is gone', async () => {
    await loadWebgpu();
    const fine = neg(tensor([1]));
    device().destroy();
    expect(await messageOf(fine.data())).toMatch(/^webgpu: the GPU is gone: [^\n]+$/);
    await loadWebgpu();
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
});
