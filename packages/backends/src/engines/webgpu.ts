import { existsSync } from 'node:fs';
import type * as Webgpu from '@pffnet/tfjs-webgpu';
import { correctKernels } from '../corrections/correct-kernels.ts';
import { type Engine, EngineError } from './engine.ts';
import { importOptional } from './import-optional.ts';

const driver = 'a GPU with its Vulkan, Metal or Direct3D 12 driver';

/** Any vendor's GPU through Dawn, WebGPU outside a browser. */
export const webgpuEngine: Engine = {
  name: 'webgpu',
  remedy: `npm install @pffnet/tfjs-webgpu, and ${driver}`,
  async drawback() {
    if (!mayHaveGpu()) return `no GPU is attached (there is none of ${gpuDevices.join(', ')})`;
    const { findAdapter, isSoftware } = await load();
    const adapter = await findAdapter().catch(explain);
    return isSoftware(adapter) ? `the only adapter is a software rasteriser (${adapter})` : undefined;
  },
  async open() {
    const { loadWebgpu } = await load();
    const { adapter, dispose } = await loadWebgpu().catch(explain);
    correctKernels('webgpu');
    return { description: `webgpu (${adapter})`, dispose };
  },
};

/** Where Linux shows a GPU to programs: kernel drivers in general, NVIDIA's, Windows's around a Linux within it. */
const gpuDevices = ['/dev/dri', '/dev/nvidiactl', '/dev/dxg'];

/** Told at once, where asking Dawn takes a process and whatever drivers are installed. */
const mayHaveGpu = (): boolean => process.platform !== 'linux' || gpuDevices.some((path) => existsSync(path));

const load = async (): Promise<typeof Webgpu> => (await importOptional('@pffnet/tfjs-webgpu')) as typeof Webgpu;

/** Without an adapter, the package is there and a driver is not. */
function explain(error: Error): never {
  throw error.name === 'NoAdapterError' ? new EngineError(error.message, driver, { cause: error }) : error;
}
