import type { EngineKernel } from '@pffnet/structures';
import { getKernel, type KernelConfig, type KernelFunc, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import { batchMatMul } from './batch-mat-mul.ts';
import { borrowCpuKernels, borrowedKernel } from './borrow-cpu-kernels.ts';
import { cast } from './cast.ts';
import { conv2d } from './conv2d.ts';
import { conv2dBackpropFilter } from './conv2d-backprop-filter.ts';
import { conv2dBackpropInput } from './conv2d-backprop-input.ts';
import { maximum, minimum } from './extremum.ts';
import { finiteOrCpu, floatsOrCpu, knownAttributesOrCpu } from './finite-or-cpu.ts';
import { gather } from './gather.ts';
import { groupNormalize, groupNormalizeGrad } from './group-normalize.ts';
import { identity } from './identity.ts';
import { LendingCpu } from './lending-cpu.ts';
import { maxPoolGrad } from './max-pool-grad.ts';
import { reduceNothing } from './reduce-nothing.ts';
import { slice } from './slice.ts';
import { mean, sum } from './sum.ts';
import { sumOfSquares } from './sum-of-squares.ts';
import { tile } from './tile.ts';
import { transpose } from './transpose.ts';
import { unsortedSegmentSum } from './unsorted-segment-sum.ts';

/** Makes a kernel from tfjs's own and the CPU engine's, which it calls for the cases that it does not handle. */
type Replacement = (original: KernelFunc, cpu: KernelFunc) => KernelFunc;

/** The CPU engine's kernel, which is right where tfjs's WASM kernel rounds. */
const fromCpu: Replacement = (_, cpu) => cpu;

/** Kernels of our own, by tfjs's names. */
const replacements: Readonly<Record<string, Replacement>> = {
  Abs: floatsOrCpu,
  Any: reduceNothing(0),
  AvgPool: finiteOrCpu,
  BatchMatMul: batchMatMul,
  Cast: cast,
  ClipByValue: finiteOrCpu,
  Conv2D: (original, cpu) => conv2d(finiteOrCpu(original, cpu)),
  Conv2DBackpropInput: conv2dBackpropInput,
  DepthwiseConv2dNative: finiteOrCpu,
  FusedConv2D: finiteOrCpu,
  FusedDepthwiseConv2D: finiteOrCpu,
  GatherV2: gather,
  Identity: () => identity,
  Log1p: fromCpu, // log(1 + x) there
  Max: reduceNothing(NaN),
  Maximum: (_, cpu) => maximum(cpu),
  MaxPool: finiteOrCpu,
  Mean: () => mean,
  Min: reduceNothing(NaN),
  Minimum: (_, cpu) => minimum(cpu),
  Neg: floatsOrCpu,
  OneHot: fromCpu, // writes integers whatever the type there
  PadV2: knownAttributesOrCpu,
  Prelu: finiteOrCpu,
  Prod: reduceNothing(1),
  Relu6: finiteOrCpu,
  Selu: fromCpu, // exp(x) - 1 there
  Sign: fromCpu, // 0 for everything below 1e-7 there
  Sin: fromCpu, // off by 2e-7 near 0 there
  Slice: slice,
  Sum: () => sum,
  Tile: () => tile,
  Transpose: transpose,
  _FusedMatMul: finiteOrCpu,
};

/** Kernels that tfjs's WASM engine lacks, or whose own version is wrong or slower. */
const additions: Readonly<
  Partial<Record<EngineKernel | 'Conv2DBackpropFilter' | 'MaxPoolGrad' | 'UnsortedSegmentSum', KernelFunc>>
> = {
  Conv2DBackpropFilter: conv2dBackpropFilter,
  GroupNormalize: groupNormalize,
  GroupNormalizeGrad: groupNormalizeGrad,
  MaxPoolGrad: maxPoolGrad,
  SumOfSquares: sumOfSquares,
  UnsortedSegmentSum: unsortedSegmentSum,
};

let supplied = false;

/** Replaces the kernels that are slow or wrong on WASM and adds those that are missing. */
export function supplyKernels(): void {
  if (supplied) return;
  supplied = true;
  const cpu = new LendingCpu();
  for (const [kernelName, replace] of Object.entries(replacements)) {
    const original = getKernel(kernelName, 'wasm');
    unregisterKernel(kernelName, 'wasm');
    registerKernel({ ...original, kernelFunc: replace(original.kernelFunc, borrowedKernel(kernelName, cpu)) });
  }
  for (const [kernelName, kernelFunc] of Object.entries(additions)) {
    if (getKernel(kernelName, 'wasm') as KernelConfig | undefined) unregisterKernel(kernelName, 'wasm');
    registerKernel({ kernelName, backendName: 'wasm', kernelFunc });
  }
  borrowCpuKernels(cpu);
}
