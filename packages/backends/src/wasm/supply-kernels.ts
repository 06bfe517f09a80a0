import { type KernelConfig, registerKernel, unregisterKernel, getKernel } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { borrowCpuKernels } from './borrow-cpu-kernels.ts';
import { conv2dBackpropFilter } from './conv2d-backprop-filter.ts';
import { conv2dBackpropInput } from './conv2d-backprop-input.ts';

/** Replaces kernels that are slow on WASM and adds those that are missing. */
export function supplyKernels(_wasm: BackendWasm): void {
  const replacements: Record<string, KernelConfig['kernelFunc']> = {
    Conv2DBackpropFilter: conv2dBackpropFilter,
    Conv2DBackpropInput: conv2dBackpropInput,
  };
  for (const [kernelName, kernelFunc] of Object.entries(replacements)) {
    if (getKernel(kernelName, 'wasm')) unregisterKernel(kernelName, 'wasm');
    registerKernel({ kernelName, backendName: 'wasm', kernelFunc });
  }
  borrowCpuKernels();
}
