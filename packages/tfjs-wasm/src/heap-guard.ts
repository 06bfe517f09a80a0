import { backend as currentBackend, getBackend } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/** Bytes of WASM heap that may be used. The heap ends at 4 GiB, and past its end the module writes without an error. */
export const HEAP_LIMIT = 3.5 * 2 ** 30;

/** The WASM heap has no room for a tensor. Nothing was changed. */
export class HeapLimitError extends Error {
  override readonly name = 'HeapLimitError';
}

interface Ledger {
  readonly limit: number;
  used: number;
}

const ledgers = new WeakMap<BackendWasm, Ledger>();

/** Bytes of WASM heap in use by tensors, and allowed; null on another engine. */
export function heapBytes(): { used: number; limit: number } | null {
  if (getBackend() !== 'wasm') return null;
  const ledger = ledgers.get(currentBackend() as BackendWasm);
  return ledger === undefined ? null : { used: ledger.used, limit: ledger.limit };
}

/** What the guard needs of the module. */
interface Heap {
  _malloc(bytes: number): number;
  _free(offset: number): void;
}

/**
 * Counts what tfjs and our kernels allocate on the heap, and refuses what would pass the limit before it is allocated.
 * @param limit - bytes.
 */
export function guardHeap(backend: BackendWasm, limit: number): void {
  const heap = backend.wasm as unknown as Heap;
  heap._free(heap._malloc(1)); // Emscripten replaces both by the exported functions in their first call
  const malloc = heap._malloc.bind(heap);
  const free = heap._free.bind(heap);
  const sizes = new Map<number, number>();
  const ledger: Ledger = { limit, used: 0 };
  ledgers.set(backend, ledger);

  heap._malloc = (bytes) => {
    if (ledger.used + bytes > limit) throw refusal(bytes, ledger);
    const offset = malloc(bytes) >>> 0;
    if (offset === 0) throw refusal(bytes, ledger, ', the rest in pieces that are too small');
    sizes.set(offset, bytes);
    ledger.used += bytes;
    return offset;
  };
  heap._free = (offset) => {
    ledger.used -= sizes.get(offset) ?? 0;
    sizes.delete(offset);
    free(offset);
  };
}

const grouped = (bytes: number): string => bytes.toLocaleString('en');

const refusal = (bytes: number, { used, limit }: Ledger, pieces = ''): HeapLimitError =>
  new HeapLimitError(
    `wasm: expected room for ${grouped(bytes)} bytes more, but ${grouped(used)} of at most ${grouped(limit)} bytes are ` +
      `in use${pieces}; take smaller images or fewer at once, a smaller network, or another backend`,
  );
