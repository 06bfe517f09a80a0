import { dispose, memory, type TensorContainer } from '@tensorflow/tfjs-core';

/**
 * Counts the tensors that a call leaves behind, its result included. The function runs once beforehand, so that what an
 * engine keeps from a first call is not counted.
 */
export function newTensors(run: () => TensorContainer): number {
  dispose(run());
  const before = memory().numTensors;
  const result = run();
  const count = memory().numTensors - before;
  dispose(result);
  return count;
}
