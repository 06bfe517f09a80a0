import { engine, registerBackend, removeBackend } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { correctKernels } from '../corrections/correct-kernels.ts';
import { equip } from '../wasm/equip.ts';
import { nativeOf } from '../wasm/native-of.ts';
import { memoryOf, startWasm } from '../wasm/start-wasm.ts';
import { activate } from './activate.ts';
import type { Engine } from './engine.ts';
import { withoutNewListeners } from './without-new-listeners.ts';

/** tfjs's own priority of this backend. */
const PRIORITY = 2;

/** WebAssembly: installs with npm alone and runs everywhere. */
export const wasmEngine: Engine = {
  name: 'wasm',
  remedy: 'reinstall this package: its WebAssembly files are missing or unreadable',
  async open() {
    await import('@tensorflow/tfjs-backend-wasm'); // registers its kernels and a backend of its own
    let backend = engine().registry['wasm'] as BackendWasm | undefined;
    if (backend === undefined) {
      const started = await withoutNewListeners(['uncaughtException', 'unhandledRejection'], startWasm);
      backend = started;
      removeBackend('wasm');
      registerBackend('wasm', () => started, PRIORITY);
    }
    await activate('wasm');
    if (nativeOf(backend) === undefined) equip(backend, memoryOf(backend));
    correctKernels('wasm');
    const threads = nativeOf(backend)?.threads ?? 1;
    return { description: `wasm (SIMD, ${threads} ${threads === 1 ? 'thread' : 'threads'})` };
  },
};
