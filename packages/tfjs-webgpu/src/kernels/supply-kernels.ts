import type { EngineKernel } from '@pffnet/structures';
import { getKernel, type KernelFunc, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import { conv2dBackpropFilter, conv2dBackpropInput } from './convolution-gradients.ts';
import { addN, exp, log1p, logarithm, sigmoid, softmax } from './element-wise.ts';
import { fusedGroupNormalize, fusedGroupNormalizeGrad, groupNormalize, groupNormalizeGrad } from './group-normalize.ts';
import { maxPoolGrad } from './max-pool-grad.ts';
import { batchMatMul, conv2d } from './products-of-nothing.ts';
import { mean, reduceNothing, sum, sumOfSquares } from './reductions.ts';
import { roiAlign, roiAlignGrad } from './roi-align.ts';
import { sgdUpdate } from './sgd.ts';

/** Makes a kernel, given tfjs's own for the cases that it leaves to it. */
type Replacement = (original: KernelFunc) => KernelFunc;

/** Kernels of our own, by tfjs's names. */
const replacements: Readonly<Record<string, Replacement>> = {
  AddN: addN,
  Any: reduceNothing(0),
  BatchMatMul: batchMatMul,
  Conv2D: conv2d,
  Conv2DBackpropFilter: conv2dBackpropFilter,
  Conv2DBackpropInput: conv2dBackpropInput,
  Exp: exp,
  Log: logarithm,
  Log1p: log1p,
  Max: reduceNothing(NaN),
  MaxPoolGrad: () => maxPoolGrad,
  Mean: mean,
  Min: reduceNothing(NaN),
  Prod: reduceNothing(1),
  Sigmoid: sigmoid,
  Softmax: () => softmax,
  Sum: sum,
};

/** Kernels that tfjs does not have. */
const additions: Readonly<Record<EngineKernel, KernelFunc>> = {
  FusedGroupNormalize: fusedGroupNormalize,
  FusedGroupNormalizeGrad: fusedGroupNormalizeGrad,
  GroupNormalize: groupNormalize,
  GroupNormalizeGrad: groupNormalizeGrad,
  RoiAlign: roiAlign,
  RoiAlignGrad: roiAlignGrad,
  SgdUpdate: sgdUpdate,
  SumOfSquares: sumOfSquares,
};

let supplied = false;

/** Replaces the kernels that are slow or wrong on WebGPU and adds those that are missing. */
export function supplyKernels(): void {
  if (supplied) return;
  supplied = true;
  for (const [kernelName, replace] of Object.entries(replacements)) {
    const original = getKernel(kernelName, 'webgpu');
    unregisterKernel(kernelName, 'webgpu');
    registerKernel({ ...original, kernelFunc: replace(original.kernelFunc) });
  }
  for (const [kernelName, kernelFunc] of Object.entries(additions)) {
    registerKernel({ kernelName, backendName: 'webgpu', kernelFunc });
  }
}
