import { tmpdir } from 'node:os';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { engine, env, ready, registerBackend, removeBackend, setBackend } from '@tensorflow/tfjs-core';
import { DeviceWatch } from './device-watch.ts';
import { findAdapter, isSoftware } from './find-adapter.ts';
import { guardDevice } from './guard-device.ts';
import { supplyKernels } from './kernels/supply-kernels.ts';
import type { Dawn, Gpu, GpuAdapter, GpuDevice, GpuLimits } from './web-gpu.ts';

/** tfjs's own priority of this backend. */
const PRIORITY = 3;

/** How the backend runs. */
export interface LoadedWebgpu {
  /** The adapter's names. */
  readonly adapter: string;
  /** Whether a processor pretends to be a GPU: right, and very slow. */
  readonly software: boolean;
  /** Lets the process end, once everybody who has loaded the backend has disposed of it; tensors on it are lost then. */
  dispose(): void;
}

/** Dawn: while it can be reached, the process does not end by itself, and without it no number is ever read again. */
let gpu: Gpu | undefined;

/** Who has loaded the backend and not disposed of it. */
const users = new Set<object>();

/** The backend that was started last, and what its device refused. */
let current: { readonly backend: WebGPUBackend; readonly watch: DeviceWatch } | undefined;

/**
 * Makes tfjs's backend "webgpu" the current one on Dawn, with every limit that the adapter has, and completes it: with
 * kernels that train and give the right numbers, and with an end at the first error of the device. A backend whose device
 * failed is started anew; tensors on it are lost. Everything runs on the adapter, small tensors too, which tfjs by itself
 * leaves to the processor.
 * @throws NoAdapterError if there is no GPU that Dawn can use.
 */
export async function loadWebgpu(): Promise<LoadedWebgpu> {
  const adapter = await findAdapter();
  const { create, globals } = (await import('webgpu')) as unknown as Dawn;
  Object.assign(globalThis, globals);
  gpu ??= create([]);
  Object.defineProperty(globalThis, 'navigator', {
    value: { ...globalThis.navigator, gpu },
    configurable: true,
    writable: true,
  });
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu'); // reads the globals while it loads
  env().set('WEBGPU_CPU_FORWARD', false);
  if (current === undefined || current.watch.failure || engine().registry['webgpu'] !== current.backend) {
    const { device, info } = await startDevice(gpu);
    const backend = new WebGPUBackend(device as never, info as never);
    current = { backend, watch: new DeviceWatch(device) };
    guardDevice(backend, current.watch);
    supplyKernels();
    removeBackend('webgpu');
    registerBackend('webgpu', () => backend, PRIORITY);
  }
  if (!(await setBackend('webgpu'))) throw new Error('tfjs could not start its backend "webgpu"');
  await ready();
  const user = {};
  users.add(user);
  return { adapter, software: isSoftware(adapter), dispose: () => letGo(user) };
}

/** The last one frees the device; the next caller gets a new one. */
function letGo(user: object): void {
  if (!users.delete(user) || users.size > 0) return;
  gpu = undefined;
  current = undefined;
  Object.assign(globalThis.navigator, { gpu });
}

/** A device with all that the adapter can do, which otherwise has WebGPU's least: eight storage buffers to a kernel. */
async function startDevice(gpu: Gpu): Promise<{ device: GpuDevice; info: GpuAdapter['info'] }> {
  const adapter = await quietly(() => gpu.requestAdapter({ powerPreference: 'high-performance' }));
  if (!adapter) throw new Error('webgpu: the GPU adapter that was found is gone');
  const { limits, features, info } = adapter;
  const requiredFeatures = ['timestamp-query'].filter((name) => features.has(name));
  return { device: await adapter.requestDevice({ requiredFeatures, requiredLimits: allOf(limits) }), info };
}

/** Where nobody is logged in, Vulkan's layers ask for a screen in vain and write that to standard error, unless this is set. */
async function quietly<Result>(work: () => Promise<Result>): Promise<Result> {
  if (process.env['XDG_RUNTIME_DIR'] !== undefined) return work();
  process.env['XDG_RUNTIME_DIR'] = tmpdir();
  try {
    return await work();
  } finally {
    delete process.env['XDG_RUNTIME_DIR'];
  }
}

/** A limit is a getter of its class, which a copy of the object would lack. */
function allOf(limits: GpuLimits): GpuLimits {
  const all: Record<string, number> = {};
  for (const name in limits) {
    const limit = limits[name];
    if (typeof limit === 'number') all[name] = limit;
  }
  return all;
}
