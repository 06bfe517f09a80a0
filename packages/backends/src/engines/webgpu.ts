import type * as Webgpu from '@pffnet/tfjs-webgpu';
import { correctKernels } from '../corrections/correct-kernels.ts';
import { type Engine, EngineError } from './engine.ts';
import { importOptional } from './import-optional.ts';

const driver = 'a GPU with its Vulkan, Metal or Direct3D 12 driver';

/** Any vendor's GPU through Dawn, WebGPU outside a browser. */
export const webgpuEngine: Engine = {
  name: 'webgpu',
  remedy: `npm install @pffnet/tfjs-webgpu, and ${driver}`,
  async open() {
    const { loadWebgpu } = (await importOptional('@pffnet/tfjs-webgpu')) as typeof Webgpu;
    const { adapter, software, dispose } = await loadWebgpu().catch((error: Error) => {
      throw error.name === 'NoAdapterError' ? new EngineError(error.message, driver, { cause: error }) : error;
    });
    correctKernels('webgpu');
    const drawback = software ? { drawback: 'the only adapter is a software rasteriser' } : {};
    return { description: `webgpu (${adapter})`, dispose, ...drawback };
  },
};
