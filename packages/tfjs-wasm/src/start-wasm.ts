import { type WasmInstance, type WasmMemory, WebAssembly } from './web-assembly.ts';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { BackendWasm as Backend } from '@tensorflow/tfjs-backend-wasm';
import { HEAP_LIMIT } from './heap-guard.ts';
import { unsigned } from './assembler/code.ts';

const PAGE = 65536;

/** Where the heap ends, in pages of 64 KiB: the engine cannot grow past it. */
export const HEAP_PAGES = HEAP_LIMIT / PAGE;

/** Emscripten's module, as far as it is used here. */
interface EmscriptenModule {
  cwrap(name: string, result: null | 'number', parameters: readonly 'number'[]): unknown;
  tfjs?: Record<string, unknown>;
}

type EmscriptenFactory = (options: {
  instantiateWasm(imports: object, done: (instance: WasmInstance) => void): object;
}) => Promise<EmscriptenModule>;

const packageName = '@tensorflow/tfjs-backend-wasm';

/**
 * Starts tfjs's SIMD module as tfjs does, except that its memory is shared, so that workers can run our kernels on it,
 * and ends before 4 GiB.
 */
export async function startWasm(): Promise<Backend> {
  const { BackendWasm } = await import('@tensorflow/tfjs-backend-wasm');
  const require = createRequire(import.meta.url);
  const factory = require(`${packageName}/wasm-out/tfjs-backend-wasm.js`) as EmscriptenFactory;
  const bytes = await readFile(require.resolve(`${packageName}/dist/tfjs-backend-wasm-simd.wasm`));
  const compiled = await WebAssembly.compile(withSharedMemory(bytes, HEAP_PAGES));
  const module = await factory({
    instantiateWasm(imports, done) {
      const instance = new WebAssembly.Instance(compiled, imports);
      done(instance);
      return {};
    },
  });
  module.tfjs = {
    init: module.cwrap('init', null, []),
    initWithThreadsCount: module.cwrap('init_with_threads_count', null, ['number']),
    getThreadsCount: module.cwrap('get_threads_count', 'number', []),
    registerTensor: module.cwrap('register_tensor', null, ['number', 'number', 'number']),
    disposeData: module.cwrap('dispose_data', null, ['number']),
    dispose: module.cwrap('dispose', null, []),
  };
  return new BackendWasm(module as unknown as Backend['wasm']);
}

/** The memory that a WASM engine's tensors lie in. */
export const memoryOf = (backend: Backend): WasmMemory =>
  (backend.wasm as unknown as { asm: { memory: WasmMemory } }).asm.memory;

const MEMORY_SECTION = 5;
const HAS_MAXIMUM_AND_SHARED = 0x03;

/** Rewrites the limits of the memory that a module declares: shared, and at most `maximum` pages. */
export function withSharedMemory(module: Uint8Array, maximum: number): Uint8Array {
  let position = 8; // after the magic number and the version
  const readUnsigned = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = module[position++];
      value |= (byte & 0x7f) << shift;
      if ((byte & 0x80) === 0) return value >>> 0;
    }
  };
  while (position < module.length) {
    const start = position;
    const id = module[position++];
    const end = readUnsigned() + position;
    if (id === MEMORY_SECTION) {
      readUnsigned(); // how many memories: one
      readUnsigned(); // flags
      const content = [1, HAS_MAXIMUM_AND_SHARED, ...unsigned(readUnsigned()), ...unsigned(maximum)];
      return Uint8Array.from([...module.subarray(0, start), id, content.length, ...content, ...module.subarray(end)]);
    }
    position = end;
  }
  throw new Error('the WebAssembly module declares no memory');
}
