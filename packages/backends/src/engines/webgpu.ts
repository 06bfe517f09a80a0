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

const load = async (): Promise<typeof Webgpu> => (await importOptional('@pffnet/tfjs-webgpu')) as typeof Webgpu;

/** Without an adapter, the package is there and a driver is not. */
function explain(error: Error): never {
  throw error.name === 'NoAdapterError' ? new EngineError(error.message, driver, { cause: error }) : error;
}
