import { engine, fill, type KernelBackend, neg, tidy } from '@tensorflow/tfjs-core';

/** More values than an engine keeps on the CPU as a small tensor. */
const VALUES = 4096;

const known = new WeakMap<KernelBackend, boolean>();

/**
 * Whether the engine gives the values of a tensor at once. WebGPU in Node does so only for tensors that never reached
 * the GPU; computed ones can only be awaited. Tried once per engine.
 */
export function readsSynchronously(): boolean {
  const { backend } = engine();
  let reads = known.get(backend);
  if (reads === undefined) {
    reads = tidy(() => {
      const computed = neg(fill([VALUES], 1));
      try {
        return computed.dataSync().length === VALUES;
      } catch {
        return false;
      }
    });
    known.set(backend, reads);
  }
  return reads;
}
