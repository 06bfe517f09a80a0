import { backend as currentBackend, getBackend } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/** Bytes of WASM heap that may be used. The heap ends at 4 GiB, and past its end the module writes without an error. */
export const HEAP_LIMIT = 3.5 * 2 ** 30;

/** The WASM heap has no room for a tensor. */
export class HeapLimitError extends Error {
  override readonly name = 'HeapLimitError';
}

interface Ledger {
  readonly limit: number;
  used: number;
}

const ledgers = new WeakMap<BackendWasm, Ledger>();

/** Bytes of WASM heap in use and allowed; null on another engine. */
export function heapBytes(): { used: number; limit: number } | null {
  if (getBackend() !== 'wasm') return null;
  const ledger = ledgers.get(currentBackend() as BackendWasm);
  return ledger ? { used: ledger.used, limit: ledger.limit } : null;
}

/** What the guard needs of the module. */
interface Heap {
  _malloc(bytes: number): number;
  _free(offset: number): void;
}

/**
 * Counts what tfjs allocates on the module's heap, and refuses what would pass the limit.
 * @param limit - bytes.
 */
export function guardHeap(wasm: BackendWasm, limit: number): void {
  const heap = wasm.wasm as unknown as Heap;
  const malloc = heap._malloc.bind(heap);
  const free = heap._free.bind(heap);
  const sizes = new Map<number, number>();
  const ledger: Ledger = { limit, used: 0 };
  ledgers.set(wasm, ledger);

  heap._malloc = (bytes) => {
    if (ledger.used + bytes > limit) throw new HeapLimitError(refusal(bytes, ledger));
    const offset = malloc(bytes) >>> 0;
    if (offset === 0 && bytes > 0) throw new HeapLimitError(refusal(bytes, ledger));
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

const refusal = (bytes: number, { used, limit }: Ledger): string =>
  `wasm: expected room for ${bytes.toLocaleString('en')} bytes more, but ${used.toLocaleString('en')} of at most ` +
  `${limit.toLocaleString('en')} bytes are in use; take a smaller preset, image or number of RoIs, or another backend`;
