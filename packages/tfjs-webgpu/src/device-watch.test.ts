import { describe, expect, test } from '@jest/globals';
import { DeviceError } from '@pffnet/structures';
import { DeviceWatch } from './device-watch.ts';
import type { GpuDevice, GpuError, GpuErrorFilter } from './web-gpu.ts';

/** A device that is told what it refuses. */
function fakeDevice() {
  const open: { filter: GpuErrorFilter; error: GpuError | null }[] = [];
  let lose: (info: { reason: string; message: string }) => void = () => undefined;
  let report: (event: { error: GpuError }) => void = () => undefined;
  const device: GpuDevice = {
    limits: {},
    lost: new Promise((resolve) => (lose = resolve)),
    pushErrorScope: (filter) => void open.push({ filter, error: null }),
    popErrorScope: () => Promise.resolve(open.pop()!.error),
    addEventListener: (_, listen) => (report = listen),
    destroy: () => undefined,
  };
  const refuse = (filter: GpuErrorFilter, message: string): void =>
    void (open.findLast((scope) => scope.filter === filter)!.error ??= { message });
  return { device, refuse, lose: (message: string) => lose({ reason: 'unknown', message }), report: (message: string) => report({ error: { message } }) };
} // prettier-ignore

describe('DeviceWatch', () => {
  test('is silent while nothing is wrong', async () => {
    const { device } = fakeDevice();
    const watch = new DeviceWatch(device);
    await watch.settle();
    await Promise.all([watch.settle(), watch.settle()]);
    expect(watch.failure).toBeUndefined();
  });

  test.each<[GpuErrorFilter, string]>([
    ['validation', 'webgpu: the GPU refused a command: first line'],
    ['internal', "webgpu: the GPU's driver could not build a kernel: first line"],
    [
      'out-of-memory',
      'webgpu: the GPU has no memory left (a smaller patch, preset or tile and fewer RoIs need less): first line',
    ],
  ])('says what was refused in one line: %s', async (filter, message) => {
    const { device, refuse } = fakeDevice();
    const watch = new DeviceWatch(device);
    refuse(filter, 'first line\nsecond line');
    await expect(watch.settle()).rejects.toThrow(new DeviceError(message));
    expect(() => {
      watch.check();
    }).toThrow(message);
    await expect(watch.settle()).rejects.toThrow(message);
  });

  test('names memory before what was refused because there was none', async () => {
    const { device, refuse } = fakeDevice();
    const watch = new DeviceWatch(device);
    refuse('validation', 'invalid buffer');
    refuse('out-of-memory', 'none left');
    await expect(watch.settle()).rejects.toThrow('no memory left');
  });

  test('knows a device that is gone, and an error that no scope caught', async () => {
    const [lost, stray] = [fakeDevice(), fakeDevice()];
    const watches = [new DeviceWatch(lost.device), new DeviceWatch(stray.device)];
    lost.lose('unplugged');
    stray.report('strange');
    await Promise.resolve();
    expect(watches.map(({ failure }) => failure?.message)).toEqual([
      'webgpu: the GPU is gone: unplugged',
      'webgpu: the GPU refused a command: strange',
    ]);
  });
});
