import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { Addon } from '../addon.ts';
import type { OnednnBackend } from '../onednn-backend.ts';
import {
  areFloats,
  type EngineKernelsHere,
  type NativeKernel,
  type NativeKernels,
  reshaped,
  sizeOf,
} from './kernel.ts';
import { transposed } from './layout.ts';

/** The sum of squares, which tfjs does not have: {@link EngineKernels} says what goes in and comes out. */
export const sumOfSquaresKernels: EngineKernelsHere = { SumOfSquares: sumOfSquares };

/** Sums, means, extremes and products over axes; softmax. */
export function reductionKernels(addon: Addon): NativeKernels {
  const kernels: Record<string, NativeKernel> = { Softmax: softmax };
  for (const [name, operation] of Object.entries(addon.reductions)) kernels[name] = reduction(operation);
  return kernels;
}

function reduction(operation: number): NativeKernel {
  return ({ inputs: { x }, attrs, backend }) => {
    if (!areFloats(x) || sizeOf(x) === 0) return undefined;
    const axes = util.parseAxisParam((attrs['axis'] ?? attrs['reductionIndices']) as number | number[], x.shape);
    const reduced = new Set(axes);
    const keepDims = attrs['keepDims'] === true;
    const shape = keepDims
      ? x.shape.map((size, axis) => (reduced.has(axis) ? 1 : size))
      : x.shape.filter((_, axis) => !reduced.has(axis));
    return reduce(x, reduced, shape, operation, backend);
  };
}

function reduce(
  x: TensorInfo,
  reduced: ReadonlySet<number>,
  shape: readonly number[],
  operation: number,
  backend: OnednnBackend,
): TensorInfo {
  const runs = runsOf(x.shape, reduced);
  const first = runs.findIndex((run) => run.reduced);
  if (first === -1) return reshaped(x, shape, backend); // only axes of size 1
  if (runs.length - first > 2 || first > 1) {
    const order = [...x.shape.keys()];
    const perm = [...order.filter((axis) => !reduced.has(axis)), ...order.filter((axis) => reduced.has(axis))];
    const turned = transposed(x, perm, backend);
    const last = new Set(order.slice(order.length - reduced.size));
    const result = reduce(turned, last, shape, operation, backend);
    backend.disposeIntermediateTensorInfo(turned);
    return result;
  }
  const { info, values } = backend.output(shape, 'float32');
  const outer = first === 1 ? runs[0].size : 1;
  const inner = first + 1 < runs.length ? runs[first + 1].size : 1;
  backend.addon.reduce(operation, backend.floats(x), values, outer, runs[first].size, inner);
  return info;
}

/** Neighbouring axes that are reduced, or kept, as one; axes of size 1 left out. */
function runsOf(shape: readonly number[], reduced: ReadonlySet<number>): { reduced: boolean; size: number }[] {
  const runs: { reduced: boolean; size: number }[] = [];
  shape.forEach((size, axis) => {
    if (size === 1) return;
    const last = runs.at(-1);
    if (last?.reduced === reduced.has(axis)) last.size *= size;
    else runs.push({ reduced: reduced.has(axis), size });
  });
  return runs;
}

function softmax({ inputs: { logits }, attrs, backend }: Parameters<NativeKernel>[0]): TensorInfo | undefined {
  const rank = logits.shape.length;
  const dim = attrs['dim'] as number;
  if (!areFloats(logits) || sizeOf(logits) === 0 || (dim !== -1 && dim !== rank - 1)) return undefined;
  const columns = rank === 0 ? 1 : logits.shape[rank - 1];
  const { info, values } = backend.output(logits.shape, 'float32');
  backend.addon.softmax(backend.floats(logits), values, values.length / columns, columns);
  return info;
}

function sumOfSquares({ inputs, backend }: Parameters<NativeKernel>[0]): TensorInfo | undefined {
  const terms = Object.values(inputs);
  if (!areFloats(...terms)) return undefined;
  const { info, values } = backend.output([], 'float32');
  values[0] = backend.addon.sumOfSquares(terms.map((term) => backend.floats(term)));
  return info;
}
