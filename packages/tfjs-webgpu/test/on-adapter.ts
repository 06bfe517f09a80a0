import { describe } from '@jest/globals';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers'; // registers the gradients of tfjs's ops
import { enableProdMode } from '@tensorflow/tfjs-core';
import { expectSameOn } from '@pffnet/tensor-ops/testing';
import { loadWebgpu } from '../src/load-webgpu.ts';

enableProdMode(); // no advertisement for tfjs-node

/** Why WebGPU cannot be tested here, or the backend that was loaded. */
const loaded = await loadWebgpu().catch((error: unknown) => (error as Error).message);

/** Describes what needs an adapter: a GPU, or SwiftShader (`node tools/setup-software-gpu.mjs`). */
export function describeOnAdapter(name: string, tests: () => void): void {
  if (typeof loaded === 'string') {
    describe.skip(`${name} (skipped: ${loaded})`, tests);
    return;
  }
  describe(name, tests);
}

type Arguments<F> = F extends (engine: string, ...rest: infer Rest) => unknown ? Rest : never;

/** Expects the GPU to compute what the CPU engine computes. */
export const expectSameOnGpu = (...rest: Arguments<typeof expectSameOn>): Promise<void> =>
  expectSameOn('webgpu', ...rest);
