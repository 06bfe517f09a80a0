import { getKernel, type KernelConfig, type KernelFunc, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import { batchMatMul } from './batch-mat-mul.ts';
import { borrowCpuKernels } from './borrow-cpu-kernels.ts';
import { conv2d } from './conv2d.ts';
import { conv2dBackpropFilter } from './conv2d-backprop-filter.ts';
import { conv2dBackpropInput } from './conv2d-backprop-input.ts';
import { maximum, minimum } from './extremum.ts';
import { gather } from './gather.ts';
import { groupNormalize, groupNormalizeGrad } from './group-normalize.ts';
import { identity } from './identity.ts';
import { maxPoolGrad } from './max-pool-grad.ts';
import { slice } from './slice.ts';
import { sum } from './sum.ts';
import { tile } from './tile.ts';
import { transpose } from './transpose.ts';
import { unsortedSegmentSum } from './unsorted-segment-sum.ts';

/** Makes a kernel, given tfjs's own for the cases that it leaves to it. */
type Replacement = (original: KernelFunc) => KernelFunc;

/** Kernels of our own, by tfjs's names. */
const replacements: Readonly<Record<string, Replacement>> = {
  BatchMatMul: batchMatMul,
  Conv2D: conv2d,
  Conv2DBackpropFilter: () => conv2dBackpropFilter,
  Conv2DBackpropInput: conv2dBackpropInput,
  GatherV2: gather,
  GroupNormalize: () => groupNormalize,
  GroupNormalizeGrad: () => groupNormalizeGrad,
  Identity: () => identity,
  Maximum: maximum,
  MaxPoolGrad: () => maxPoolGrad,
  Minimum: minimum,
  Slice: slice,
  Sum: sum,
  Tile: () => tile,
  Transpose: transpose,
  UnsortedSegmentSum: () => unsortedSegmentSum,
};

let supplied = false;

/** Replaces the kernels that are slow on WASM and adds those that are missing. */
export function supplyKernels(): void {
  if (supplied) return;
  supplied = true;
  for (const [kernelName, replace] of Object.entries(replacements)) {
    const original = getKernel(kernelName, 'wasm') as KernelConfig | undefined;
    if (original) unregisterKernel(kernelName, 'wasm');
    registerKernel({
      ...original,
      kernelName,
      backendName: 'wasm',
      kernelFunc: replace(original?.kernelFunc ?? missing),
    });
  }
  borrowCpuKernels();
}

const missing: KernelFunc = ({ backend }) => {
  throw new Error(`wasm: this kernel does not exist on ${String(backend)}`);
};
