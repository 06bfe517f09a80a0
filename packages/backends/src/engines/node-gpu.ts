import { activate } from './activate.ts';
import type { Engine } from './engine.ts';
import { importOptional } from './import-optional.ts';

/** TensorFlow's native library with CUDA kernels. */
export const nodeGpuEngine: Engine = {
  name: 'node-gpu',
  remedy:
    'npm install @tensorflow/tfjs-node-gpu (Node < 23, CUDA 11.2, cuDNN 8.1, and open internet for libtensorflow)',
  async open() {
    await importOptional(
      '@tensorflow/tfjs-node-gpu',
      'CUDA 11.2 and cuDNN 8.1, or npm rebuild @tensorflow/tfjs-node-gpu where libtensorflow is missing',
    );
    await activate('tensorflow');
    return { description: 'node-gpu (TensorFlow, CUDA)' };
  },
};
