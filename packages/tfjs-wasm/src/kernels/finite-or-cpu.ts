import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { type KernelFunc, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { addressOf } from './convolution.ts';
import { requireNative } from '../native-of.ts';
import { sumRows } from './sum-rows.ts';

/**
 * Makes a kernel that leaves finite float32 to tfjs's, which is XNNPACK's and ends in a clamp that turns NaN into the
 * lower bound, and everything else to the CPU engine's.
 */
export const finiteOrCpu =
  (original: KernelFunc, cpu: KernelFunc): KernelFunc =>
  (call) => {
    const inputs = Object.values(call.inputs).flat() as (TensorInfo | undefined)[];
    const backend = call.backend as BackendWasm;
    const finite = inputs.every((input) => input === undefined || isFinite(backend, input));
    return finite && !hasNan(call.attrs) ? original(call) : cpu(call);
  };

/**
 * Makes a kernel that leaves attributes of NaN to the CPU engine's. XNNPACK's operators are kept by their attributes, and
 * NaN, which equals nothing, is taken for any.
 */
export const knownAttributesOrCpu =
  (original: KernelFunc, cpu: KernelFunc): KernelFunc =>
  (call) =>
    hasNan(call.attrs) ? cpu(call) : original(call);

const hasNan = (attributes: KernelParameters['attrs']): boolean => Object.values(attributes ?? {}).some(Number.isNaN);

/** What tfjs hands to a kernel. */
type KernelParameters = Parameters<KernelFunc>[0];

/** Makes a kernel that leaves float32 to tfjs's, and integers, which it would round to float32, to the CPU engine's. */
export const floatsOrCpu =
  (original: KernelFunc, cpu: KernelFunc): KernelFunc =>
  (call) =>
    (Object.values(call.inputs) as TensorInfo[]).every(({ dtype }) => dtype === 'float32') ? original(call) : cpu(call);

/** Whether all numbers are finite float32: only then is their sum in double precision. */
function isFinite(backend: BackendWasm, input: TensorInfo): boolean {
  if (input.dtype !== 'float32') return false;
  const numbers = { source: addressOf(backend, input), rows: 1, count: util.sizeFromShape(input.shape) };
  return Number.isFinite(sumRows(requireNative(backend), numbers)[0]);
}
