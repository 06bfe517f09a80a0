import { ready, setBackend } from '@tensorflow/tfjs-core';
import type { Engine } from './engine.ts';
import { importOptional } from './import-optional.ts';

/** TensorFlow's native library with CUDA kernels. */
export const nodeGpuEngine: Engine = {
  name: 'node-gpu',
  remedy:
    'npm install @tensorflow/tfjs-node-gpu (Node < 23, CUDA 11.2, cuDNN 8.1, and an open network for libtensorflow)',
  async open() {
    await importOptional('@tensorflow/tfjs-node-gpu');
    if (!(await setBackend('tensorflow'))) throw new Error('TensorFlow did not start');
    await ready();
    return 'node-gpu (TensorFlow, CUDA)';
  },
};
