import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { engine, ready, registerBackend, removeBackend, setBackend } from '@tensorflow/tfjs-core';
import { guardHeap, HEAP_LIMIT } from './heap-guard.ts';
import { supplyKernels } from './kernels/supply-kernels.ts';
import { type Heap, NativeEngine } from './native/native-engine.ts';
import { nativeOf, setNative } from './native-of.ts';
import { memoryOf, startWasm } from './start-wasm.ts';
import { withoutNewListeners } from './without-new-listeners.ts';

/** tfjs's own priority of this backend. */
const PRIORITY = 2;

/** How the backend runs. */
export interface LoadedWasm {
  /** Threads that our own kernels use; one where tfjs started the backend, whose memory then is not shared. */
  readonly threads: number;
}

/**
 * Makes tfjs's backend "wasm" the current one, started with shared memory, and completes it: with kernels that train, run
 * on every processor (or as many as PFFNET_NUM_THREADS says) and give the right numbers, and a guard of its heap. A backend
 * that tfjs has started itself is completed where it is.
 * @throws Error if tfjs cannot start it.
 */
export async function loadWasm(): Promise<LoadedWasm> {
  await import('@tensorflow/tfjs-backend-wasm'); // registers its kernels and a backend of its own
  let backend = engine().registry['wasm'] as BackendWasm | undefined;
  if (backend === undefined) {
    const started = await withoutNewListeners(['uncaughtException', 'unhandledRejection'], startWasm);
    backend = started;
    removeBackend('wasm');
    registerBackend('wasm', () => started, PRIORITY);
  }
  if (!(await setBackend('wasm'))) throw new Error('tfjs could not start its backend "wasm"');
  await ready();
  return { threads: (nativeOf(backend) ?? complete(backend)).threads };
}

function complete(backend: BackendWasm): NativeEngine {
  guardHeap(backend, HEAP_LIMIT);
  const native = new NativeEngine(backend.wasm as unknown as Heap, memoryOf(backend));
  setNative(backend, native);
  supplyKernels();
  return native;
}
