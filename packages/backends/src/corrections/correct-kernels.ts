import { getKernel, type KernelFunc, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import { all } from './all.ts';
import { resizeBilinearGrad, resizeNearestNeighborGrad } from './resize-gradients.ts';
import { topK } from './top-k.ts';

/** Makes a kernel, given the engine's own. */
type Correction = (original: KernelFunc) => KernelFunc;

const everywhere = { All: all, TopK: topK };
const plainGradients = {
  ResizeBilinearGrad: () => resizeBilinearGrad,
  ResizeNearestNeighborGrad: () => resizeNearestNeighborGrad,
};

/** What tfjs's own code has wrong, by engine and kernel. oneDNN's gradients of resizing are its own, and right. */
const corrections: Readonly<Record<string, Readonly<Record<string, Correction>>>> = {
  cpu: { ...everywhere, ...plainGradients },
  wasm: { ...everywhere, ...plainGradients },
  onednn: everywhere,
  webgpu: { All: all },
};

const corrected = new Set<string>();

/** Replaces the kernels of an engine, once it is loaded, that give wrong results. */
export function correctKernels(backendName: string): void {
  if (corrected.has(backendName)) return;
  corrected.add(backendName);
  for (const [kernelName, correct] of Object.entries(corrections[backendName] ?? {})) {
    const original = getKernel(kernelName, backendName);
    unregisterKernel(kernelName, backendName);
    registerKernel({ ...original, kernelFunc: correct(original.kernelFunc) });
  }
}
