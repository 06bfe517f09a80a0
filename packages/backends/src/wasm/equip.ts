import type { WasmMemory } from './web-assembly.ts';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { guardHeap, HEAP_LIMIT } from './heap-guard.ts';
import { type Heap, NativeEngine } from './native/native-engine.ts';
import { setNative } from './native-of.ts';
import { supplyKernels } from './supply-kernels.ts';

/** Makes tfjs's WASM engine able to train, fast, and safe to fill. */
export function equip(backend: BackendWasm, memory: WasmMemory): void {
  guardHeap(backend, HEAP_LIMIT);
  setNative(backend, new NativeEngine(backend.wasm as unknown as Heap, memory));
  supplyKernels();
}
