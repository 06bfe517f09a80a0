import type { EngineKernel, EngineKernelAttributes, EngineKernels } from '@pffnet/structures';
import {
  engine,
  getBackend,
  getKernel,
  type NamedAttrMap,
  type NamedTensorMap,
  type Tensor,
} from '@tensorflow/tfjs-core';

/** Whether the engine in use has registered this kernel, which is not one of TensorFlow.js's. */
export const hasEngineKernel = (kernel: EngineKernel): boolean =>
  (getKernel(kernel, getBackend()) as unknown) !== undefined;

/**
 * Runs a kernel that the engine in use has ({@link hasEngineKernel}).
 * @param inputs - borrowed.
 * @returns its outputs, in the order of its declaration.
 * @throws Error if the engine has none.
 */
export function runEngineKernel<Kernel extends EngineKernel>(
  kernel: Kernel,
  inputs: Readonly<Record<EngineKernels[Kernel]['input'], Tensor>>,
  attributes: EngineKernelAttributes<Kernel>,
): Tensor[] {
  const outputs: Tensor | Tensor[] = engine().runKernel(
    kernel,
    inputs as NamedTensorMap,
    { ...attributes } as unknown as NamedAttrMap,
  );
  return Array.isArray(outputs) ? outputs : [outputs];
}
