import '@tensorflow/tfjs-backend-cpu';
import { getKernelsForBackend, registerBackend, registerKernel } from '@tensorflow/tfjs-core';
import type { Addon } from './addon.ts';
import { convolutionKernels } from './kernels/convolutions.ts';
import { elementWiseKernels } from './kernels/element-wise.ts';
import { borrowed, withFallback } from './kernels/kernel.ts';
import { groupNormKernels } from './kernels/group-normalize.ts';
import { layoutKernels } from './kernels/layout.ts';
import { productKernels } from './kernels/products.ts';
import { reductionKernels, sumOfSquaresKernels } from './kernels/reductions.ts';
import { roiAlignKernels } from './kernels/roi-align.ts';
import { sgdKernels } from './kernels/sgd.ts';
import { windowKernels } from './kernels/windows.ts';
import { OnednnBackend } from './onednn-backend.ts';

/** The backend's name in tfjs. */
export const BACKEND_NAME = 'onednn';
/** Above WASM (2), so that tfjs prefers it. */
const PRIORITY = 4;

/** Makes the backend known to tfjs, with native kernels where there are some and the CPU backend's for all others. */
export function register(addon: Addon): void {
  const native = {
    ...convolutionKernels,
    ...elementWiseKernels(addon),
    ...groupNormKernels,
    ...layoutKernels,
    ...productKernels,
    ...reductionKernels(addon),
    ...roiAlignKernels,
    ...sgdKernels,
    ...sumOfSquaresKernels,
    ...windowKernels,
  };
  for (const config of getKernelsForBackend('cpu')) {
    if (config.kernelName in native) continue;
    registerKernel({ ...config, backendName: BACKEND_NAME, kernelFunc: borrowed(config.kernelFunc) });
  }
  for (const [kernelName, kernel] of Object.entries(native)) {
    registerKernel({ kernelName, backendName: BACKEND_NAME, kernelFunc: withFallback(kernelName, kernel) });
  }
  registerBackend(BACKEND_NAME, () => new OnednnBackend(addon), PRIORITY);
}
