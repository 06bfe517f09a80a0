import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { NativeEngine } from './native/native-engine.ts';

const engines = new WeakMap<BackendWasm, NativeEngine>();

/** The engine of our own kernels on this backend's heap, if it has one. */
export const nativeOf = (backend: BackendWasm): NativeEngine | undefined => engines.get(backend);

export const setNative = (backend: BackendWasm, native: NativeEngine): void => void engines.set(backend, native);

/** The engine of our own kernels on this backend's heap. @throws Error if it has none. */
export function requireNative(backend: BackendWasm): NativeEngine {
  const native = engines.get(backend);
  if (native === undefined) throw new Error('wasm: this engine was not loaded by loadWasm');
  return native;
}
