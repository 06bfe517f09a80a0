export { heapBytes, HeapLimitError } from './heap-guard.ts';
export { loadWasm, type LoadedWasm } from './load-wasm.ts';
