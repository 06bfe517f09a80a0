import { backend, env, ready, setBackend } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { guardHeap, HEAP_LIMIT } from '../wasm/heap-guard.ts';
import { supplyKernels } from '../wasm/supply-kernels.ts';
import type { Engine } from './engine.ts';
import { withoutNewListeners } from './without-new-listeners.ts';

const equipped = new WeakSet<BackendWasm>();

/** WebAssembly: installs with npm alone and runs everywhere. */
export const wasmEngine: Engine = {
  name: 'wasm',
  remedy: 'reinstall this package: its WebAssembly files are missing or unreadable',
  async open() {
    const loaded = await withoutNewListeners(['uncaughtException', 'unhandledRejection'], async () => {
      await import('@tensorflow/tfjs-backend-wasm');
      const set = await setBackend('wasm');
      await ready();
      return set;
    });
    if (!loaded) throw new Error('the WebAssembly module did not start');
    const wasm = backend() as BackendWasm;
    if (!equipped.has(wasm)) {
      guardHeap(wasm, HEAP_LIMIT);
      supplyKernels(wasm);
      equipped.add(wasm);
    }
    return `wasm (${(await env().getAsync('WASM_HAS_SIMD_SUPPORT')) ? 'SIMD' : 'no SIMD'}, 1 thread)`;
  },
};
