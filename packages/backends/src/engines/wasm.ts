import { correctKernels } from '../corrections/correct-kernels.ts';
import type { Engine } from './engine.ts';

/** WebAssembly: installs with npm alone and runs everywhere. */
export const wasmEngine: Engine = {
  name: 'wasm',
  remedy: 'reinstall this package: its WebAssembly files are missing or unreadable',
  async open() {
    const { loadWasm } = await import('@pffnet/tfjs-wasm');
    const { threads } = await loadWasm();
    correctKernels('wasm');
    return { description: `wasm (SIMD, ${threads} ${threads === 1 ? 'thread' : 'threads'})` };
  },
};
